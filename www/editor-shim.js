// The editor as the wasm side sees it: a text area at once, CodeMirror as soon as it has arrived.
//
// CodeMirror is half of the page's bytes, and a static import would keep the simulator waiting for it.
// So this file, which the wasm glue imports, is small; the bundle (www/editor) comes after first paint
// and takes over text, selection and focus. If it cannot be loaded, the text area stays and works.
//
// It is bound by its place beside the wasm glue, not as a snippet, so that the release build can name it
// after its content:
//
//   #[wasm_bindgen(raw_module = "./editor-shim.js")]
//   extern "C" {
//       pub type Editor;
//       pub fn mount(parent: &web_sys::Element, options: &js_sys::Object) -> Editor;
//       #[wasm_bindgen(method, js_name = getText)]
//       pub fn get_text(this: &Editor) -> String;
//       #[wasm_bindgen(method, js_name = setText)]
//       pub fn set_text(this: &Editor, text: &str);
//       #[wasm_bindgen(method)]
//       pub fn open(this: &Editor, text: &str, label: &str);
//       #[wasm_bindgen(method, js_name = setDiagnostics)]
//       pub fn set_diagnostics(this: &Editor, json: &str);
//       #[wasm_bindgen(method, js_name = setChangedLines)]
//       pub fn set_changed_lines(this: &Editor, json: &str);
//       #[wasm_bindgen(method, js_name = setDrift)]
//       pub fn set_drift(this: &Editor, json: &str);
//       #[wasm_bindgen(method, js_name = setTheme)]
//       pub fn set_theme(this: &Editor, dark: bool);
//       #[wasm_bindgen(method, js_name = setLang)]
//       pub fn set_lang(this: &Editor, lang: &str, label: &str);
//       #[wasm_bindgen(method, js_name = setReadOnly)]
//       pub fn set_read_only(this: &Editor, read_only: bool);
//       #[wasm_bindgen(method)]
//       pub fn reveal(this: &Editor, from: u32, to: u32);
//       #[wasm_bindgen(method)]
//       pub fn focus(this: &Editor);
//       #[wasm_bindgen(method)]
//       pub fn destroy(this: &Editor);
//   }
//
// Options of `mount`; the functions may be left out:
//   text      the document
//   label     its name for screen readers, e.g. "web.yaml"
//   dark      whether the page is dark; colours follow the page's tokens by themselves
//   lang      "en" or "zh-CN", for the search panel and announcements
//   onChange  (text) => void, after each change that the person made, not for those made by the page
//   onApply   () => void, Ctrl-Enter or Cmd-Enter; the event goes no further
//   onFix     (diagnostic, fix) => void: a quick fix was chosen, both by their places
//   onTake    (place) => void: what the cluster has is to be taken
//   complete  (pos, text) => string | undefined, JSON: {"from": 12, "options": [{"label": "replicas",
//             "detail": "int", "info": "plain text", "apply": "replicas: ", "boost": 1}]}
//   hover     (pos, text) => string | undefined, plain text, a paragraph a line
//
// The handle works from the first moment; what is set before CodeMirror came is handed to it:
//   getText()                the text as it stands
//   setText(text)            replaces what differs; the cursor, folds and undo survive
//   open(text, label)        another document, with a history of its own; marks are gone
//   setDiagnostics(json)     [{"from": 0, "to": 4, "severity": "error"|"warning"|"info", "message": "",
//                            "fixes": ["Change to OnDelete"]}]
//   setChangedLines(json)    [{"line": 7, "was": "nginx:1.7.9", "isPlace": false}], `was` null for a line that is
//                            new; `isPlace`: only lines before it are gone
//   setDrift(json)           [{"line": 7, "has": "2", "taken": true}], `has` null if the cluster has nothing there,
//                            `taken`: the text can take it
//   reveal(from, to)         selects the range and brings it to the middle; focus() is a call of its own
//   setTheme(dark)  setLang(lang, label)  setReadOnly(bool)  focus()  destroy()
//
// Lines end with "\n", whatever was set. Offsets count UTF-16 units from 0, lines count from 1; both may lie
// behind the end of the text. `json` is text, so Rust needs no JS values. Once CodeMirror is there, `parent`
// holds `.cm-editor`.

/** Loads the bundle once, after the page has been painted. */
let bundle;
const load = () => (bundle ??= painted().then(() => import("./vendor/editor.js")));
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

export function mount(parent, options) {
  const editor = new Editor(parent, options);
  load()
    .then(({ mount: mountBundle }) => editor.takeOver(mountBundle))
    .catch((error) => console.warn("The plain text area stays, because the editor could not be loaded.", error));
  return editor;
}

/** For callbacks that were left out. */
const silent = { onChange() {}, onApply() {}, onFix() {}, onTake() {}, complete() {}, hover() {} };

class Editor {
  #parent;
  #options;
  #now; // the text area, later CodeMirror's handle
  #marks = new Map(); // what was set before CodeMirror came, by the method's name
  #composing = false;
  #gone = false;

  constructor(parent, options) {
    this.#parent = parent;
    this.#options = { ...silent, ...options };
    this.#now = this.#textArea(this.#options);
    parent.append(this.#now.element);
  }

  /** Swaps the text area for CodeMirror, but never under an input method's fingers. */
  takeOver(mountBundle) {
    const { element } = this.#now;
    if (this.#gone) return;
    if (this.#composing) {
      element.addEventListener("compositionend", () => setTimeout(() => this.takeOver(mountBundle)), { once: true });
      return;
    }
    const focused = document.activeElement === element;
    const selection = { anchor: element.selectionStart, head: element.selectionEnd };
    this.#now = mountBundle(this.#parent, { ...this.#options, text: element.value, selection });
    element.remove();
    for (const [name, value] of this.#marks) this.#now[name](value);
    if (focused) this.#now.focus();
  }

  /** A text area with the same handle, less what it cannot show. */
  #textArea({ text, label }) {
    const element = document.createElement("textarea");
    element.className = "editor-plain";
    element.value = text;
    element.spellcheck = false;
    element.setAttribute("autocapitalize", "off");
    element.setAttribute("aria-label", label);
    element.addEventListener("input", () => this.#options.onChange(element.value));
    element.addEventListener("compositionstart", () => { this.#composing = true; });
    element.addEventListener("compositionend", () => { this.#composing = false; });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        this.#options.onApply();
      }
    });
    const later = (name) => (value) => { this.#marks.set(name, value); };
    return {
      element,
      getText: () => element.value,
      setText: (next) => { if (element.value !== next) element.value = next; },
      open: (next, name) => {
        this.#marks.delete("setDiagnostics");
        this.#marks.delete("setChangedLines");
        this.#marks.delete("setDrift");
        element.value = next;
        element.setAttribute("aria-label", name);
      },
      setDiagnostics: later("setDiagnostics"),
      setChangedLines: later("setChangedLines"),
      setDrift: later("setDrift"),
      setTheme: () => {},
      setLang: (_, name) => element.setAttribute("aria-label", name),
      setReadOnly: (readOnly) => { element.readOnly = readOnly; this.#marks.set("setReadOnly", readOnly); },
      focus: () => element.focus(),
      reveal: (from, to) => revealInTextArea(element, from, to),
      destroy: () => element.remove(),
    };
  }

  getText() { return this.#now.getText(); }
  setText(text) { this.#now.setText(text); }
  open(text, label) { this.#options.label = label; this.#now.open(text, label); }
  setDiagnostics(json) { this.#now.setDiagnostics(json); }
  setChangedLines(json) { this.#now.setChangedLines(json); }
  setDrift(json) { this.#now.setDrift(json); }
  setTheme(dark) { this.#options.dark = dark; this.#now.setTheme(dark); }
  setLang(lang, label) { Object.assign(this.#options, { lang, label }); this.#now.setLang(lang, label); }
  setReadOnly(readOnly) { this.#now.setReadOnly(readOnly); }
  focus() { this.#now.focus(); }
  reveal(from, to) { this.#now.reveal(from, to); }
  destroy() { this.#gone = true; this.#now.destroy(); }
}

function revealInTextArea(element, from, to) {
  element.setSelectionRange(from, to);
  const lines = element.value.split("\n").length;
  const line = element.value.slice(0, from).split("\n").length;
  element.scrollTop = (element.scrollHeight / lines) * Math.max(0, line - 4);
}
