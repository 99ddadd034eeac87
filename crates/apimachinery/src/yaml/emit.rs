//! JSON to YAML, as `kubectl -o yaml` prints it: block style, two blanks a level, lists not indented
//! under their key, members in go-yaml's order, long texts folded after column 80.
//!
//! Models: `sigs.k8s.io/yaml` (`Marshal`) over `go.yaml.in/yaml/v2` (`encode.go`, `emitterc.go`,
//! `sorter.go`).

use std::cmp::Ordering;
use std::iter::repeat_n;

use serde_json::{Map, Number, Value};

use super::analysis::{Analysis, analyze, is_break, is_printable};
use super::scalar::{Typed, resolve};
use crate::gojson;

/// Blanks a level.
const INDENT: usize = 2;
/// A blank past this column may become a line break.
const BEST_WIDTH: usize = 80;
/// A longer key is written after `? `.
const LONGEST_SIMPLE_KEY: usize = 128;

/// The YAML text of a value, with a final line break.
pub fn emit(value: &Value) -> String {
    let mut out = Emitter::default();
    match value {
        Value::Object(map) if !map.is_empty() => out.map(map, 0),
        Value::Array(list) if !list.is_empty() => out.list(list, 0),
        other => {
            out.scalar(other, INDENT);
            out.line();
        }
    }
    out.text
}

#[derive(Debug, Default)]
struct Emitter {
    text: String,
    /// Characters since the last line break.
    column: usize,
}

impl Emitter {
    fn put(&mut self, c: char) {
        self.text.push(c);
        self.column = if c == '\n' { 0 } else { self.column + 1 };
    }

    fn word(&mut self, word: &str) {
        word.chars().for_each(|c| self.put(c));
    }

    fn line(&mut self) {
        if self.column > 0 {
            self.put('\n');
        }
    }

    /// Goes to `indent`, on a new line unless this one is still that short and blank.
    fn indent(&mut self, indent: usize) {
        self.line();
        self.text.extend(repeat_n(' ', indent));
        self.column = indent;
    }

    /// Members at `indent`; the first begins where the emitter stands if that is already the place.
    fn map(&mut self, map: &Map<String, Value>, indent: usize) {
        let mut members: Vec<(&String, &Value)> = map.iter().collect();
        members.sort_by(|(a, _), (b, _)| compare_keys(a, b));
        for (at, (name, value)) in members.into_iter().enumerate() {
            if at > 0 || self.column != indent {
                self.indent(indent);
            }
            self.key(name, indent);
            self.value(value, indent);
        }
    }

    fn key(&mut self, name: &str, indent: usize) {
        let analysis = analyze(name);
        if name.len() <= LONGEST_SIMPLE_KEY && !analysis.multiline {
            self.string(name, None);
        } else {
            self.word("? ");
            self.string(name, Some(indent + INDENT));
            self.indent(indent);
        }
        self.put(':');
    }

    /// A key's value, with the blank or the line break before it.
    fn value(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                self.put('\n');
                self.text.extend(repeat_n(' ', indent + INDENT));
                self.column = indent + INDENT;
                self.map(map, indent + INDENT);
            }
            Value::Array(list) if !list.is_empty() => {
                self.indent(indent);
                self.list(list, indent);
            }
            other => {
                self.put(' ');
                self.scalar(other, indent + INDENT);
                self.line();
            }
        }
    }

    /// Items at `indent`; the first begins where the emitter stands.
    fn list(&mut self, list: &[Value], indent: usize) {
        for (at, item) in list.iter().enumerate() {
            if at > 0 {
                self.indent(indent);
            }
            self.word("- ");
            match item {
                Value::Object(map) if !map.is_empty() => self.map(map, indent + INDENT),
                Value::Array(list) if !list.is_empty() => self.list(list, indent + INDENT),
                other => {
                    self.scalar(other, indent + INDENT);
                    self.line();
                }
            }
        }
    }

    /// A value on one line, or a text whose further lines stand at `indent`.
    fn scalar(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.word("null"),
            Value::Bool(b) => self.word(&b.to_string()),
            Value::Number(n) => self.word(&number(n)),
            Value::String(s) => self.string(s, Some(indent)),
            Value::Array(_) => self.word("[]"),
            Value::Object(_) => self.word("{}"),
        }
    }

    /// A text; without `fold` (a key) it stays on its line.
    fn string(&mut self, text: &str, fold: Option<usize>) {
        let analysis = analyze(text);
        match (style(text, analysis), fold) {
            (Style::Literal, Some(indent)) => self.literal(text, indent),
            (Style::Plain, _) => self.plain(text, fold),
            (Style::Single, _) => self.single_quoted(text, fold),
            (Style::Literal | Style::Double, _) => self.double_quoted(text, fold),
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.put('|');
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put('2');
        }
        let mut ends = text.chars().rev();
        match (ends.next(), ends.next()) {
            (Some(last), _) if !is_break(last) => self.put('-'),
            (Some(_), None) => self.put('+'),
            (Some(_), Some(before)) if is_break(before) => self.put('+'),
            _ => {}
        }
        self.put('\n');
        let mut fresh = true;
        for c in text.chars() {
            if is_break(c) {
                self.put('\n');
                fresh = true;
                continue;
            }
            if fresh {
                self.text.extend(repeat_n(' ', indent));
                self.column = indent;
                fresh = false;
            }
            self.put(c);
        }
    }

    fn plain(&mut self, text: &str, fold: Option<usize>) {
        self.folded(text, fold, false, Self::put);
    }

    fn single_quoted(&mut self, text: &str, fold: Option<usize>) {
        self.put('\'');
        self.folded(text, fold, true, |out, c| {
            if c == '\'' {
                out.put('\'');
            }
            out.put(c);
        });
        self.put('\'');
    }

    /// Writes a text without breaks, turning blanks past the best width into breaks. Inside quotes the
    /// first and last characters stay.
    fn folded(&mut self, text: &str, fold: Option<usize>, quoted: bool, put: impl Fn(&mut Self, char)) {
        let mut after_blank = false;
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            let next = chars.peek();
            let inside = !quoted || (!first && next.is_some());
            match fold {
                Some(indent)
                    if c == ' '
                        && !after_blank
                        && self.column > BEST_WIDTH
                        && inside
                        && next != Some(&' ') =>
                {
                    self.indent(indent);
                }
                _ => put(self, c),
            }
            after_blank = c == ' ';
            first = false;
        }
    }

    fn double_quoted(&mut self, text: &str, fold: Option<usize>) {
        self.put('"');
        let mut after_blank = false;
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            if !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                after_blank = false;
            } else {
                match (fold, chars.peek()) {
                    (Some(indent), Some(next))
                        if c == ' ' && !after_blank && self.column > BEST_WIDTH && !first =>
                    {
                        self.indent(indent);
                        if *next == ' ' {
                            self.put('\\');
                        }
                    }
                    _ => self.put(c),
                }
                after_blank = c == ' ';
            }
            first = false;
        }
        self.put('"');
    }

    fn escape(&mut self, c: char) {
        self.put('\\');
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                return self.word(&match code {
                    0..=0xFF => format!("x{code:02X}"),
                    0x100..=0xFFFF => format!("u{code:04X}"),
                    _ => format!("U{code:08X}"),
                });
            }
        };
        self.put(short);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// The style go-yaml asks for, then the one its characters allow.
fn style(text: &str, analysis: Analysis) -> Style {
    if text.contains('\n') {
        return if analysis.block { Style::Literal } else { Style::Double };
    }
    if resolve(text) != Typed::Text || is_base60_float(text) {
        return Style::Double;
    }
    match (analysis.plain, analysis.single_quoted) {
        (true, _) => Style::Plain,
        (false, true) => Style::Single,
        (false, false) => Style::Double,
    }
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: a float of YAML 1.1 that go-yaml does not read, but
/// others do.
fn is_base60_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let head = parts.next().unwrap_or("");
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit() || c == '_');
    if !head.starts_with(|c: char| c.is_ascii_digit()) || !digits(head) {
        return false;
    }
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let sixtieth = |s: &str| match s.as_bytes() {
        [d] => d.is_ascii_digit(),
        [t, d] => matches!(t, b'0'..=b'5') && d.is_ascii_digit(),
        _ => false,
    };
    let (whole, fraction) = last.split_once('.').unwrap_or((last, ""));
    middle.iter().all(|s| sixtieth(s)) && sixtieth(whole) && digits(fraction)
}

/// Writes integers plainly, and the rest as `encode.go` writes floats.
fn number(n: &Number) -> String {
    match n.as_f64() {
        Some(f) if n.is_f64() => gojson::float64(f),
        _ => n.to_string(),
    }
}

/// go-yaml's order of keys: letters after everything else, runs of digits by their number.
fn compare_keys(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(x, y)| x != y) else { return a.len().cmp(&b.len()) };
    let (Some(x), Some(y)) = (a.get(at), b.get(at)) else { return a.len().cmp(&b.len()) };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero within a number counts as a digit of it.
    let before = a.get(..at).unwrap_or(&[]).iter().rev().take_while(|c| c.is_ascii_digit());
    let within = (*x == '0' || *y == '0') && before.into_iter().any(|c| *c != '0');
    let run = |chars: &[char]| {
        let digits = chars.get(at..).unwrap_or(&[]).iter().map_while(|c| c.to_digit(10));
        digits.fold((u64::from(within), 0usize), |(value, count), digit| {
            (value.wrapping_mul(10).wrapping_add(u64::from(digit)), count + 1)
        })
    };
    run(&a).cmp(&run(&b)).then_with(|| x.cmp(y))
}

#[cfg(test)]
#[path = "emit_tests.rs"]
mod tests;
