// The editor alone, on an empty page under the published policy: what www/editor-shim.js promises.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axeFindings, newPage, openBrowser } from "./support/browser.js";
import { indexHtml, serve } from "./support/server.js";

const YAML = `kind: StatefulSet
metadata:
  name: web
spec:
  updateStrategy:
    type: OnDelte
  template:
    spec:
      containers:
      - image: nginx:1.25.3
`;

const shim = /href="?\.\/(editor-shim[\w-]*\.js)/.exec(indexHtml)?.[1];
const style = /<link rel="?stylesheet"?[^>]*>/.exec(indexHtml)?.[0];
const empty = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Editor</title><link rel="icon" href="data:,">${style}</head>
<body><main><h1>Editor</h1><button>before</button><div id="host" class="code live"></div><button>after</button></main></body></html>`;

describe("the editor", { timeout: 180_000 }, () => {
  let browser, server, visitor, page;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve({ pages: { "empty.html": empty } })]);
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  /** Mounts it; `globalThis.editor` is the handle, `globalThis.told` what the callbacks heard. */
  async function open({ text = YAML, lang = "en", wait = true, ...options } = {}) {
    visitor = await newPage(browser, options);
    page = visitor.page;
    if (options.intercept) await page.route(/vendor\/editor/, options.intercept);
    await page.goto(`${server.url}empty.html`);
    await page.evaluate(async ([module, text, lang]) => {
      const { mount } = await import(module);
      globalThis.told = { changes: [], applied: 0, outside: 0 };
      addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) told.outside += 1; });
      const host = document.getElementById("host");
      host.style.height = "400px";
      globalThis.editor = mount(host, {
        text,
        label: "web.yaml",
        dark: false,
        lang,
        onChange: (next) => told.changes.push(next),
        onApply: () => { told.applied += 1; },
        complete: (pos) => JSON.stringify({ from: pos - 3, options: [{ label: "replicas", detail: "int", info: "How many Pods." }] }),
        hover: () => "A field.\nSimulated.",
      });
    }, [`${server.url}${shim}`, text, lang]);
    if (wait) await page.locator(".cm-content").waitFor();
  }

  async function close() {
    const { messages, errors, violations, failures } = visitor.heard;
    await visitor.close();
    assert.deepEqual({ messages, errors, violations, failures }, { messages: [], errors: [], violations: [], failures: [] });
  }

  const call = (name, ...values) => page.evaluate(([name, values]) => editor[name](...values), [name, values]);
  const told = () => page.evaluate(() => globalThis.told);
  const at = (words) => [YAML.indexOf(words), YAML.indexOf(words) + words.length];
  const problem = (words, severity = "error") => {
    const [from, to] = at(words);
    return { from, to, severity, message: `no ${words}` };
  };

  test("it is styled without a style element", async () => {
    await open();
    assert.equal(await page.locator("style").count(), 0);
    const gutter = await page.locator(".cm-gutters").evaluate((element) => getComputedStyle(element).display);
    assert.equal(gutter, "flex");
    assert.deepEqual(await axeFindings(page), []);
    await close();
  });

  test("a diagnostic underlines exactly its range and moves with the text", async () => {
    await open();
    await call("setDiagnostics", JSON.stringify([problem("OnDelte"), problem("web", "warning")]));
    assert.equal(await page.locator(".cm-lintRange-error").innerText(), "OnDelte");
    assert.equal(await page.locator(".cm-lintRange-warning").innerText(), "web");
    assert.equal(await page.locator(".cm-error-line").innerText(), "    type: OnDelte");
    assert.equal(await page.locator(".cm-lint-marker-error").count(), 1);
    await call("setText", `# 第一行\n${YAML}`);
    assert.equal(await page.locator(".cm-lintRange-error").innerText(), "OnDelte");
    assert.equal(await page.locator(".cm-error-line").innerText(), "    type: OnDelte");
    await call("setDiagnostics", JSON.stringify([{ from: 5000, to: 9000, severity: "error", message: "behind the end" }]));
    await call("setDiagnostics", "[]");
    assert.equal(await page.locator(".cm-lintRange-error, .cm-error-line").count(), 0);
    await close();
  });

  test("changed lines say what they were, in the page's language", async () => {
    await open();
    await call("setChangedLines", JSON.stringify([{ line: 10, was: "nginx:1.7.9" }, { line: 5, was: null }, { line: 99, was: "x" }]));
    assert.equal(await page.locator(".cm-changed").count(), 2);
    assert.equal(await page.locator(".cm-was").innerText(), "was nginx:1.7.9");
    assert.ok((await page.locator(".cm-changed-bar").count()) >= 2);
    await call("setLang", "zh-CN", "web.yaml，清单");
    await call("setChangedLines", JSON.stringify([{ line: 10, was: "nginx:1.7.9" }]));
    assert.equal(await page.locator(".cm-was").innerText(), "原为 nginx:1.7.9");
    assert.equal(await page.locator(".cm-content").getAttribute("aria-label"), "web.yaml，清单");
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+f");
    assert.ok(await page.getByPlaceholder("查找").isVisible());
    await close();
  });

  test("Ctrl-Enter and Cmd-Enter apply, type nothing, and go no further", async () => {
    await open();
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+Enter");
    assert.deepEqual(await told(), { changes: [], applied: 1, outside: 0 });
    await page.keyboard.press("Meta+Enter");
    assert.equal((await told()).applied, 2);
    assert.equal(await call("getText"), YAML);
    await close();
  });

  test("only what the person changes is told; the page's changes keep the cursor and can be undone", async () => {
    await open();
    await call("reveal", ...at("OnDelte"));
    await call("focus");
    await call("setText", `# a comment\n${YAML}`);
    assert.deepEqual((await told()).changes, []);
    await page.keyboard.type("OnDelete");
    assert.equal(await call("getText"), `# a comment\n${YAML.replace("OnDelte", "OnDelete")}`);
    assert.equal((await told()).changes.at(-1), await call("getText"));
    await call("open", "kind: Service\n", "service.yaml");
    assert.equal(await call("getText"), "kind: Service\n");
    await page.keyboard.press("Control+z");
    assert.equal(await call("getText"), "kind: Service\n", "another document has a history of its own");
    await close();
  });

  test("completion and explanation come from the page", async () => {
    await open({ text: "spec:\n  rep" });
    await call("reveal", 11, 11);
    await call("focus");
    await page.keyboard.press("Control+Space");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "replicas" }).waitFor();
    await page.waitForTimeout(120); // CodeMirror ignores Enter for 75 ms, so that typing on accepts nothing
    await page.keyboard.press("Enter");
    assert.equal(await call("getText"), "spec:\n  replicas");
    await page.locator(".cm-line").first().hover({ position: { x: 20, y: 8 } });
    await page.locator(".cm-explanation", { hasText: "Simulated." }).waitFor();
    await close();
  });

  test("its colours are the page's, in both themes", async () => {
    await open();
    const colour = () => page.locator(".cm-editor").evaluate((element) => getComputedStyle(element).color);
    await page.evaluate(() => { document.documentElement.dataset.theme = "light"; });
    assert.equal(await colour(), "rgb(21, 25, 28)");
    await page.evaluate(() => { document.documentElement.dataset.theme = "dark"; editor.setTheme(true); });
    assert.equal(await colour(), "rgb(233, 236, 234)");
    await close();
  });

  test("Chinese is composed without being disturbed", async () => {
    await open({ text: "" });
    await page.locator(".cm-content").focus();
    const session = await page.context().newCDPSession(page);
    for (const text of ["z", "zh", "zhong"]) {
      await session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
      await call("setDiagnostics", "[]");
    }
    await session.send("Input.insertText", { text: "中文" });
    assert.equal(await call("getText"), "中文");
    await close();
  });

  test("Tab indents; Esc, then Tab, leaves", async () => {
    await open({ text: "a:" });
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Tab");
    assert.equal(await call("getText"), "  a:");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "after");
    await close();
  });

  test("before CodeMirror arrives one types into a text area, and nothing is lost", async () => {
    let release;
    const held = new Promise((done) => { release = done; });
    await open({ wait: false, intercept: async (route) => { await held; await route.continue(); } });
    const area = page.getByRole("textbox", { name: "web.yaml" });
    await call("reveal", ...at("OnDelte"));
    await area.focus();
    await page.keyboard.type("OnDelete");
    await page.keyboard.press("Control+Enter");
    const text = YAML.replace("OnDelte", "OnDelete");
    assert.deepEqual(await told().then(({ changes, ...rest }) => ({ ...rest, last: changes.at(-1) })), { applied: 1, outside: 0, last: text });
    await call("setDiagnostics", JSON.stringify([problem("web")]));
    await call("setChangedLines", JSON.stringify([{ line: 6, was: "OnDelte" }]));
    release();
    await page.locator(".cm-content").waitFor();
    assert.equal(await call("getText"), text);
    assert.equal(await page.locator(".cm-lintRange-error").innerText(), "web");
    assert.equal(await page.locator(".cm-was").innerText(), "was OnDelte");
    await page.keyboard.type("!");
    assert.equal(await call("getText"), text.replace("OnDelete", "OnDelete!"), "focus and cursor stay");
    await close();
  });

  test("if CodeMirror never arrives, the text area stays", async () => {
    await open({ wait: false, intercept: (route) => route.abort() });
    await page.waitForEvent("console", { predicate: (message) => message.text().includes("plain text area stays") });
    await page.getByRole("textbox", { name: "web.yaml" }).fill("kind: Pod\n");
    assert.equal(await call("getText"), "kind: Pod\n");
    await visitor.close();
  });
});
