// A mistake of ours, caught at the shell: the panel that says what is safe, and leads back.
//
// A panic ends the program, since nothing of it can be trusted afterwards; so does a trap (the end of the stack, a
// read outside of memory), which tells nobody but the browser. So the program says beforehand what the panel would
// say, and this file builds it without the program. What a person typed and did is kept in the browser at each step,
// so a new start is the way back: with everything but the last deed, which led here.
//
// It is bound by its place beside the wasm glue, as the editor is (www/editor-shim.js):
//
//   #[wasm_bindgen(raw_module = "./mistake.js")]
//   extern "C" {
//       pub fn words(mistake: &str, hint: &str, step: &str, recover: &str, copy: &str, report: &str);
//       pub fn facts(seed: f64, inputs: u32, steps: f64, head: f64, back: f64);
//       pub fn inputs(json: &str);
//       pub fn show(said: &str, text: &str);
//   }

let said = { mistake: "Ordinal made a mistake, and stopped.", hint: "", step: "", recover: "Reload", copy: "", report: "" };
let known = { seed: 0, inputs: 0, steps: 0, head: 0, back: 0 };
let script = "";

/** The panel's words, in the page's language. */
export function words(mistake, hint, step, recover, copy, report) {
  said = { mistake, hint, step, recover, copy, report };
}

/** What a report says of the session; times in microseconds since 0:00. */
export function facts(seed, inputs, steps, head, back) {
  known = { seed, inputs, steps, head, back };
}

/** The inputs that a report holds. */
export function inputs(json) {
  script = json;
}

/** Shows the panel, once: `line` is the mistake in a line, `text` all that is known of it. */
export function show(line, text) {
  if (document.querySelector(".mistake")) return;
  try {
    localStorage.setItem("ordinal.failed", "true"); // the next start leaves out what led here
  } catch {
    // Without storage there is nothing to leave out.
  }
  const numbers = `seed ${known.seed}, ${known.inputs} inputs, step ${known.steps}`;
  const report = `${text}\n\n${numbers}\n${script}`;
  console.error(report);

  const panel = element("div", "mid l mistake");
  panel.setAttribute("role", "alertdialog");
  panel.setAttribute("aria-label", said.mistake);
  const acts = element("div", "acts");
  const back = element("button", "btn primary big", `${said.recover} ${clock(known.back)}`);
  const copy = element("button", "btn big", said.copy);
  acts.append(back, copy);
  const details = element("details");
  const whole = element("pre", "mono", report);
  whole.tabIndex = 0;
  details.append(element("summary", "", said.report), whole);
  panel.append(
    element("h2", "", said.mistake),
    element("p", "", `${said.hint} ${clock(known.head)}${said.step}`),
    acts,
    element("p", "mono", `${numbers}: ${line}`),
    details,
  );
  back.addEventListener("click", () => {
    location.hash = "";
    location.reload();
  });
  copy.addEventListener("click", () => navigator.clipboard?.writeText(report).catch(() => {}));
  document.body.append(panel);
  back.focus();
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** `0:38.9`, `1:02:03.4` */
function clock(micros) {
  const tenths = Math.floor(Math.max(micros, 0) / 100_000);
  const [minutes, seconds] = [Math.floor(tenths / 600), Math.floor(tenths / 10) % 60];
  const tail = `${String(seconds).padStart(2, "0")}.${tenths % 10}`;
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}

/** Whether the program trapped. The end of the browser's own stack is another error, told by where it happened. */
function isTrap(error) {
  if (error instanceof WebAssembly.RuntimeError) return true;
  const isStack = error instanceof RangeError || error?.name === "InternalError";
  return isStack && /wasm-function|\.wasm\b|\[wasm code\]/.test(error.stack ?? "");
}

const heard = (error) => isTrap(error) && show(String(error), `${error}\n${error.stack ?? ""}`);
addEventListener("error", (event) => heard(event.error));
addEventListener("unhandledrejection", (event) => heard(event.reason));
