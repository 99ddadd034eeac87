// The engine: the larger part of the program, which comes after first paint.
//
// The release build cuts the program in two (www/editor/split.mjs). The first part paints the page and holds
// a stub for each function of the second; both share memory and stack. The second is fetched when the page
// stands. Who calls a stub earlier makes `bring` fetch it on the spot: the page halts for that long, and then
// goes on as if nothing had been missing. A development build is one piece, so there is nothing to bring.
//
// It is bound by its place beside the wasm glue, as the editor is (www/editor-shim.js):
//
//   #[wasm_bindgen(raw_module = "./engine.js")]
//   extern "C" {
//       pub fn fetch(program: &JsValue, arrived: &js_sys::Function);
//   }

let program;
let engine;

/** `program` is what the first part exports. Calls `arrived` when the second part is there. */
export async function fetch(exports, arrived) {
  program = exports;
  engine = document.querySelector("script[data-engine]")?.dataset.engine;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  if (engine && !program.here.value) {
    try {
      const answer = await globalThis.fetch(address());
      if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${answer.statusText}`);
      const module = await WebAssembly.compile(await answer.arrayBuffer());
      if (!program.here.value) join(module);
    } catch (error) {
      // The first who needs it tries again, and then it is an error that the page shows.
      console.warn("The engine could not be loaded yet.", error);
    }
  }
  arrived();
}

/** Called by a stub while the second part is missing; the caller cannot wait, so this does not return before. */
export function bring() {
  const request = new XMLHttpRequest();
  request.open("GET", address(), false);
  // Bytes, one in each character: an answer that is waited for may not be an ArrayBuffer.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${address()}: ${request.status} ${request.statusText}`);
  join(new WebAssembly.Module(Uint8Array.from(request.responseText, (character) => character.charCodeAt(0))));
}

const address = () => new URL(engine, document.baseURI);

function join(module) {
  new WebAssembly.Instance(module, { program });
  program.here.value = 1;
}
