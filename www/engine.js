// The program's other parts, which come after first paint.
//
// The release build cuts the program (www/editor/split.mjs). The first part paints the page; the engine, the
// commands and the player of recordings are parts of their own, which share its memory, its stack and its table
// of functions. This fetches them when the page asks, one after the other, since each may need those before it.
// The page calls nothing of a part before it is here: what it calls too early is a mistake of ours, which the
// program reports as it reports others. A development build is one piece, so there is nothing to fetch.
//
// It is bound by its place beside the wasm glue, as the editor is (www/editor-shim.js):
//
//   #[wasm_bindgen(raw_module = "./engine.js")]
//   extern "C" {
//       pub fn introduce(program: &JsValue);
//       pub fn fetch(part: &str, when: &str, told: JsValue);
//   }

/** In the order in which they need each other. */
const PARTS = ["engine", "commands", "recordings"];
/** Bytes with which every WebAssembly file begins. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];
/** A hidden page is not painted, and an idle moment may never come: this is waited at most, in milliseconds. */
const PATIENCE_MS = { painted: 500, idle: 3000 };

/** What a part offers to those after it, by its name; the first part is there from the beginning. */
const here = {};
const coming = new Map();
const failedBefore = new Set();

/** Why a part did not come, in a sentence for the reader. */
class Reason extends Error {
  constructor(en, zhCN, options) {
    super(document.documentElement.lang === "zh-CN" ? zhCN : en, options);
  }
}

/** `exports` is what the first part offers; to be called before anything else happens in it. */
export function introduce(exports) {
  here.first = exports;
}

/**
 * Fetches a part, with those before it that are not here yet: when the page has been "painted", when the browser
 * is "idle", or "now". Then calls `told`: without an argument if the part is here, else with the reason. After a
 * failure it may be asked for again.
 */
export async function fetch(part, when, told) {
  try {
    await moment(when);
    const missing = PARTS.slice(0, PARTS.indexOf(part) + 1).filter((each) => place(each) && !here[each]);
    const modules = await Promise.all(missing.map((each) => bring(each, when === "idle")));
    missing.forEach((each, at) => join(each, modules[at]));
    told();
  } catch (error) {
    console.warn(`The part ${part} of the program did not arrive.`, error);
    told(error instanceof Reason ? error.message : String(error));
  }
}

/** Where a part lies and how long it is; nothing in a build of one piece. */
function place(part) {
  const { [part]: file, [`${part}Bytes`]: bytes } = document.querySelector("script[data-engine]")?.dataset ?? {};
  return file && { address: new URL(file, document.baseURI), bytes: Number(bytes) };
}

/** At most one request for a part is under way. */
function bring(part, leisurely) {
  if (!coming.has(part)) {
    const { address, bytes } = place(part);
    const module = answer(part, address, leisurely).then((response) => checked(response, bytes)).then(compiled);
    module.catch(() => failedBefore.add(part)).finally(() => coming.delete(part));
    coming.set(part, module);
  }
  return coming.get(part);
}

/** Puts a part into its place beside the others, once. */
function join(part, module) {
  here[part] ??= new WebAssembly.Instance(module, here).exports;
}

async function answer(part, address, leisurely) {
  // What was kept of a failed try may be what is wrong.
  const options = { cache: failedBefore.has(part) ? "reload" : "default", priority: leisurely ? "low" : "auto" };
  let response;
  try {
    response = await globalThis.fetch(address, options);
  } catch (cause) {
    throw new Reason("The server cannot be reached.", "无法连接服务器。", { cause });
  }
  if (response.ok) return response;
  const { status } = response;
  const name = address.pathname.split("/").at(-1);
  if (status !== 404 && status !== 410) throw new Reason(`The server answered ${status}.`, `服务器返回了 ${status}。`);
  throw new Reason(`The server has no file ${name} (${status}).`, `服务器上没有文件 ${name}（${status}）。`);
}

/** The bytes of a response, if they are what the build wrote. */
async function checked(response, wanted) {
  let bytes;
  try {
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new Reason("The connection broke off.", "连接中断了。", { cause });
  }
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) {
    const type = response.headers.get("content-type") ?? "?";
    throw new Reason(`What came is no WebAssembly (${type}).`, `收到的不是 WebAssembly（${type}）。`);
  }
  if (bytes.length === wanted) return bytes;
  throw new Reason(`${bytes.length} bytes came instead of ${wanted}.`, `应收到 ${wanted} 字节，实际为 ${bytes.length} 字节。`);
}

async function compiled(bytes) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new Reason(`The browser cannot compile it: ${cause.message}`, `浏览器无法编译它：${cause.message}`, { cause });
  }
}

function moment(when) {
  if (when === "now") return undefined;
  return new Promise((done) => {
    setTimeout(done, PATIENCE_MS[when]);
    if (when === "painted") requestAnimationFrame(() => setTimeout(done));
    else globalThis.requestIdleCallback?.(done);
  });
}
