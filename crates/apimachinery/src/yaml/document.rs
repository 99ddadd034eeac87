//! The reader: a text becomes documents, each with its tree and its problems.

use serde_json::Value;

use super::build::build;
use super::check::check;
use super::chunk::{self, Chunk};
use super::limits::Limits;
use super::node::{Node, Span};
use super::problem::{Problem, ProblemKind};

/// One document of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its bytes. kubectl counts lines from here.
    pub span: Span,
    /// Its tree; none when it is empty or cannot be parsed.
    pub root: Option<Node>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl Document {
    /// The problem for which kubectl refuses the document.
    pub fn fatal(&self) -> Option<&Problem> {
        // `min_by_key` keeps the first of equals.
        self.problems.iter().filter(|p| p.kind.is_fatal()).min_by_key(|p| p.kind.stage())
    }

    /// The document as JSON; none when it is empty or null, which kubectl skips.
    ///
    /// # Errors
    /// The problem for which kubectl refuses the document.
    pub fn to_value(&self) -> Result<Option<Value>, &Problem> {
        match self.fatal() {
            Some(problem) => Err(problem),
            None => Ok(self.root.as_ref().map(Node::to_value).filter(|value| !value.is_null())),
        }
    }
}

/// Reads every document of `text`, as `kubectl apply -f` would. A document that is broken does
/// not keep the others from being read.
pub fn read(text: &str, limits: &Limits) -> Vec<Document> {
    if text.len() > limits.max_bytes {
        return vec![too_large(text, limits)];
    }
    let mut nodes_left = limits.max_nodes;
    chunk::split(text)
        .into_iter()
        .map(|chunk| {
            let (document, nodes) = read_chunk(text, chunk, nodes_left, limits);
            nodes_left = nodes_left.saturating_sub(nodes);
            document
        })
        .collect()
}

fn read_chunk(text: &str, chunk: Chunk, nodes: usize, limits: &Limits) -> (Document, usize) {
    let built = build(text, &chunk, nodes, limits);
    let mut problems = built.problems;
    if let Some(root) = &built.root {
        check(root, text, &chunk, &mut problems);
    }
    if let Some((line, span)) = chunk.bad_separator {
        let after = span.slice(text).unwrap_or_default();
        let message = format!("invalid Yaml document separator: {after}");
        problems.insert(0, Problem { kind: ProblemKind::Separator, span, line, message });
    }
    let document = Document { span: chunk.span, root: built.root, problems };
    (document, built.nodes)
}

fn too_large(text: &str, limits: &Limits) -> Document {
    let message = format!("yaml: the text has {} bytes, the limit is {}", text.len(), limits.max_bytes);
    let first_line = Span::new(0, text.find('\n').unwrap_or(text.len()).min(80));
    let problem = Problem { kind: ProblemKind::TooLarge, span: first_line, line: 1, message };
    let span = Span::new(0, text.len());
    Document { span, root: None, problems: vec![problem] }
}
