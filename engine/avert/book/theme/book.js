// What a reader gains by touching: menu, filters, the budget slider, the pathway graph.  Nothing here is needed to read.
(() => {
  "use strict";
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const pound = (value) => value >= 999500 ? "£" + (value / 1e6).toLocaleString("en-GB", { maximumFractionDigits: 2 }) + " million"
    : "£" + Math.round(value).toLocaleString("en-GB");
  const count = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 1 });

  // The menu of a small screen
  all(".menu .fold").forEach((button) => button.addEventListener("click", () => {
    const open = button.parentElement.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  }));

  // Numbers behind charts are open on paper
  addEventListener("beforeprint", () => all("details.behind").forEach((one) => { one.dataset.was = one.open; one.open = true; }));
  addEventListener("afterprint", () => all("details.behind").forEach((one) => { one.open = one.dataset.was === "true"; }));

  // Filters over a table: words, and choices by column
  all("form.filters").forEach((form) => {
    const rows = all("tbody tr", document.getElementById(form.dataset.table)), said = form.querySelector("[role=status]");
    const show = () => {
      const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = all("select", form).filter((one) => one.value);
      let shown = 0;
      rows.forEach((row) => {
        const text = (row.textContent + " " + (row.dataset.words || "")).toLowerCase();
        const fits = words.every((word) => text.includes(word)) &&
          chosen.every((one) => (" " + row.dataset[one.name] + " ").includes(" " + one.value + " "));
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      said.textContent = `${shown} of ${rows.length} shown`;
    };
    form.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
  });

  // What each budget buys: between certified plans lies a mix of the two
  all(".frontier").forEach((part) => {
    const data = JSON.parse(part.querySelector("script[type='application/json']").textContent);
    const slider = part.querySelector("input[type=range]"), box = part.querySelector("input[type=number]"), said = part.querySelector("[role=status]");
    const budgets = data.budget, last = budgets.length - 1;
    let pause = 0;
    function at(budget) {
      let right = 1;
      while (right < last && budgets[right] < budget) right += 1;
      const left = right - 1, share = (budget - budgets[left]) / (budgets[right] - budgets[left]);
      const mix = (values) => data.steps ? values[share >= 1 ? right : left] : values[left] + share * (values[right] - values[left]);
      const high = data.steps ? data.bound[share > 0 ? right : left] : Math.min(...budgets.map((one, n) => data.bound[n] + data.slope[n] * (budget - one)));
      return { low: mix(data.worth), high, mix };
    }
    function show(budget, tell) {
      const { low, high, mix } = at(budget);
      slider.value = budget;
      slider.setAttribute("aria-valuetext", `${pound(budget)}: ${count(low)} ${data.unit}`);
      if (document.activeElement !== box) box.value = Math.round(budget);
      all(".marker", part).forEach((mark) => {
        const { x0, x1, y0, y1 } = mark.dataset;
        const x = +x0 + (x1 - x0) * (budget / data.most), y = +y0 + (y1 - y0) * (low / data.top);
        mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      });
      data.services.forEach((service, n) => {
        const spend = mix(service.spend), row = part.querySelector(`[data-service="${n}"]`);
        row.querySelector(".spend").textContent = pound(spend);
        row.querySelector(".people").textContent = count(mix(service.people));
        row.querySelector("i").style.width = (100 * spend / data.mostSpend).toFixed(1) + "%";
        row.hidden = spend < 0.5;
      });
      part.dataset.low = low; part.dataset.high = high; part.dataset.budget = budget;
      clearTimeout(pause);
      pause = setTimeout(() => {
        said.textContent = `${pound(budget)}: ` + (data.admissions.length ? `${count(mix(data.admissions))} admissions averted; ` : "") +
          `${count(low)} ${data.unit}` +
          (high - low > 0.005 * Math.abs(high) ? `. No use of it can bring more than ${count(high)}.` : ", the most it can bring.");
      }, tell ? 300 : 0);
    }
    slider.addEventListener("input", () => show(+slider.value, true));
    box.addEventListener("input", () => {
      const asked = +box.value;
      const fits = box.value !== "" && asked >= budgets[0] && asked <= budgets[last];
      box.setAttribute("aria-invalid", String(!fits));
      if (fits) show(asked, true);
      else { clearTimeout(pause); said.textContent = `Please choose between ${pound(budgets[0])} and ${pound(budgets[last])}.`; }
    });
    show(+slider.value, false);
  });

  // Pathways: choose a box, see what leads to it and what follows
  all(".pathway").forEach((part) => {
    const svg = part.querySelector("svg"), said = part.querySelector("[role=status]");
    const edges = all(".edge", svg), boxes = new Map(all(".node", svg).map((box) => [box.dataset.id, box]));
    const reach = (from, start, end) => {
      const seen = new Set([from]), queue = [from];
      while (queue.length) {
        const now = queue.pop();
        edges.forEach((edge) => {
          if (edge.dataset[start] === now && !seen.has(edge.dataset[end])) { seen.add(edge.dataset[end]); queue.push(edge.dataset[end]); }
        });
      }
      seen.delete(from);
      return seen;
    };
    const names = (set) => [...set].map((id) => boxes.get(id).dataset.label).sort().join(", ") || "nothing here";
    function choose(id) {
      const before = reach(id, "to", "from"), after = reach(id, "from", "to");
      svg.classList.add("chosen");
      boxes.forEach((box, name) => { box.classList.toggle("lit", name === id || before.has(name) || after.has(name)); box.setAttribute("aria-pressed", String(name === id)); });
      edges.forEach((edge) => {
        const { from, to } = edge.dataset;
        edge.classList.toggle("lit", (to === id || before.has(to)) && before.has(from) || (from === id || after.has(from)) && after.has(to));
      });
      said.textContent = `${boxes.get(id).dataset.label}. Leads to it: ${names(before)}. Follows from it: ${names(after)}.`;
    }
    function none() {
      svg.classList.remove("chosen");
      boxes.forEach((box) => box.setAttribute("aria-pressed", "false"));
      said.textContent = "Choose a box to see what leads to it and what follows.";
    }
    boxes.forEach((box, id) => {
      box.setAttribute("tabindex", "0"); box.setAttribute("role", "button"); box.setAttribute("aria-label", box.dataset.label); box.setAttribute("aria-pressed", "false");
      const press = () => (box.getAttribute("aria-pressed") === "true" ? none() : choose(id));
      box.addEventListener("click", press);
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(); }
        if (event.key === "Escape") none();
      });
    });
    none();
  });
})();
