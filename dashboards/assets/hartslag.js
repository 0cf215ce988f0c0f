"use strict";
const style = () => getComputedStyle(document.documentElement);
const read = (id, s) => JSON.parse(document.getElementById(id).textContent, (k, v) => typeof v === "string" && /^--[a-z-]+$/.test(v) ? s.getPropertyValue(v).trim() : v);
function draw() {
  const s = style(), locale = read("locale", s);
  Plotly.register(locale);
  for (const box of document.querySelectorAll("[data-figure]")) {
    const f = read(box.dataset.figure, s);
    Plotly.react(box, f.data, f.layout, { displayModeBar: false, responsive: true, locale: locale.name });
  }
}
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
