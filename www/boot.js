// Starts the simulator: fetches the wasm, says how far it is if that takes long, hands over to Yew.
//
// A module of its own, because the page's policy allows no inline script. Trunk writes the names of the
// glue and the wasm into this script's element, the release build its size.
//
// Language and theme are settled here, so that nothing flashes: the address (?lang=zh-CN, ?theme=dark) goes
// before what was kept ("ordinal.lang", "ordinal.theme" in localStorage), that before the browser's wish.
// The simulator reads the result from <html lang data-theme>; no data-theme means that the system decides.
//
// `#/parity` is a page of its own, without the simulator's program. With a recording behind it,
// `#/parity/<recording>/<step>`, the simulator shows that one. Coming and going is a new visit.

const SILENT_MS = 3000;

const root = document.documentElement;
const theme = chosen("theme", ["light", "dark"]);
if (theme) root.dataset.theme = theme;
root.lang = chosen("lang", ["en", "zh-CN"]) ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");

const place = () => location.hash.replace(/^#\/?$/, "");
const shown = place();
addEventListener("hashchange", () => {
  const isPart = place() && !/^#(\/|s=)/.test(place()); // of the page that is there
  if (!isPart && place() !== shown) location.reload();
});

const script = document.querySelector("script[data-wasm]");
const note = document.getElementById("boot-note");

let failed = false;

try {
  if (shown === "#/parity") {
    await (await import(new URL("./parity/parity.js", document.baseURI))).show(document.getElementById("app"));
  } else {
    await start();
  }
} catch (error) {
  failed = true;
  say(
    "The simulator could not be loaded. Reload the page to try again.",
    "模拟器没能加载。请刷新页面重试。",
  );
  throw error;
}

async function start() {
  const glue = import(new URL(script.dataset.js, document.baseURI));
  const slow = setInterval(sayProgress, 250, performance.now());
  try {
    const response = await fetch(new URL(script.dataset.wasm, document.baseURI));
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
    await (await glue).default({ module_or_path: response });
  } finally {
    clearInterval(slow);
  }
}

/** One of the known values, or nothing; a frame without storage throws on the mere look. */
function chosen(name, known) {
  const valid = (value) => (known.includes(value) ? value : undefined);
  const asked = valid(new URLSearchParams(location.search).get(name));
  try {
    return asked ?? valid(localStorage.getItem(`ordinal.${name}`));
  } catch {
    return asked;
  }
}

// The response itself goes to the compiler, which reads it as it comes; counting its bytes on the way made
// some browsers report the request as aborted. So this says how much there is, and for how long.
function sayProgress(since) {
  const seconds = Math.round((performance.now() - since) / 1000);
  if (failed || seconds * 1000 < SILENT_MS) return;
  const kilobytes = Math.round(Number(script.dataset.wasmBytes ?? 0) / 1000);
  const size = kilobytes ? ` (${kilobytes} kB)` : "";
  say(`Loading the simulator${size}, ${seconds} s`, `正在加载模拟器${size}，${seconds} 秒`);
}

function say(en, zhCN) {
  if (!note) return;
  note.textContent = root.lang === "zh-CN" ? zhCN : en;
  note.hidden = false;
}
