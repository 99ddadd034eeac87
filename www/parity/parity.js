// The parity page, `#/parity`: plays the recordings of a real Kubernetes in the reader's browser.
//
// Loaded by boot.js instead of the laboratory. What it needs, the engine as a module and the recordings, is
// fetched only here. Between two recordings the browser gets its turn, so the page answers while it plays.

import { chinese, words } from "./words.js";
import { details } from "./steps.js";
import { element } from "./element.js";

const here = (name) => new URL(name, import.meta.url);

/** Shows the page in place of what stands in `app`, and plays everything. */
export async function show(app) {
  document.title = `${words.title} · Ordinal`;
  const style = element("link", { rel: "stylesheet", href: here("parity.css").href });
  await new Promise((done) => {
    style.onload = style.onerror = done;
    document.head.append(style);
  });
  const page = build();
  app.replaceChildren(page.root);
  try {
    await play(page);
  } catch (error) {
    page.status.textContent = words.broken;
    throw error;
  }
}

function build() {
  const status = element("p", { id: "parity-status", role: "status" }, words.loading);
  const progress = element("progress", { "aria-labelledby": "parity-status", max: 1, value: 0 });
  const only = element("input", { type: "checkbox", id: "parity-only" });
  const rows = element("tbody");
  const heads = [words.recording, words.area, words.outcome].map((text) => element("th", { scope: "col" }, text));
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), rows);
  only.addEventListener("change", () => table.classList.toggle("only-differing", only.checked));
  const back = element("a", { href: "#" }, words.back);
  const root = element(
    "div",
    { class: "parity" },
    element("header", {}, back, element("h1", {}, words.title)),
    element(
      "main",
      {},
      element("p", { class: "lead" }, words.lead),
      status,
      progress,
      element("label", { for: "parity-only" }, only, ` ${words.show}`),
      table,
    ),
  );
  return { root, status, progress, rows };
}

async function play({ status, progress, rows }) {
  const [{ playRecording }, texts] = await Promise.all([import(here("../engine/index.js")), recordings()]);
  progress.max = texts.length;
  const begun = performance.now();
  let passed = 0;
  for (const [at, text] of texts.entries()) {
    const outcome = judged(playRecording, text);
    passed += outcome.word === "passed" ? 1 : 0;
    rows.append(...row(outcome));
    progress.value = at + 1;
    status.textContent = words.playing(at + 1, texts.length);
    await turn();
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  status.textContent = words.done(passed, texts.length, seconds);
  status.dataset.passed = passed;
  status.dataset.all = texts.length;
}

/** One recording a line, each as its file holds it. */
async function recordings() {
  const response = await fetch(here("recordings.jsonl"), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return (await response.text()).split("\n").filter((line) => line);
}

/** Lets the browser paint and answer. */
function turn() {
  return new Promise((done) => setTimeout(done));
}

/** What came of a recording; a panic of the engine is a difference like any other. */
function judged(playRecording, text) {
  try {
    const played = playRecording(text);
    const differs = played.steps.some((step) => step.differences.length);
    return { ...played, word: played.passed ? (differs ? "known" : "passed") : "failed" };
  } catch (error) {
    const { id, title } = JSON.parse(text);
    const steps = [{ did: "", manifest: "", answer: "", known: null, differences: [{ part: "", diff: String(error) }] }];
    return { id, title, area: null, steps, word: "failed" };
  }
}

/** The row of a recording, and below it the one for its steps, filled when it is opened. */
function row(outcome) {
  const place = element("td", { colspan: 3 });
  const below = element("tr", { class: `below ${outcome.word}`, hidden: "" }, place);
  below.id = `steps-${outcome.id}`;
  const button = element(
    "button",
    { type: "button", "aria-expanded": "false", "aria-controls": below.id },
    element("code", {}, outcome.id),
    element("span", { lang: "en" }, outcome.title),
  );
  button.addEventListener("click", () => {
    below.hidden = !below.hidden;
    button.setAttribute("aria-expanded", String(!below.hidden));
    if (!place.hasChildNodes()) place.append(details(outcome));
  });
  const area = outcome.area?.[chinese ? "zh-CN" : "en"] ?? "";
  const word = element("span", { class: `word ${outcome.word}` }, words[outcome.word]);
  const cells = [element("th", { scope: "row" }, button), element("td", {}, area), element("td", {}, word)];
  return [element("tr", { class: outcome.word, "data-id": outcome.id }, ...cells), below];
}
