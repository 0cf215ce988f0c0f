"use strict";
// The app's own hands: filters to address, charts and maps after each answer, pictures to files.
// The address is the only state; `address` is the app's dcc.Location.
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
  const link = event.target.closest("a[data-view], .map-box a");
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

function drawMaps() {
  for (const box of document.querySelectorAll("[data-map]")) {
    const source = document.getElementById(box.dataset.map).textContent;
    if (box.source !== source) {
      const svg = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
      box.replaceChildren(document.importNode(svg, true));
      box.source = source;
    }
    const here = sorted(location.search);
    for (const link of box.querySelectorAll("a")) {
      const isHere = sorted(link.getAttribute("href")) === here;
      if (isHere) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

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
  if (!other) return;
  asked.set("lang", other.dataset.language);
  other.href = `?${asked}`;
}

function drawAll() {
  draw();
  drawMaps();
  followAddress();
  const target = waitingFocus && document.querySelector(waitingFocus);
  if (target && target !== document.activeElement) target.focus();
}

// Draws after Dash has changed the page. What Plotly and the maps change themselves, also in nodes
// that are gone by now, is no reason to draw again.
let isDue = false;
new MutationObserver((changes) => {
  const isDrawn = (node) => !node.isConnected
    || (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".chart, .map-box");
  if (isDue || changes.every((change) => isDrawn(change.target))) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; drawAll(); });
}).observe(document.getElementById("react-entry-point"), { childList: true, characterData: true, subtree: true });
drawAll();
