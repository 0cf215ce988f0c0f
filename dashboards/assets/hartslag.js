"use strict";
// Draws every chart from the JSON beside it; values such as "--ink" are the style sheet's.
function parsed(id, style) {
  const isToken = (value) => typeof value === "string" && /^--[a-z-]+$/.test(value);
  return JSON.parse(document.getElementById(id).textContent, (key, value) =>
    isToken(value) ? style.getPropertyValue(value).trim() : value);
}
function draw() {
  const style = getComputedStyle(document.documentElement);
  const locale = parsed("locale", style);
  const template = parsed("template", style);
  if (locale) Plotly.register(locale);
  // All are read before any is drawn: a style asked for after a drawing is computed anew.
  const boxes = [...document.querySelectorAll("[data-figure]")]
    .map((box) => [box, parsed(box.dataset.figure, style)]);
  for (const [box, figure] of boxes) {
    Plotly.react(box, figure.data, { ...figure.layout, template },
      { displayModeBar: false, responsive: true, locale: document.documentElement.lang });
  }
}
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
