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
//       pub fn introduce(program: &JsValue);
//       pub fn fetch(arrived: JsValue);
//   }

let program;

/** `exports` is what the first part offers; to be called before anything else happens in it. */
export function introduce(exports) {
  program = exports;
}

/** Fetches the second part once the page has been painted, and calls `arrived` with whether it is there. */
export async function fetch(arrived) {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const place = address();
  if (place && !program.here.value) {
    try {
      const answer = await globalThis.fetch(place);
      if (!answer.ok) throw new Error(`${place}: ${answer.status} ${answer.statusText}`);
      const module = await WebAssembly.compile(await answer.arrayBuffer());
      if (!program.here.value) join(module);
    } catch (error) {
      console.warn("The engine could not be loaded.", error);
      return arrived(false);
    }
  }
  arrived(true);
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

/** Where the second part is; nothing in a build of one piece. */
function address() {
  const script = document.querySelector("script[data-engine]");
  return script && new URL(script.dataset.engine, document.baseURI);
}

function join(module) {
  new WebAssembly.Instance(module, { program });
  program.here.value = 1;
}
