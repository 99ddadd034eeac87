// A page in WebKit, by plain WebDriver: what Debian's webkit2gtk-driver speaks. Only what a smoke test needs.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";

const DRIVER = "/usr/bin/WebKitWebDriver";
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
/** How long a browser may take to open, in milliseconds. */
const OPENING = 60_000;

/** Where the driver's browser is; nothing where the machine has none. */
function miniBrowser() {
  if (!existsSync(DRIVER) || !existsSync(LIBRARIES)) return undefined;
  const folders = readdirSync(LIBRARIES).filter((name) => name.startsWith("webkit2gtk-")).reverse();
  return folders.map((name) => `${LIBRARIES}/${name}/MiniBrowser`).find((file) => existsSync(file));
}

/** Why there is no WebKit here; nothing if there is one. */
export const withoutWebKit = miniBrowser() && existsSync("/usr/bin/Xvfb")
  ? undefined
  : "this machine has no WebKit: Debian's webkit2gtk-driver and xvfb";

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Opens a browser: `{goto(url), evaluate(text), close()}`. */
export async function openWebKit() {
  const port = await freePort();
  const driver = spawn("xvfb-run", ["-a", DRIVER, `--port=${port}`, "--host=127.0.0.1"], { stdio: "ignore", detached: true });
  const end = () => { try { process.kill(-driver.pid); } catch { /* it is gone */ } };
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value?.message ?? answer.status}`);
    return value;
  };
  const options = { binary: miniBrowser(), args: ["--automation"] };
  const wanted = { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } };
  const until = Date.now() + OPENING;
  let session;
  while (!session) {
    try {
      session = (await ask("POST", "/session", wanted)).sessionId;
    } catch (error) {
      if (Date.now() > until || driver.exitCode !== null) {
        end();
        throw error;
      }
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  return {
    goto: (url) => ask("POST", `/session/${session}/url`, { url }),
    evaluate: (text) => ask("POST", `/session/${session}/execute/sync`, { script: `return ${text}`, args: [] }),
    async close() {
      await ask("DELETE", `/session/${session}`).catch(() => {});
      end();
    },
  };
}
