// The steps of a recording: what was done, what the real cluster said, and what came otherwise here.

import { words } from "./words.js";
import { element } from "./element.js";

/** A list of all steps. `recording` is the file, `outcome` what playing it came to. */
export function details(outcome, recording) {
  const steps = outcome.steps.map((step, at) => one(step, recording.steps[at]));
  return element("ol", { class: "steps", start: 0 }, ...steps);
}

function one(step, recorded) {
  const item = element("li", {}, element("p", { class: "did" }, element("code", {}, step.did || words.course)));
  const text = manifest(recorded?.do);
  if (text) item.append(element("pre", { class: "input", tabindex: 0 }, text));
  const real = element("div", {}, element("h2", {}, words.real), element("pre", { tabindex: 0 }, said(recorded)));
  const mine = element("div", {}, element("h2", {}, words.here), here(step));
  item.append(element("div", { class: "sides" }, real, mine));
  if (step.known) item.append(element("p", { class: "why" }, words.why, element("span", { lang: "en" }, step.known)));
  return item;
}

function here(step) {
  if (!step.differences.length) return element("p", { class: "word passed" }, words.same);
  const text = step.differences.map((each) => each.diff || each.part).join("\n");
  return element("pre", { class: "diff", tabindex: 0 }, text);
}

/** The YAML that a step applied. */
function manifest(act) {
  return act?.apply ?? act?.create ?? act?.input ?? "";
}

/** What the real cluster answered, wrote and told. */
function said(recorded) {
  if (!recorded) return words.nothing;
  const { result, changes, changesUnordered, events, eventsUnordered } = recorded;
  const lines = [];
  if (result) lines.push(...[result.stdout, result.stderr, result.rcode].filter((text) => text));
  if (result?.answer) lines.push(...result.answer.map(String));
  lines.push(...(changes ?? changesUnordered ?? []).map(String));
  for (const event of events ?? eventsUnordered ?? []) {
    lines.push(typeof event === "string" ? event : [event.type, event.reason, event.message].filter(Boolean).join("  "));
  }
  return lines.join("\n").trimEnd() || words.nothing;
}
