// A chart that the pages were written with: a picture with its description, and what stands on the page for it.
import fs from "node:fs";
import path from "node:path";

const chart = {
  name: "chart",
  arg: { type: String, required: true },
  body: { type: "myst" },
  run(data, file) {
    const place = path.join(path.dirname(file.path), data.arg);
    const made = JSON.parse(fs.readFileSync(place + ".json", "utf8"));
    const caption = { type: "caption", children: data.body ?? [] };
    return [{
      type: "container", kind: "figure", identifier: made.name, label: made.name, data: { chart: made.html },
      children: [{ type: "image", url: data.arg + ".svg", alt: made.alt }, caption],
    }];
  },
};

const piece = {
  name: "piece",
  arg: { type: String, required: true },
  body: { type: "myst" },
  run(data, file) {
    const place = path.join(path.dirname(file.path), data.arg);
    const made = JSON.parse(fs.readFileSync(place + ".json", "utf8"));
    return [{ type: "div", data: { piece: made.html }, children: data.body ?? [] }];
  },
};

// A link out of the book: Jupyter Book would look up every DOI on the network if it knew it as a link.
const away = {
  name: "away",
  body: { type: String, required: true },
  run(data) {
    const [words, address] = JSON.parse(Buffer.from(data.body, "base64url").toString("utf8"));
    return [{ type: "span", data: { away: address }, children: [{ type: "text", value: words }] }];
  },
};

export default { name: "Charts", directives: [chart, piece], roles: [away] };
