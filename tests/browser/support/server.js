// Serves dist/ as a static host would, below a path of its own and with the page's policy as a header too.
//
// A policy in a `meta` element starts to hold where the parser meets it; the header holds from the first byte.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

/** The built page; `cargo xtask test` names it. */
export const dist = process.env.DIST ?? join(import.meta.dirname ?? ".", "../../../dist");

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** The text of dist/index.html. */
export const indexHtml = await readFile(join(dist, "index.html"), "utf8");

/** The policy that the page carries. */
export const policy = /http-equiv="?Content-Security-Policy"? content="([^"]*)"/.exec(indexHtml)?.[1];

/**
 * Serves dist/ under `base` until `close`. `pages` adds pages by name, under the same policy.
 * Returns `{url, close}`, the address of the page and the end of the server.
 */
export async function serve({ base = "/docs/lab/", pages = {} } = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const name = path.startsWith(base) ? normalize(path.slice(base.length) || "index.html") : undefined;
    const body = name === undefined || name.startsWith("..") ? undefined : (pages[name] ?? (await file(name)));
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": types[extname(name ?? "")] ?? "application/octet-stream",
      "content-security-policy": policy ?? "default-src 'none'",
      "cache-control": "no-store",
    });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

async function file(name) {
  try {
    return await readFile(join(dist, name));
  } catch {
    return undefined;
  }
}
