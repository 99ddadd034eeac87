// Packs src/bridge.js and CodeMirror into one ES module, www/vendor/editor.js, and puts the fonts beside it.
//
// `node build.mjs`; `cargo xtask build` and `serve` call it when the bundle is missing or stale.

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

// CodeMirror writes its rules into a <style> element, which `style-src 'self'` blocks; inside a shadow
// root the same library uses constructable stylesheets, which the policy allows. This drops the test
// that keeps it from doing so in a document.
const inDocument = "if (!root.head && root.adoptedStyleSheets && win.CSSStyleSheet) {";
const everywhere = "if (root.adoptedStyleSheets && win.CSSStyleSheet) {";

const constructableStyles = {
  name: "constructable-styles",
  setup(bundle) {
    let patched = 0;
    bundle.onLoad({ filter: /[/\\]style-mod[/\\]src[/\\]style-mod\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (source.split(inDocument).length !== 2) {
        return { errors: [{ text: `${path} changed: look for the test of root.head and mend build.mjs` }] };
      }
      patched += 1;
      return { contents: source.replace(inDocument, everywhere), loader: "js" };
    });
    bundle.onEnd((result) => {
      if (result.errors.length === 0 && patched !== 1) {
        throw new Error(`style-mod was loaded ${patched} times, not once: its file moved, mend build.mjs`);
      }
    });
  },
};

const vendor = join(here, "../vendor");
await mkdir(vendor, { recursive: true });
const licences = [];
for (const name of ["inter", "jetbrains-mono"]) {
  const font = join(here, "node_modules/@fontsource-variable", name);
  await copyFile(join(font, `files/${name}-latin-wght-normal.woff2`), join(vendor, `${name}.woff2`));
  licences.push(await readFile(join(font, "LICENSE"), "utf8"));
}
await writeFile(join(vendor, "fonts-licence.txt"), licences.join("\n\n"));

await build({
  entryPoints: [join(here, "src/bridge.js")],
  outfile: join(here, "../vendor/editor.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  banner: { js: "/*! CodeMirror, (c) Marijn Haverbeke and others, MIT licence: codemirror.net */" },
  plugins: [constructableStyles],
  logLevel: "warning",
});
