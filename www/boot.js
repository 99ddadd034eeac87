// Starts the simulator: fetches the wasm, says how far it is if that takes long, hands over to Yew.
//
// A module of its own, because the page's policy allows no inline script. Trunk writes the names of the
// glue and the wasm into this script's element, the release build its size.

const SILENT_MS = 3000;

const script = document.querySelector("script[data-wasm]");
const note = document.getElementById("boot-note");
const chinese = () => document.documentElement.lang.startsWith("zh") || navigator.language.startsWith("zh");

let received = 0;
let failed = false;

try {
  const glue = import(new URL(script.dataset.js, document.baseURI));
  const response = counted(await fetch(new URL(script.dataset.wasm, document.baseURI)));
  const slow = setInterval(sayProgress, 250, performance.now());
  try {
    await (await glue).default({ module_or_path: response });
  } finally {
    clearInterval(slow);
  }
} catch (error) {
  failed = true;
  say(
    "The simulator could not be loaded. Reload the page to try again.",
    "模拟器没能加载。请刷新页面重试。",
  );
  throw error;
}

/** The same response, its bytes counted as they pass. */
function counted(response) {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  const count = new TransformStream({
    transform(chunk, out) {
      received += chunk.byteLength;
      out.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(count), { headers: { "content-type": "application/wasm" } });
}

function sayProgress(since) {
  if (failed || performance.now() - since < SILENT_MS) return;
  const kilobytes = (bytes) => Math.round(bytes / 1000);
  const total = Number(script.dataset.wasmBytes);
  const done = kilobytes(received);
  if (total) say(`Loading the simulator, ${done} of ${kilobytes(total)} kB`, `正在加载模拟器，${done} / ${kilobytes(total)} kB`);
  else say(`Loading the simulator, ${done} kB`, `正在加载模拟器，${done} kB`);
}

function say(en, zhCN) {
  if (!note) return;
  const [lang, text] = chinese() ? ["zh-CN", zhCN] : ["en", en];
  note.lang = lang;
  note.textContent = text;
  note.hidden = false;
}
