"use strict";
// The app's own hands: filters to address, charts and maps after each answer, pictures to files.
// The address is the only state; `address` is the app's dcc.Location, and Dash calls `show` with
// the answer to it.
const sorted = (search) => {
  const asked = new URLSearchParams(search);
  asked.sort();
  return asked.toString();
};
// Where focus goes once the answer is there; until the reader does something else.
let waitingFocus = null;
for (const kind of ["keydown", "pointerdown"]) {
  document.addEventListener(kind, () => { waitingFocus = null; }, true);
}

function go(search) {
  dash_clientside.set_props("address", { search });
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (!form) return;
  const asked = new URLSearchParams({ lang: document.documentElement.lang });
  for (const [name, value] of new FormData(form)) {
    if (value && value !== form.elements[name].dataset.default) asked.set(name, value);
  }
  go(`?${asked}`);
});

document.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = event.target.closest('a[href^="?"]:not([data-language])');
  if (link && plain) {
    event.preventDefault();
    const isPart = new URLSearchParams(link.getAttribute("href")).has("step");
    if (link.closest(".map-box, .phases, .detail")) waitingFocus = "#detail";
    if (link.closest(".detail") && !isPart) waitingFocus = ".map-box";
    if (link.closest(".results") && !link.closest(".process")) waitingFocus = "#answer";
    go(link.getAttribute("href"));
    return;
  }
  const button = event.target.closest("button");
  if (!button) return;
  if ("copy" in button.dataset) copyAddress(button);
  if ("save" in button.dataset) saveChart(button);
  if ("saveMap" in button.dataset) saveMap(button);
});

async function copyAddress(button) {
  await navigator.clipboard.writeText(location.href);
  const words = button.textContent;
  button.textContent = button.dataset.copy;
  setTimeout(() => { button.textContent = words; }, 2000);
}

function download(href, name) {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}

async function saveChart(button) {
  const figure = button.closest("figure");
  const box = figure.querySelector("[data-figure]");
  const surface = getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
  const words = figure.querySelector("h3").textContent.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const layout = {
    ...box.layout, paper_bgcolor: surface, margin: { ...box.layout.margin, t: 60 },
    title: { text: words, x: 0.02, xanchor: "left", font: { size: 16 } },
  };
  const format = button.dataset.save;
  const size = { width: Math.max(box.offsetWidth, 700), height: box.offsetHeight + 50 };
  const picture = { data: box.data, layout: { ...layout, ...size }, config: { locale: document.documentElement.lang } };
  const href = await Plotly.toImage(picture, { format, ...size, scale: format === "png" ? 2 : 1 });
  download(href, `${button.dataset.name}.${format}`);
}

async function saveMap(button) {
  const picture = new Image();
  picture.src = button.parentElement.querySelector("a[download]").href;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    const href = URL.createObjectURL(blob);
    download(href, "hartslag-map.png");
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  });
}

// Dash tells nobody that a request failed; the page does.
const ask = window.fetch;
let asking = 0;
window.fetch = async (...request) => {
  const address = request[0] instanceof Request ? request[0].url : String(request[0]);
  if (!address.includes("_dash-update-component")) return ask(...request);
  document.body.classList.toggle("busy", ++asking > 0);
  try {
    const answer = await ask(...request);
    document.getElementById("failed").hidden = answer.ok;
    return answer;
  } catch (error) {
    document.getElementById("failed").hidden = false;
    throw error;
  } finally {
    document.body.classList.toggle("busy", --asking > 0);
  }
};

// The form and the link to the other language follow the address, also back and forth.
function followAddress() {
  const asked = new URLSearchParams(location.search);
  for (const select of document.querySelectorAll("form[data-filters] select")) {
    const values = Array.from(select.options, (option) => option.value);
    const wanted = asked.get(select.name);
    const value = values.includes(wanted) ? wanted : select.dataset.default;
    if (select.value !== value) select.value = value;
  }
  const other = document.querySelector("a[data-language]");
  asked.set("lang", other.dataset.language);
  other.href = `?${asked}`;
}

function show(answer) {
  const results = document.getElementById("results");
  if (!answer || !results) return;
  results.innerHTML = answer.results;
  document.getElementById("footer").innerHTML = answer.footer;
  followAddress();
  for (const link of results.querySelectorAll(".map-box a")) {
    if (sorted(link.getAttribute("href")) === sorted(location.search)) link.setAttribute("aria-current", "true");
  }
  if (typeof draw === "function") draw();
  const target = waitingFocus && document.querySelector(waitingFocus);
  if (target) target.focus();
  waitingFocus = null;
}

window.dash_clientside = Object.assign({}, window.dash_clientside, { hartslag: { show } });
document.addEventListener("DOMContentLoaded", followAddress);
