// The steps of a recording: what was done, what the real cluster said, and what came otherwise here.

import { words } from "./words.js";
import { element } from "./element.js";

/** A list of all steps of what was played. */
export function details(outcome) {
  return element("ol", { class: "steps", start: 0 }, ...outcome.steps.map((step, at) => one(step, at, outcome)));
}

function one(step, at, { id }) {
  const item = element("li", {}, element("p", { class: "did" }, element("code", {}, step.did || words.course)));
  if (step.did) item.firstChild.append(" ", element("a", { href: `#/parity/${id}/${at}` }, words.stage));
  if (step.manifest) item.append(element("pre", { class: "input", tabindex: 0 }, step.manifest));
  const said = element("pre", { tabindex: 0 }, step.answer || words.nothing);
  const real = element("div", {}, element("h2", {}, words.real), said);
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
