// Runs the program `engine` as WebAssembly in Node: `node run.mjs <engine.wasm>`.
// Each call of `main` makes a set of the next size Ready and answers 0.
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";

const SIZES = [100, 300, 1000]; // as in src/scenario.rs
const ROUNDS = 3;
const BOUND_SECONDS = 2;

const bytes = await readFile(process.argv[2]);
const { instance } = await WebAssembly.instantiate(bytes, {});
const best = SIZES.map(() => Infinity);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [at] of SIZES.entries()) {
    const begun = performance.now();
    if (instance.exports.main(0, 0) !== 0) throw new Error(`${SIZES[at]} Pods did not become Ready`);
    best[at] = Math.min(best[at], performance.now() - begun);
  }
}
console.log(`WebAssembly in Node ${process.version}, ${(bytes.length / 1024).toFixed(0)} KiB`);
for (const [at, pods] of SIZES.entries()) {
  console.log(`${String(pods).padStart(8)} ${best[at].toFixed(1).padStart(12)} ms`);
}
const ratio = best.at(-1) / SIZES.at(-1) / (best[0] / SIZES[0]);
console.log(`cost of a Pod at 1000 to that at 100: ${ratio.toFixed(2)}`);
console.log(`1000 Pods: ${(best.at(-1) / 1000).toFixed(2)} s (bound ${BOUND_SECONDS} s)`);
process.exit(best.at(-1) <= BOUND_SECONDS * 1000 ? 0 : 1);
