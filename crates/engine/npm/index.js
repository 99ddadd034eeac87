// Loads the wasm that lies beside this file, in Node and in browsers, and gives out what it holds.
import init from "./engine.js";

const wasm = new URL("./engine_bg.wasm", import.meta.url);

// Node's fetch reads no files.
async function bytes() {
  const { readFile } = await import("node:fs/promises");
  return readFile(wasm);
}

await init({ module_or_path: wasm.protocol === "file:" ? await bytes() : wasm });

export { Lab, Snapshot, playRecording } from "./engine.js";
