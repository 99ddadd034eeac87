//! Events to tree: one document's text becomes nodes with spans.

use granit_parser::{Event, Parser, StrInput, Tag};

use super::limits::Limits;
use super::node::{Entry, Node, NodeKind, Scalar, ScalarStyle, Span};
use super::problem::{Problem, ProblemKind, line_of};
use super::syntax;
use crate::sorted::SortedMap;

/// go-yaml refuses a document when more than 99 of 100 decoded nodes come from aliases, once
/// there are this many of each.
const GO_MIN_ALIAS_NODES: u32 = 100;
const GO_MIN_NODES: u32 = 1000;

/// What came of one document.
#[derive(Default)]
pub(super) struct Built {
    /// The tree, unless the text is empty or broken.
    pub root: Option<Node>,
    /// What had been read when the text broke.
    pub partial: Option<Node>,
    /// In the order met.
    pub problems: Vec<Problem>,
    /// Nodes written.
    pub nodes: usize,
}

/// Reads the document at `at`, a range of `text`.
pub(super) fn build(text: &str, at: Span, max_nodes: usize, limits: &Limits) -> Built {
    let mut builder = Builder {
        text,
        at,
        limits,
        max_nodes,
        alias_nodes: 0,
        frames: Vec::new(),
        anchors: SortedMap::new(),
        built: Built::default(),
    };
    let read = builder.run();
    // What go-yaml says counts; it is asked even where the reader finds nothing wrong.
    let problem = match (read, syntax::go_yaml(text, at)) {
        (Err(problem), Some(_)) if problem.kind.is_limit() => Some(problem),
        (Ok(()), Some(stop)) if stop.kind == ProblemKind::UnknownAnchor => {
            builder.replace_unknown_anchor(stop);
            None
        }
        (_, Some(stop)) => Some(stop),
        (read, None) => read.err(),
    };
    if let Some(problem) = problem {
        builder.close_all();
        builder.built.partial = builder.built.root.take();
        builder.built.problems.retain(|other| other.kind != ProblemKind::UnknownAnchor);
        builder.built.problems.insert(0, problem);
    }
    builder.built
}

/// A collection whose end has not been met.
struct Frame {
    start: usize,
    anchor: usize,
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
            Items::Map(mut entries, key) => {
                if let Some(key) = key {
                    let at = Span::new(key.span.end, key.span.end);
                    entries.push(Entry::new(key, Node::null(at)));
                }
                let end = end_after(entries.last().map(|entry| entry.value.span.end));
                Node::map(Span::new(self.start, end), entries)
            }
        }
    }
}

struct Builder<'a> {
    text: &'a str,
    at: Span,
    limits: &'a Limits,
    max_nodes: usize,
    alias_nodes: u32,
    frames: Vec<Frame>,
    anchors: SortedMap<usize, Node>,
    built: Built,
}

impl<'a> Builder<'a> {
    fn run(&mut self) -> Result<(), Problem> {
        syntax::check_characters(self.text, self.at)?;
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            emit_comments: false,
            flow_nesting_limit: self.limits.max_depth,
            block_nesting_limit: self.limits.max_depth,
        };
        let chunk: &'a str = self.at.slice(self.text).unwrap_or_default();
        let mut parser = Parser::new_from_str_with_options(chunk, options);
        while let Some(next) = parser.next_event() {
            let (event, span) = next.map_err(|e| syntax::problem(&e, self.text, self.at, self.limits))?;
            let span = self.place(span);
            match event {
                Event::StreamEnd => break,
                Event::DocumentEnd => {
                    self.look_past_the_end(&mut parser);
                    break;
                }
                other => self.node(other, span)?,
            }
        }
        self.built.root = self.built.root.take().filter(|root| !root.span.is_empty());
        Ok(())
    }

    /// The parser's span in the whole text.
    fn place(&self, span: granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        Span::new(self.at.start + range.start, self.at.start + range.end)
    }

    /// kubectl decodes one document of a chunk and does not look at what follows `...`.
    fn look_past_the_end(&mut self, parser: &mut Parser<'a, StrInput<'a>>) {
        let Some(Ok((Event::DocumentStart(..), span))) = parser.next_event() else { return };
        let span = Span::new(self.place(span).start, self.at.end);
        let message = "yaml: text after the end of the document is ignored".to_owned();
        self.built.problems.push(self.problem(ProblemKind::Ignored, span, message));
    }

    fn node(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let node = Node::scalar(span, scalar(&value, style, tag.as_deref(), span));
                let node = trim_block(node, self.text);
                self.count(span)?;
                self.finish(node, anchor);
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(span, anchor, Items::Seq(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(span, anchor, Items::Map(Vec::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = (!span.is_empty()).then_some(span.end);
                self.close(end);
            }
            Event::Alias(id) => self.alias(id, span)?,
            Event::UnresolvedAlias(name) => {
                let message = format!("yaml: unknown anchor '{name}' referenced");
                self.broken_alias(ProblemKind::UnknownAnchor, span, message);
            }
            // Stream and document marks; the parser's enum is open, so there is no list here.
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, span: Span, anchor: usize, items: Items) -> Result<(), Problem> {
        self.count(span)?;
        if self.frames.len() >= self.limits.max_depth {
            return Err(syntax::too_deep(span, self.text, self.limits));
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

    fn close_all(&mut self) {
        while !self.frames.is_empty() {
            self.close(None);
        }
    }

    /// An alias shares the children of its anchor.
    fn alias(&mut self, id: usize, span: Span) -> Result<(), Problem> {
        self.count(span)?;
        let Some(target) = self.anchors.get(&id) else {
            let name = span.slice(self.text).unwrap_or_default().trim_start_matches('*');
            let message = format!("yaml: anchor '{name}' value contains itself");
            self.broken_alias(ProblemKind::RecursiveAnchor, span, message);
            return Ok(());
        };
        let node = Node { span, alias: true, ..target.clone() };
        let levels = usize::try_from(node.height).unwrap_or(usize::MAX);
        if self.frames.len().saturating_add(levels) > self.limits.max_depth {
            return Err(syntax::too_deep(span, self.text, self.limits));
        }
        self.alias_nodes = self.alias_nodes.saturating_add(node.weight);
        if self.aliases_too_much() {
            let message = "yaml: document contains excessive aliasing".to_owned();
            return Err(self.problem(ProblemKind::ExcessiveAliasing, span, message));
        }
        self.finish(node, 0);
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

    fn broken_alias(&mut self, kind: ProblemKind, span: Span, message: String) {
        if self.built.problems.len() < super::limits::MAX_PROBLEMS {
            self.built.problems.push(self.problem(kind, span, message));
        }
        self.finish(Node::null(span), 0);
    }

    /// go-yaml ends the name of an alias elsewhere.
    fn replace_unknown_anchor(&mut self, stop: Problem) {
        let same = |problem: &&mut Problem| problem.kind == ProblemKind::UnknownAnchor;
        if let Some(first) = self.built.problems.iter_mut().find(same) {
            *first = stop;
        }
    }

    /// Puts a complete node where it belongs.
    fn finish(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
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

    fn problem(&self, kind: ProblemKind, span: Span, message: String) -> Problem {
        Problem { kind, span, line: line_of(self.text, span.start), message }
    }
}

fn scalar(value: &str, style: granit_parser::ScalarStyle, tag: Option<&Tag>, span: Span) -> Scalar {
    use granit_parser::ScalarStyle as Theirs;
    let style = match style {
        Theirs::Plain => ScalarStyle::Plain,
        Theirs::SingleQuoted => ScalarStyle::SingleQuoted,
        Theirs::DoubleQuoted => ScalarStyle::DoubleQuoted,
        Theirs::Literal => ScalarStyle::Literal,
        Theirs::Folded => ScalarStyle::Folded,
    };
    // The parser says `~` for a value that is not there.
    let absent = style == ScalarStyle::Plain && span.is_empty();
    Scalar { text: if absent { "" } else { value }.into(), style, tag: tag.map(short_tag) }
}

/// `!!int` for YAML's own tags, otherwise the tag as it resolves.
fn short_tag(tag: &Tag) -> std::rc::Rc<str> {
    let whole = format!("{}{}", tag.handle(), tag.suffix());
    match whole.strip_prefix("tag:yaml.org,2002:") {
        Some(name) => format!("!!{name}").into(),
        None => whole.into(),
    }
}

/// A block scalar's span takes in the lines after it; underline its text only.
fn trim_block(mut node: Node, text: &str) -> Node {
    let block = matches!(
        node.kind,
        NodeKind::Scalar(Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. })
    );
    if block && let Some(covered) = node.span.slice(text) {
        node.span.end = node.span.start + covered.trim_end().len();
    }
    node
}
