// The parity page and the JavaScript module in a real browser.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { example } from "../engine/example.js";
import { axeFindings, newPage, openBrowser } from "./support/browser.js";
import { dist, serve } from "./support/server.js";

const conformance = new URL("../conformance/", import.meta.url);

/** How many recordings there are, and which are known to differ in some step: what the native runner goes by. */
async function expected() {
  const list = await readFile(new URL("known-differences.txt", conformance), "utf8");
  const lines = list.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
  const known = new Set(lines.map((line) => line.split(" ")[0]));
  const folders = await Promise.all(["recordings/", "node/"].map((folder) => readdir(new URL(folder, conformance))));
  const all = folders.flat().filter((name) => name.endsWith(".json")).length;
  return { all, known };
}

describe("parity in the browser", { timeout: 300_000 }, () => {
  let browser, server;

  before(async () => {
    const readme = await readFile(join(dist, "engine/README.md"), "utf8");
    const program = `const lines = [];
console.log = (...words) => lines.push(words.join(" "));
${example(readme)}
document.title = "ran";
document.body.textContent = lines.join("\\n");`;
    const pages = {
      "example.html": '<!doctype html><html lang="en"><title>…</title><body><script type="module" src="./example.js"></script>',
      "example.js": program,
    };
    [browser, server] = await Promise.all([openBrowser(), serve({ pages })]);
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  async function visit(options = {}) {
    const visitor = await newPage(browser, options);
    await visitor.page.goto(`${server.url}#/parity`);
    await visitor.page.locator(".parity tbody tr").first().waitFor();
    return visitor;
  }

  test("the module's example runs in a page, under the same policy", async () => {
    const { page, heard, close } = await newPage(browser);
    await page.goto(`${server.url}example.html`);
    await page.waitForFunction(() => document.title === "ran");
    const printed = await page.locator("body").innerText();
    assert.match(printed, /statefulset\.apps\/web created/);
    assert.match(printed, /web-2 +1\/1 +Running/);
    assert.match(printed, /1 ready at \d+/);
    assert.deepEqual([heard.errors, heard.violations], [[], []]);
    await close();
  });

  test("every recording plays here as it does natively", async (t) => {
    const { page, heard, close } = await visit();
    await page.locator("#parity-status[data-all]").waitFor({ timeout: 240_000 });
    t.diagnostic(await page.locator("#parity-status").innerText());
    const { all, known } = await expected();
    const ids = (word) => page.locator(`.parity tbody tr.${word}[data-id]`).evaluateAll((rows) => rows.map((row) => row.dataset.id));
    assert.deepEqual(await ids("failed"), []);
    assert.deepEqual(new Set(await ids("known")), known);
    assert.equal((await ids("passed")).length, all - known.size);
    assert.equal(await page.locator("#parity-status").getAttribute("data-passed"), String(all - known.size));
    assert.deepEqual([heard.errors, heard.violations, heard.failures], [[], [], []]);
    assert.deepEqual(heard.addresses.filter((address) => !address.startsWith(server.url)), []);
    await close();
  });

  test("a row opens into its steps, beside what the real cluster said", async () => {
    const { page, close } = await visit();
    const button = page.getByRole("button", { name: /A01-ordered-creation/ });
    await button.click();
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    const steps = page.locator("#steps-A01-ordered-creation li");
    assert.equal(await steps.count(), 7);
    assert.match(await steps.first().innerText(), /statefulset\.apps\/web created/);
    await page.getByRole("button", { name: /A01-ordered-creation/ }).press("Enter");
    assert.ok(await steps.first().isHidden());
    await close();
  });

  test("a step stands on the stage as it was recorded, beside what the real cluster said; nothing is kept", async () => {
    const recorded = JSON.parse(await readFile(new URL("recordings/A01-ordered-creation.json", conformance), "utf8"));
    const { page, heard, close } = await visit();
    await page.getByRole("button", { name: /A01-ordered-creation/ }).click();
    await page.locator("#steps-A01-ordered-creation li").nth(1).getByRole("link", { name: "On the stage" }).click();
    const recording = page.getByRole("region", { name: "Recording" });
    await recording.getByRole("heading", { name: new RegExp(`^A01-ordered-creation ${recorded.title}`) }).waitFor();
    const pods = () => page.getByRole("button", { name: /^Pod / }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label").split(",")[0]));
    const said = () => recording.locator("pre").first().innerText();
    // The steps before and this one: each has made a Pod more.
    const made = (upTo) => recorded.steps.slice(0, upTo + 1).flatMap((step) => step.changes ?? [])
      .filter((change) => change.startsWith("create Pod ")).map((change) => change.replace("create ", ""));
    await page.waitForFunction(() => document.querySelectorAll('.stage [aria-label^="Pod "]').length === 2);
    assert.deepEqual(await pods(), made(1));
    const { changes, events } = recorded.steps[1];
    const told = events.map((event) => `${event.type}  ${event.reason}  ${event.message}`);
    assert.equal(await said(), [...changes, ...told].join("\n"));
    await recording.getByText("the same").waitFor();
    await recording.getByRole("button", { name: "Next step" }).click();
    await page.waitForFunction(() => document.querySelectorAll('.stage [aria-label^="Pod "]').length === 3);
    assert.deepEqual(await pods(), made(2));
    assert.match(page.url(), /#\/parity\/A01-ordered-creation\/2$/);
    assert.match(await page.getByRole("textbox", { name: "step-0.yaml" }).innerText(), /kind: StatefulSet/);
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await recording.getByRole("link", { name: "All recordings" }).click();
    await page.locator(".parity tbody tr").first().waitFor();
    assert.deepEqual([heard.errors, heard.violations], [[], []]);
    await close();
  });

  test("a recording that is not there says so", async () => {
    const { page, close } = await newPage(browser);
    await page.goto(`${server.url}#/parity/no-such-recording/3`);
    await page.getByRole("alert").getByText("no such recording").waitFor();
    await close();
  });

  test("axe finds nothing, in either theme and language, wide or narrow; nothing scrolls sideways", async () => {
    for (const [colorScheme, locale] of [["light", "en-US"], ["dark", "zh-CN"]]) {
      for (const width of [1440, 390]) {
        const { page, close } = await visit({ colorScheme, locale, viewport: { width, height: 844 } });
        await page.getByRole("button", { name: /A01-ordered-creation/ }).click();
        assert.deepEqual(await axeFindings(page), [], `${colorScheme}, ${locale}, ${width} px`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide at ${width} px`);
        await close();
      }
    }
  });

  test("it speaks the reader's language, and the way back leads to the laboratory", async () => {
    const { page, close } = await visit({ locale: "zh-CN" });
    await page.getByRole("heading", { name: "一致性" }).waitFor();
    await page.getByRole("link", { name: "回到实验室" }).click();
    await page.locator(".wb").waitFor();
    await close();
  });
});
