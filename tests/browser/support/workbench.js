// The workbench as a person works it: its controls by the names that a screen reader reads out.

import assert from "node:assert/strict";
import { newPage, settled } from "./browser.js";

/** Nothing that the page is asked for may take longer, in milliseconds; a busy machine included. */
export const PATIENCE = 10_000;

/** Runs in the page: what is on stage in each drawn frame, one sample for each change. */
function watchTheStage() {
  const cards = () => [...document.querySelectorAll('[role="button"][aria-label^="Pod "]')]
    .filter((card) => !card.closest('[aria-hidden="true"]'))
    .map((card) => card.getAttribute("aria-label"));
  globalThis.samples = [];
  let last;
  const look = () => {
    const seen = cards();
    if (String(seen) !== last) globalThis.samples.push(seen);
    last = String(seen);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** `Pod web-0, Running, Ready, revision 774c, node-2`, taken apart. */
export function readCard(label) {
  const [name, ...rest] = label.split(", ");
  return {
    name: name.replace("Pod ", ""),
    ordinal: Number(/-(\d+)$/.exec(name)?.[1]),
    ready: rest.includes("Ready"),
    word: rest[0],
    revision: rest.find((part) => part.startsWith("revision "))?.replace("revision ", ""),
    label,
  };
}

/** The revision of each Pod, by name. */
export const revisions = (cards) => Object.fromEntries(cards.map((card) => [card.name, card.revision]));

/** Whether these are the Pods `web-0` to `web-<n-1>`, all of them Ready. */
export const allReady = (cards, n) => cards.length === n && cards.every((card) => card.ready);

export class Workbench {
  /** Visits the page at `url` as somebody who has never been there. */
  static async open(browser, url) {
    const visitor = await newPage(browser, { colorScheme: "light", permissions: ["clipboard-read", "clipboard-write"] });
    const { page } = visitor;
    const bench = new Workbench(page);
    await page.addInitScript(watchTheStage);
    await page.goto(url);
    await settled(page);
    return { visitor, page, bench };
  }

  constructor(page) {
    this.page = page;
    this.left = page.locator(".left");
    this.main = page.locator("#stage");
    this.why = page.locator(".side");
    this.timeline = page.locator(".tl");
    this.editor = page.getByRole("textbox", { name: /\.yaml$/ });
    this.prompt = page.getByRole("textbox", { name: "Terminal" });
    page.setDefaultTimeout(PATIENCE);
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** The timeline shows all of the run. */
  showAll() {
    return this.timeline.getByRole("button", { name: /^Fit/ }).click();
  }

  pod(name) {
    return this.page.getByRole("button", { name: new RegExp(`^Pod ${name},`) });
  }

  speed(name) {
    return this.timeline.getByRole("button", { name, exact: true }).click();
  }

  /** Pods on stage, the lowest ordinal first. */
  async cards() {
    const found = await this.page.getByRole("button", { name: /^Pod / }).all();
    const labels = await Promise.all(found.map((card) => card.getAttribute("aria-label", { timeout: 500 }).catch(() => null)));
    return labels.filter((label) => label !== null).map(readCard).sort((a, b) => a.ordinal - b.ordinal);
  }

  /** Claims on stage: `PVC www-web-0, Bound, 1Gi my-storage-class`. */
  claims() {
    return this.page.getByRole("button", { name: /^PVC / }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  }

  /** Records on stage: `DNS web-0.nginx, A 10.244.2.3`. */
  records() {
    return this.page.getByRole("button", { name: /^DNS / }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  }

  /** Waits until the Pods on stage are as wanted, and returns them. */
  async until(wanted, what) {
    const end = Date.now() + PATIENCE;
    let cards;
    do {
      cards = await this.cards();
      if (wanted(cards)) return cards;
      await this.page.waitForTimeout(40);
    } while (Date.now() < end);
    return assert.fail(`${what}: not after ${PATIENCE} ms: ${cards.map((card) => card.label).join(" | ")}`);
  }

  /** What was on stage from frame to frame since the last call. */
  async samples() {
    const samples = await this.page.evaluate(() => globalThis.samples.splice(0));
    return samples.map((labels) => labels.map(readCard));
  }

  /** Types a command line, returns what it has printed as soon as it has printed something. */
  type(command) {
    return this.answer(`$ ${command}`, async () => {
      await this.prompt.fill(command);
      await this.prompt.press("Enter");
    });
  }

  /** Does something that puts this line on the terminal, returns what is printed below it. */
  async answer(line, deed) {
    const parts = async () => (await this.page.getByRole("log").innerText()).split(`${line}\n`);
    const before = (await parts()).length;
    await deed();
    const end = Date.now() + PATIENCE;
    let now;
    do {
      now = await parts();
      if (now.length > before && now.at(-1).trim()) return now.at(-1).trim();
      await this.page.waitForTimeout(20);
    } while (Date.now() < end);
    return assert.fail(`nothing below ${line}: ${now.at(-1).slice(-600)}`);
  }

  /** The reading of the clock, in seconds. */
  async clock() {
    const text = await this.timeline.locator(".clock").innerText();
    return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  }

  async pause() {
    const pause = this.timeline.getByRole("button", { name: "Pause" });
    if (await pause.count()) await pause.click();
  }

  async play() {
    const play = this.timeline.getByRole("button", { name: "Play" });
    if (await play.count()) await play.click();
  }

  /** Lets at least so many simulated seconds pass at the highest speed. */
  async pass(seconds) {
    const start = await this.clock();
    await this.speed("60×");
    await this.play();
    const end = Date.now() + PATIENCE;
    while ((await this.clock()) < start + seconds) {
      assert.ok(Date.now() < end, "time does not pass");
      await this.page.waitForTimeout(40);
    }
    await this.speed("8×");
  }

  /** Puts a text into the editor as a person does, by the clipboard. */
  async paste(text) {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.editor.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.press("Control+v");
  }

  /** The editor's whole text, by the clipboard. */
  async text() {
    await this.editor.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.press("Control+c");
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Two frames: the page is not busy. */
  frames() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}
