//! Builds the tree: one document's text becomes nodes with spans.

use super::chunk::Chunk;
use super::goyaml::{Event, Parser, Piece, Stop};
use super::limits::{Limits, MAX_PROBLEMS};
use super::node::{Entry, Node, Span};
use super::problem::{Problem, ProblemKind};
use super::syntax;
use crate::sorted::SharedMap;

/// go-yaml refuses a document when more than 99 of 100 decoded nodes come from aliases, once
/// there are this many of each.
const GO_MIN_ALIAS_NODES: u32 = 100;
const GO_MIN_NODES: u32 = 1000;

/// What came of one document.
#[derive(Default)]
pub(super) struct Built {
    /// The tree, unless the text is empty or broken.
    pub root: Option<Node>,
    /// What is wrong, in the order met.
    pub problems: Vec<Problem>,
    /// How many nodes are written in it.
    pub nodes: usize,
}

/// Reads the document of a chunk of `text`. It is read to where go-yaml stops, even if it is larger than the
/// limits: if there is a mistake further on, kubectl prints that one.
pub(super) fn build(text: &str, chunk: &Chunk, max_nodes: usize, limits: &Limits) -> Built {
    // A byte order mark before the text is no part of it.
    let characters = chunk.span.slice(text).unwrap_or_default();
    let characters = characters.strip_prefix('\u{FEFF}').unwrap_or(characters);
    let start = chunk.span.end - characters.len();
    let mut builder = Builder {
        text,
        chunk,
        start,
        limits,
        max_nodes,
        alias_nodes: 0,
        frames: Vec::new(),
        anchors: SharedMap::default(),
        anchored: Vec::new(),
        over: None,
        built: Built::default(),
    };
    let broken = match syntax::check_characters(text, chunk) {
        Some(problem) => Some(problem),
        None => builder.read(characters).err().map(|stop| syntax::problem(stop, text, chunk, start)),
    };
    if let Some(problem) = broken.or(builder.over.take()) {
        builder.built.root = None;
        builder.built.problems.push(problem);
    }
    builder.built
}

/// A collection whose end has not been met.
struct Frame {
    start: usize,
    anchor: Option<usize>,
    items: Items,
}

enum Items {
    Seq(Vec<Node>),
    Map(Vec<Entry>, Option<Node>),
}

impl Frame {
    /// The node, ending at `end` in flow style and with its last child in block style.
    fn close(self, end: Option<usize>) -> Node {
        let end_after = |last: Option<usize>| end.or(last).unwrap_or(self.start).max(self.start);
        match self.items {
            Items::Seq(items) => {
                let end = end_after(items.last().map(|item| item.span.end));
                Node::seq(Span::new(self.start, end), items)
            }
            Items::Map(entries, _) => {
                let end = end_after(entries.last().map(|entry| entry.value.span.end));
                Node::map(Span::new(self.start, end), entries)
            }
        }
    }
}

struct Builder<'a> {
    text: &'a str,
    chunk: &'a Chunk,
    /// Where the document's text begins, in bytes of the whole text.
    start: usize,
    limits: &'a Limits,
    max_nodes: usize,
    alias_nodes: u32,
    frames: Vec<Frame>,
    /// The places in `anchored` of the anchors with these names.
    anchors: SharedMap<&'a str, usize>,
    /// The nodes with anchors, once they are complete.
    anchored: Vec<Option<Node>>,
    /// The limit that was met. From there on nothing is built.
    over: Option<Problem>,
    built: Built,
}

impl<'a> Builder<'a> {
    fn read(&mut self, characters: &'a str) -> Result<(), Stop> {
        let mut parser = Parser::new(characters);
        while let Some(event) = parser.next_event()? {
            self.event(event);
        }
        // kubectl decodes one document of a chunk and does not look at what follows.
        if let Some(rest) = parser.rest() {
            let read = self.built.root.as_ref().map_or(0, |root| root.span.end);
            let span = Span::new(read.max(self.start + rest), self.chunk.span.end);
            let message = "yaml: text after the end of the document is ignored".to_owned();
            self.built.problems.push(self.problem(ProblemKind::Ignored, span, message));
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'a>) {
        let Event { piece, anchor, start, end } = event;
        let span = Span::new(self.start + start, self.start + end);
        let anchor = anchor.map(|name| {
            self.anchors.insert(name, self.anchored.len());
            self.anchored.push(None);
            self.anchored.len() - 1
        });
        if let Piece::Alias(name) = piece
            && self.anchors.get(name).is_none()
        {
            let message = format!("yaml: unknown anchor '{name}' referenced");
            self.note(ProblemKind::UnknownAnchor, span, message);
        }
        if self.over.is_none() {
            self.over = self.piece(piece, span, anchor).err();
        }
    }

    fn piece(&mut self, piece: Piece<'a>, span: Span, anchor: Option<usize>) -> Result<(), Problem> {
        match piece {
            Piece::Scalar(scalar) => {
                self.count(span)?;
                self.finish(Node::scalar(span, scalar), anchor);
            }
            Piece::Sequence => self.open(span, anchor, Items::Seq(Vec::new()))?,
            Piece::Mapping => self.open(span, anchor, Items::Map(Vec::new(), None))?,
            Piece::End => self.close((!span.is_empty()).then_some(span.end)),
            Piece::Alias(name) => self.alias(name, span)?,
        }
        Ok(())
    }

    fn open(&mut self, span: Span, anchor: Option<usize>, items: Items) -> Result<(), Problem> {
        self.count(span)?;
        if self.frames.len() >= self.limits.max_depth {
            return Err(self.too_deep(span));
        }
        self.frames.push(Frame { start: span.start, anchor, items });
        Ok(())
    }

    fn close(&mut self, end: Option<usize>) {
        if let Some(frame) = self.frames.pop() {
            let anchor = frame.anchor;
            self.finish(frame.close(end), anchor);
        }
    }

    /// An alias shares the children of its anchor.
    fn alias(&mut self, name: &str, span: Span) -> Result<(), Problem> {
        self.count(span)?;
        let Some(anchor) = self.anchors.get(name) else {
            self.finish(Node::null(span), None);
            return Ok(());
        };
        let Some(Some(target)) = self.anchored.get(*anchor) else {
            let message = format!("yaml: anchor '{name}' value contains itself");
            self.note(ProblemKind::RecursiveAnchor, span, message);
            self.finish(Node::null(span), None);
            return Ok(());
        };
        let node = Node { span, alias: true, ..target.clone() };
        let levels = usize::try_from(node.height).unwrap_or(usize::MAX);
        let levels = levels.saturating_add(usize::from(node.as_scalar().is_none()));
        if self.frames.len().saturating_add(levels) > self.limits.max_depth {
            return Err(self.too_deep(span));
        }
        self.alias_nodes = self.alias_nodes.saturating_add(node.weight);
        if self.aliases_too_much() {
            let message = "yaml: document contains excessive aliasing".to_owned();
            return Err(self.problem(ProblemKind::ExcessiveAliasing, span, message));
        }
        self.finish(node, None);
        Ok(())
    }

    fn aliases_too_much(&self) -> bool {
        let aliased = self.alias_nodes;
        let written = u32::try_from(self.built.nodes).unwrap_or(u32::MAX);
        let all = aliased.saturating_add(written);
        let by_go = aliased > GO_MIN_ALIAS_NODES
            && all > GO_MIN_NODES
            && u64::from(aliased) * 100 > u64::from(all) * 99;
        by_go || aliased > self.limits.max_alias_nodes
    }

    /// Puts a complete node where it belongs.
    fn finish(&mut self, node: Node, anchor: Option<usize>) {
        if let Some(place) = anchor.and_then(|anchor| self.anchored.get_mut(anchor)) {
            *place = Some(node.clone());
        }
        match self.frames.last_mut().map(|frame| &mut frame.items) {
            None => self.built.root = Some(node),
            Some(Items::Seq(items)) => items.push(node),
            Some(Items::Map(entries, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry::new(key, node)),
            },
        }
    }

    fn count(&mut self, span: Span) -> Result<(), Problem> {
        self.built.nodes += 1;
        if self.built.nodes <= self.max_nodes {
            return Ok(());
        }
        let message = format!("yaml: more than {} values", self.limits.max_nodes);
        Err(self.problem(ProblemKind::TooManyNodes, span, message))
    }

    fn too_deep(&self, span: Span) -> Problem {
        let message = format!("yaml: exceeded max depth of {}", self.limits.max_depth);
        self.problem(ProblemKind::TooDeep, span, message)
    }

    fn note(&mut self, kind: ProblemKind, span: Span, message: String) {
        if self.built.problems.len() < MAX_PROBLEMS {
            self.built.problems.push(self.problem(kind, span, message));
        }
    }

    fn problem(&self, kind: ProblemKind, span: Span, message: String) -> Problem {
        self.chunk.problem(self.text, kind, span, message)
    }
}
