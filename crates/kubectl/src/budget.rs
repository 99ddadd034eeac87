//! How much work a template may make, and how much it may print.
//!
//! Real programs run in a process of their own, which a person can end. Here a template is evaluated between two
//! frames of a page, so what somebody writes must not decide how long that takes.

use std::cell::Cell;

/// Steps of one evaluation: a value looked at or copied, a part of a template, sixteen bytes of text. Ten thousand
/// Pods can be printed field by field; it is less than a second's work.
pub const STEPS_MAX: usize = 4_000_000;
/// Bytes that one command prints, or hands to the next one in a pipe or to a file.
pub const OUTPUT_MAX: usize = 4 << 20;

/// The steps that are left.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(STEPS_MAX))
    }
}

impl Budget {
    /// Takes some steps.
    ///
    /// # Errors
    /// There are not so many left: a sentence for whoever wrote the template.
    pub fn spend(&self, steps: usize) -> Result<(), String> {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| format!("the template takes more than {STEPS_MAX} steps"))
    }

    /// Takes the steps of a text.
    ///
    /// # Errors
    /// As [`Self::spend`].
    pub fn spend_text(&self, text: &str) -> Result<(), String> {
        self.spend(text.len() / 16 + 1)
    }
}

/// Adds a text; what goes beyond [`OUTPUT_MAX`] is left out, and the last line says so. Returns whether there is
/// room for more.
pub fn push(out: &mut String, text: &str) -> bool {
    if out.len() > OUTPUT_MAX {
        return false;
    }
    let room = OUTPUT_MAX - out.len();
    if text.len() <= room {
        out.push_str(text);
        return true;
    }
    out.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or(""));
    out.push_str(CUT);
    false
}

/// The last line of an output that was cut.
const CUT: &str = "\n# cut: longer than 4 MiB\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_cut_once_and_says_so() {
        let mut out = String::new();
        let text = "é".repeat(OUTPUT_MAX / 4 + 1);
        assert!(push(&mut out, &text));
        assert!(!push(&mut out, &text));
        assert!(!push(&mut out, &text));
        assert!(out.ends_with("é\n# cut: longer than 4 MiB\n") && out.len() <= OUTPUT_MAX + CUT.len());
    }
}
