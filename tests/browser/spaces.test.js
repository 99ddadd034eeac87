// Workspaces in a browser's own storage: a reload, two browser tabs, no storage, no room in it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { axeFindings, newPage, openBrowser, settled } from "./support/browser.js";
import { serve } from "./support/server.js";
import { PATIENCE, Workbench, allReady } from "./support/workbench.js";

const MINE = "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: mine\ndata: {a: b}\n";

describe("workspaces", { timeout: 180_000 }, () => {
  let browser, server;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve()]);
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  /** The tabs of the top bar, that on stage with a mark before it. */
  const tabs = (page) => page.getByRole("navigation", { name: "Workspaces" }).evaluate((bar) =>
    [...bar.querySelectorAll(".wname")].map((tab) => `${tab.ariaCurrent ? ">" : ""}${tab.innerText.trim()}`));

  async function until(page, wanted) {
    const end = Date.now() + PATIENCE;
    let now;
    do {
      now = await tabs(page);
      if (String(now) === String(wanted)) return;
      await page.waitForTimeout(30);
    } while (Date.now() < end);
    assert.deepEqual(now, wanted);
  }

  const tab = (page, name) =>
    page.getByRole("navigation", { name: "Workspaces" }).getByRole("button", { name: new RegExp(`^${name}( yours)?$`) });

  async function example(page, name) {
    await page.getByRole("button", { name: "Open another workspace" }).click();
    await page.getByRole("searchbox", { name: "Search the examples" }).fill(name);
    await page.keyboard.press("Enter");
  }

  test("an example opens beside mine, and a reload brings back both", async () => {
    const { visitor, page, bench } = await Workbench.open(browser, server.url);
    await bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
    await bench.button("Create this StorageClass").click();
    await bench.speed("60×");
    await bench.until((cards) => allReady(cards, 3), "three Pods Ready");
    await bench.pause();
    await bench.type("kubectl get sts");
    await example(page, "canary");
    await until(page, ["Three in a row", ">Canary by partition"]);
    assert.match(await bench.text(), /nginx:1\.7\.9/);
    await bench.paste(MINE);
    await tab(page, "Three in a row").click();
    await bench.until((cards) => allReady(cards, 3), "they are still there");
    assert.match(await page.getByRole("log").innerText(), /kubectl get sts/);

    await page.reload();
    await settled(page);
    await until(page, [">Three in a row", "Canary by partition"]);
    await bench.until((cards) => allReady(cards, 3), "they are there again");
    await tab(page, "Canary by partition").click();
    assert.equal(await bench.text(), MINE);
    assert.deepEqual(visitor.heard.errors, []);
    await visitor.close();
  });

  test("a tab that was closed comes back, with its name", async () => {
    const { visitor, page, bench } = await Workbench.open(browser, server.url);
    await bench.paste(MINE);
    await tab(page, "Three in a row").click();
    await page.getByRole("textbox", { name: "Name of this workspace" }).fill("my map");
    await page.keyboard.press("Enter");
    await until(page, [">my map"]);
    await page.getByRole("button", { name: "Close my map" }).click();
    await until(page, [">Three in a row"]);
    await page.getByRole("status").getByRole("button", { name: /^Undo/ }).click();
    await until(page, [">my map"].concat(["Three in a row"]));
    assert.equal(await bench.text(), MINE);
    await visitor.close();
  });

  test("a run is saved as a file, and opened again", async () => {
    const { visitor, page, bench } = await Workbench.open(browser, server.url);
    await bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
    await bench.pod("web-0").waitFor();
    await bench.button("Export").click();
    const saved = page.waitForEvent("download");
    await page.getByRole("dialog", { name: "Export" }).getByRole("button", { name: /^The run/ }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "three-in-a-row.json");
    const path = await file.path();
    await page.getByRole("button", { name: "Open another workspace" }).click();
    const asked = page.waitForEvent("filechooser");
    await bench.button("Import a run...").click();
    const { name, buffer } = { name: "run.json", buffer: await readFile(path) };
    await (await asked).setFiles({ name, mimeType: "application/json", buffer });
    await until(page, ["Three in a row", ">run"]);
    await bench.pod("web-0").waitFor();
    assert.match(await bench.text(), /kind: StatefulSet/);
    assert.deepEqual([visitor.heard.errors, visitor.heard.violations], [[], []]);
    await visitor.close();
  });

  test("gallery, menu, name and the way back say what they are, in both languages and themes", async () => {
    for (const options of [{}, { locale: "zh-CN", colorScheme: "dark" }, { viewport: { width: 390, height: 844 } }]) {
      const { page, close } = await newPage(browser, options);
      await page.goto(server.url);
      await settled(page);
      await page.locator(".gallery, .plus").first().click();
      await page.locator(".gex").first().waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.locator(".gex").nth(1).click();
      await page.locator("[aria-expanded=false]").last().click();
      await page.locator(".exppop").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.locator(".wtab.on .wname").click();
      await page.locator("#space-name").fill("mine");
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: /^(Apply|应用)/ }).last().click();
      await page.locator("svg.stage").waitFor();
      await page.locator(".wclose").click();
      await page.locator(".undo").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await close();
    }
  });

  test("two browser tabs: what each has done is there", async () => {
    const { visitor, page: here, bench } = await Workbench.open(browser, server.url);
    await bench.paste("here: 1\n");
    await here.waitForFunction(() => Object.values(localStorage).some((text) => text.includes("here: 1")));
    const there = await here.context().newPage();
    await there.goto(server.url);
    await settled(there);
    await until(there, [">Three in a row"]);
    await bench.paste("here: 2\n");
    await there.getByRole("alert").getByText("Another browser tab has changed").waitFor();
    await new Workbench(there).paste("there: 3\n");
    await until(there, ["Three in a row", ">Three in a row (2)"]);
    await until(here, [">Three in a row", "Three in a row (2)"]);
    assert.equal(await bench.text(), "here: 2\n");
    await visitor.close();
  });

  for (const [name, breaks] of [
    ["is blocked", () => Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } })],
    ["is full", () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; }],
  ]) {
    test(`storage that ${name}: the page works and says so`, async () => {
      const { page, heard, close } = await newPage(browser, {});
      await page.addInitScript(breaks);
      await page.goto(server.url);
      await settled(page);
      const bench = new Workbench(page);
      await bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
      await example(page, "stuck");
      await until(page, ["Three in a row", ">A bad image, taken back"]);
      await page.getByText("Kept in this tab only").waitFor();
      await tab(page, "Three in a row").click();
      await bench.pod("web-0").waitFor();
      assert.deepEqual(heard.errors, []);
      await close();
    });
  }
});
