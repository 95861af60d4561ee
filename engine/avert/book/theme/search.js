// Looks for words in the index of the book; every word asked for must be there.
(() => {
  "use strict";
  const box = document.getElementById("words"), list = document.getElementById("results"), found = document.getElementById("found");
  const plain = (words) => words.toLowerCase().replace(/[’']/g, "'");
  const pages = (window.BOOK || []).map(([page, title, shown, words]) => ({ page, title, shown, name: plain(title), words: plain(words) }));
  const worth = (one, asked) => asked.every((word) => one.name.includes(word) || one.words.includes(word))
    ? asked.reduce((sum, word) => sum + (one.name.includes(word) ? 10 : 1), one.name === asked.join(" ") ? 100 : 0) : 0;
  function look() {
    const asked = plain(box.value).split(/[\s,;]+/).filter(Boolean);
    const hits = asked.length ? pages.map((one) => [worth(one, asked), one]).filter(([value]) => value)
      .sort((a, b) => b[0] - a[0] || a[1].title.localeCompare(b[1].title, "en-GB")) : [];
    list.replaceChildren(...hits.slice(0, 60).map(([, one]) => {
      const item = document.createElement("li"), link = document.createElement("a"), said = document.createElement("p");
      link.href = one.page + ".html"; link.textContent = one.title; said.textContent = one.shown;
      item.append(link, said);
      return item;
    }));
    found.textContent = !asked.length ? "" : hits.length === 0 ? "Nothing found. Try fewer or shorter words." :
      hits.length === 1 ? "1 page found." : `${hits.length} pages found${hits.length > 60 ? "; the first 60 are shown" : ""}.`;
  }
  box.value = box.value || new URLSearchParams(location.search).get("q") || "";
  document.querySelector("form.search").addEventListener("submit", (event) => { event.preventDefault(); look(); });
  box.addEventListener("input", look);
  look();
})();
