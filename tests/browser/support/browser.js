// A real browser, and pages that write down whatever went wrong in them.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox", // containers run as root, where Chromium's sandbox does not start
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** The browser that `cargo xtask test` found. */
export function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROME ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/**
 * A page in a context of its own, with `heard`: everything that a good page has none of. The options are
 * Playwright's: `viewport`, `colorScheme`, `locale`, `reducedMotion`, `javaScriptEnabled`.
 */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const heard = { messages: [], errors: [], violations: [], failures: [], addresses: [] };
  page.on("console", (message) => heard.messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => heard.errors.push(error.stack || String(error)));
  page.on("request", (request) => heard.addresses.push(request.url()));
  page.on("response", (answer) => answer.ok() || heard.failures.push(`${answer.status()} ${answer.url()}`));
  page.on("requestfailed", (request) => heard.failures.push(`${request.failure()?.errorText} ${request.url()}`));
  if (options.javaScriptEnabled !== false) {
    await page.exposeBinding("reportViolation", (_, text) => heard.violations.push(text));
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        globalThis.reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }
  return { page, heard, close: () => context.close() };
}

/** What axe finds wrong, one line each: the rule, then where. */
export async function axeFindings(page) {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.failureSummary}`));
}

/** The workbench with CodeMirror in it: all that a visit loads has arrived. */
export async function settled(page) {
  await page.locator(".wb").waitFor();
  await page.locator(".cm-content").waitFor({ state: "attached" });
}
