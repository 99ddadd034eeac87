//! Something wrong in a text, as an editor shows it.

use crate::hints::{Hint, QuickFix};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It would be refused.
    Error,
    /// It would be taken, perhaps not as meant.
    Warning,
}

/// Something wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// From here, in UTF-16 units: what editors count in.
    pub from: usize,
    /// To here.
    pub to: usize,
    /// The line, from 1.
    pub line: usize,
    /// How bad it is.
    pub severity: Severity,
    /// The words of kubectl or the server.
    pub message: String,
    /// The line that these words name, if it is not this one: kubectl counts from the `---` before.
    pub told_line: Option<usize>,
    /// The same in our words, if we know what was meant.
    pub hint: Option<Hint>,
    /// What mends it, the nearest first.
    pub fixes: Vec<QuickFix>,
}
