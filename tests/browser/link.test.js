// A link to a moment: copied, opened, refused, broken.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { axeFindings, newPage, openBrowser, settled } from "./support/browser.js";
import { serve } from "./support/server.js";
import { Workbench, allReady } from "./support/workbench.js";

/** A text as a link holds it. */
const packed = (text) => deflateRawSync(Buffer.from(text)).toString("base64url");

describe("a link to a moment", { timeout: 180_000 }, () => {
  let browser, server, link;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve()]);
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  async function visit(fragment, options = {}) {
    const visitor = await newPage(browser, options);
    await visitor.page.goto(server.url + fragment);
    await settled(visitor.page);
    return visitor;
  }

  test("it is copied at a click or with L, and the page says so", async () => {
    const { visitor, page, bench } = await Workbench.open(browser, server.url);
    await bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
    await bench.button("Create this StorageClass").click();
    await bench.speed("8×");
    await bench.until((cards) => allReady(cards, 3), "three Pods Ready");
    await bench.type("kubectl scale sts web --replicas=2");
    await bench.until((cards) => allReady(cards, 2), "two Pods Ready");
    await bench.pause();
    await bench.paste("# 未应用\n");
    await page.waitForTimeout(300);
    await page.getByRole("heading", { name: "Why" }).click();
    await page.keyboard.press("<");
    await bench.until((cards) => allReady(cards, 3), "before it was scaled");
    const clock = await bench.clock();
    await bench.button("Copy link to this moment").click();
    await page.getByText("Link copied").waitFor();
    link = { address: await page.evaluate(() => navigator.clipboard.readText()), clock };
    assert.ok(link.address.startsWith(`${server.url}#s=`), link.address);
    assert.match(link.address.split("#s=")[1], /^[\w-]+$/, "letters that an address holds as they are");
    assert.deepEqual(await axeFindings(page), []);
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await page.getByRole("heading", { name: "Why" }).click();
    await page.keyboard.press("l");
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("#s="));
    await page.getByText("Link copied").waitFor({ state: "detached", timeout: 10_000 });
    assert.deepEqual(visitor.heard.errors, []);
    await visitor.close();
  });

  test("who opens it sees that moment and that text, and keeps nothing", async () => {
    const { page, heard, close } = await visit(link.address.slice(server.url.length), { locale: "en-US" });
    const bench = new Workbench(page);
    await page.getByText("Somebody shared this session.").waitFor();
    const reading = await page.waitForFunction((wanted) => {
      const text = document.querySelector(".tl .clock").textContent;
      return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) === wanted && text;
    }, link.clock); // it is played, piece by piece
    assert.ok(reading);
    await bench.until((cards) => allReady(cards, 3), "the moment of the link");
    assert.match(await page.locator(".cm-content").innerText(), /# 未应用/);
    await bench.showAll();
    for (const flag of ["apply web.yaml", "scale sts web --replicas=2"]) {
      assert.equal(await bench.timeline.getByRole("img", { name: new RegExp(flag) }).count(), 1, flag);
    }
    await page.keyboard.press("End");
    await bench.until((cards) => allReady(cards, 2), "what came after it");
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await page.getByRole("link", { name: "To the laboratory" }).click();
    await page.getByRole("button", { name: "Apply web.yaml" }).waitFor();
    assert.equal(await page.getByText("Somebody shared this session.").count(), 0);
    assert.deepEqual([heard.errors, heard.violations], [[], []]);
    await close();
  });

  test("a link that is followed from a page that is open opens, too", async () => {
    const { page, close } = await visit("");
    await page.evaluate((hash) => { location.hash = hash; }, link.address.split(/(?=#)/)[1]);
    await page.getByText("Somebody shared this session.").waitFor();
    await close();
  });

  test("where the page may not copy, the link stands in a field", async () => {
    const { page, heard, close } = await newPage(browser);
    await page.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied", "NotAllowedError"));
    });
    await page.goto(server.url);
    await settled(page);
    await page.getByText("No problems").waitFor();
    await page.getByRole("button", { name: "Copy link to this moment" }).click();
    const field = page.getByRole("textbox", { name: "The browser does not let the page copy." });
    await field.waitFor();
    assert.match(await field.inputValue(), /#s=[\w-]+$/);
    await page.waitForFunction(() => String(getSelection()).includes("#s=") || document.activeElement.selectionEnd > 0);
    assert.ok(await field.evaluate((one) => one === document.activeElement && one.selectionEnd === one.value.length));
    assert.deepEqual(await axeFindings(page), []);
    await page.locator(".told").getByRole("button", { name: "Close" }).click();
    assert.equal(await field.count(), 0);
    assert.deepEqual(heard.errors, []);
    await close();
  });

  describe("a broken one is told, and the page lives", () => {
    const cases = [
      ["cut off", () => link.address.split("#s=")[1].slice(0, -20), "The link is damaged"],
      ["no base64", () => "@@@", "The link is damaged"],
      ["empty", () => "", "The link is damaged"],
      ["no session", () => packed('{"a":1}'), "There is no script to open"],
      ["a bomb of 200 MB", () => packed("a".repeat(200_000_000)), "more than 1 MiB"],
    ];
    for (const [name, payload, told] of cases) {
      test(name, async () => {
        const { page, heard, close } = await visit(`#s=${payload()}`);
        await page.getByRole("alert").getByText(told).waitFor({ timeout: 20_000 });
        await page.getByRole("button", { name: "Apply web.yaml" }).click();
        await page.getByRole("log").getByText("statefulset.apps/web created").waitFor();
        await page.getByRole("alert").getByRole("link", { name: "To the laboratory" }).click();
        await page.getByRole("alert").waitFor({ state: "detached" });
        assert.deepEqual(heard.errors, []);
        await close();
      });
    }
  });
});
