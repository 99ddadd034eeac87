//! What a person did, and when.

use cluster::{Fault, Input};

use crate::world::File;

/// Something that a person did at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// When, in microseconds since 0:00.
    pub at_micros: i64,
    /// What.
    pub act: Act,
}

/// What a person did, or a program in a person's place. An act comes to the same at the same moment of the same
/// cluster, so a list of deeds is a history.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Typed a line at the terminal: a command line, or a line for the command that reads.
    Line {
        /// As typed.
        line: String,
        /// The documents that it named, as they were.
        files: Vec<File>,
    },
    /// Applied a document, as `kubectl apply -f <name>` does.
    Apply {
        /// The document's name.
        name: String,
        /// Its text at that moment.
        text: String,
    },
    /// Gave the document back that the running command wanted edited.
    Edited {
        /// The document's text.
        text: String,
    },
    /// Ended the running command by Ctrl-C.
    Interrupt,
    /// Let something happen to the machines.
    Fault {
        /// What.
        fault: Fault,
        /// In words, for the flag.
        text: String,
    },
    /// Typed or applied something whose text was too long to be kept. It was refused, so nothing but the screen
    /// tells of it.
    Omitted {
        /// The line, or what stands for it.
        line: String,
        /// How long the text was, in bytes.
        bytes: usize,
    },
    /// Began a command apart from the terminal: what programs do. See [`crate::Run::start`].
    Start {
        /// The command line.
        line: String,
        /// What it reads.
        stdin: Option<String>,
        /// Whether `|`, `>` and `;` are ordinary letters in it.
        is_simple: bool,
    },
    /// Gave a line, or the edited document, to a command apart from the terminal.
    Feed {
        /// Which.
        job: usize,
        /// The text.
        text: String,
    },
    /// Ended a command apart from the terminal.
    End {
        /// Which.
        job: usize,
    },
    /// Acted on the cluster without a command: what recordings do, whose scripts play kubelets.
    Direct(Box<Input>),
}

impl Act {
    /// The text of its flag, if it changes the cluster.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::Line { line, .. } => line.trim().trim_start_matches("kubectl ").to_owned(),
            Self::Apply { name, .. } => format!("apply {name}"),
            Self::Edited { .. } => "edit".to_owned(),
            Self::Interrupt => "^C".to_owned(),
            Self::Fault { text, .. } => text.clone(),
            Self::Omitted { line, .. } => line.clone(),
            Self::Start { line, .. } => line.clone(),
            Self::Feed { text, .. } => text.clone(),
            Self::End { .. } | Self::Direct(_) => String::new(),
        }
    }
}
