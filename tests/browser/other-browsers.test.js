// A link copied from the page opens the same moment in other browsers: one smoke test each, where the machine has
// them. Seeds, not clocks, decide what happens, so they must show the very same Pods on the very same nodes.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import puppeteer from "puppeteer-core";
import { newPage, openBrowser } from "./support/browser.js";
import { serve } from "./support/server.js";
import { openWebKit, withoutWebKit } from "./support/webdriver.js";
import { Workbench, allReady } from "./support/workbench.js";

const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
/** A browser may be slow where several run. */
const PATIENCE = 60_000;

/** What is to be seen of the moment, in the page's own words: an expression for any browser. */
const SEEN = `JSON.stringify({
  clock: document.querySelector(".tl .clock")?.textContent,
  pods: [...document.querySelectorAll('[role="button"][aria-label^="Pod "]')].map((one) => one.getAttribute("aria-label")).sort(),
  flags: [...document.querySelectorAll('.tl [role="img"]')].map((one) => one.getAttribute("aria-label")).sort(),
  shared: document.body.textContent.includes("Somebody shared this session."),
})`;

describe("a link in other browsers", { timeout: 300_000 }, () => {
  let browser, server, link, wanted;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve()]);
    const { visitor, page, bench } = await Workbench.open(browser, server.url);
    await bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
    await bench.button("Create this StorageClass").click();
    await bench.speed("8×");
    await bench.until((cards) => allReady(cards, 3), "three Pods Ready");
    await bench.type("kubectl delete pod web-1 --wait=false");
    await bench.pass(4);
    await bench.pause();
    await bench.button("Copy link to this moment").click();
    await page.getByText("Link copied").waitFor();
    link = await page.evaluate(() => navigator.clipboard.readText());
    wanted = { ...JSON.parse(await page.evaluate(SEEN)), shared: true };
    assert.ok(wanted.pods.length >= 2, "some Pods are on stage");
    await visitor.close();
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  /** Opens the link, waits until the page shows what was seen, and says what it showed last. */
  async function opens({ goto, evaluate }) {
    await goto(`${link.replace("#", "?lang=en#")}`);
    const end = Date.now() + PATIENCE;
    let seen;
    do {
      seen = JSON.parse(await evaluate(SEEN));
      if (JSON.stringify(seen) === JSON.stringify(wanted)) break;
      await new Promise((done) => setTimeout(done, 100));
    } while (Date.now() < end);
    assert.deepEqual(seen, wanted);
  }

  test("Chromium, as somebody else", async () => {
    const { page, heard, close } = await newPage(browser);
    await opens({ goto: (url) => page.goto(url), evaluate: (text) => page.evaluate(text) });
    assert.deepEqual(heard.errors, []);
    await close();
  });

  test("Firefox", { skip: !existsSync(FIREFOX) && "this machine has no Firefox" }, async () => {
    const firefox = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
    try {
      const page = await firefox.newPage();
      await opens({ goto: (url) => page.goto(url), evaluate: (text) => page.evaluate(text) });
    } finally {
      await firefox.close();
    }
  });

  test("WebKit", { skip: withoutWebKit }, async () => {
    const webkit = await openWebKit();
    try {
      await opens(webkit);
    } finally {
      await webkit.close();
    }
  });
});
