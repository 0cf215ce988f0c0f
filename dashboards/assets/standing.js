"use strict";
// Says that a later run published nothing, where that is about the publication of this page.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("standing");
  const status = window.hartslagStatus || {};
  const words = status[document.documentElement.lang];
  if (!place || !words || status.run !== place.dataset.run) return;
  place.textContent = words;
  place.hidden = false;
});
