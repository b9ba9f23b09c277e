// SPDX-License-Identifier: GPL-2.0-only
"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const form = id("filters");
  const fields = { o: id("outcome"), k: id("kind"), s: id("subsystem"), r: id("rule") };
  const search = id("q"), layout = id("layout"), shown = id("shown");
  const rows = [...document.querySelectorAll("#uses > tr")];
  const passages = [...document.querySelectorAll(".passage")];
  const files = [...document.querySelectorAll(".file")];
  const links = [...document.querySelectorAll(".files li")];
  const texts = new Map();

  const textOf = (element) => {
    let text = texts.get(element);
    if (text === undefined) {
      text = element.textContent.toLowerCase();
      texts.set(element, text);
    }
    return text;
  };

  const fits = (element, words) =>
    Object.entries(fields).every(([name, field]) =>
      !field || !field.value || (element.dataset[name] || "").split(" ").includes(field.value)) &&
    words.every((word) => textOf(element).includes(word));

  const count = (number, all, noun) => `${number} of ${all} ${noun}${all === 1 ? "" : "s"}`;

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(), used = new Set();
    let uses = 0, places = 0;
    for (const row of rows) {
      const fit = fits(row, words);
      row.hidden = !fit;
      uses += fit;
      used.add(row.dataset.p);
      if (fit) wanted.add(row.dataset.p);
    }
    for (const passage of passages) {
      const name = passage.id.slice(1);
      // A passage goes with its uses; one without any speaks for itself.
      const fit = used.has(name) ? wanted.has(name) : fits(passage, words);
      passage.hidden = !fit;
      places += fit;
    }
    let any = false;
    const plain = !words.length && Object.values(fields).every((f) => !f || !f.value);
    files.forEach((file, at) => {
      const fit = plain || [...file.querySelectorAll(".passage")].some((p) => !p.hidden);
      file.hidden = !fit;
      if (links[at]) links[at].hidden = !fit;
      any ||= fit;
    });
    if (id("no-uses")) id("no-uses").hidden = uses > 0;
    if (id("no-files")) id("no-files").hidden = any;
    shown.textContent =
      `${count(uses, rows.length, "use")} and ${count(places, passages.length, "place")} shown`;
  };

  // Two sides need room, and lines that both have are written once: the copy is made when a file
  // comes near, for the eye only.
  const wide = matchMedia("(min-width: 64rem)");
  const double = (file) => {
    for (const block of file.querySelectorAll(".passage:not(.same) .b[data-d]")) {
      if (block.childElementCount > 1) continue;
      const copy = block.firstElementChild.cloneNode(true);
      copy.className = "again";
      copy.setAttribute("aria-hidden", "true");
      for (const line of copy.children) {
        line.removeAttribute("id");
        if (line.dataset.n) line.dataset.n = +line.dataset.n + +block.dataset.d;
      }
      block.append(copy);
    }
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        double(entry.target);
        near.unobserve(entry.target);
      }
    }
  }, { rootMargin: "1500px" });
  const lay = () => {
    const two = layout.value ? layout.value === "split" : wide.matches;
    document.body.classList.toggle("two", two);
    near.disconnect();
    if (two) for (const file of files) near.observe(file);
  };

  // A link must show its target, whatever is filtered.
  const reveal = () => {
    const target = location.hash && id(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      form.reset();
      filter();
      lay();
      target.scrollIntoView();
    }
  };

  let waiting = 0;
  form.addEventListener("input", (event) => {
    if (event.target === layout) return lay();
    clearTimeout(waiting);
    waiting = setTimeout(filter, 60);
  });
  form.addEventListener("reset", () => setTimeout(() => { filter(); lay(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);

  let closed = [];
  addEventListener("beforeprint", () => {
    if (document.body.classList.contains("two")) files.forEach(double);
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  // What sticks to the top must not hide what a link leads to.
  const measure = () => {
    const sticks = getComputedStyle(form).position === "sticky";
    document.documentElement.style.setProperty("--bar", `${sticks ? form.offsetHeight : 0}px`);
  };

  form.hidden = false;
  filter();
  lay();
  measure();
  wide.addEventListener("change", lay);
  addEventListener("resize", measure);
  const here = location.hash && id(decodeURIComponent(location.hash.slice(1)));
  if (here) here.scrollIntoView();
})();
