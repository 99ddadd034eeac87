//! Checks tokens against the grammar and tells what a document is made of, in the order written.
//!
//! Models: `go.yaml.in/yaml/v2/parserc.go`.

use std::rc::Rc;

use super::Stop;
use super::scanner::{Kind, Scanner, Token};
use crate::sorted::SharedMap;
use crate::yaml::node::{Scalar, ScalarStyle};
use crate::yaml::problem::ProblemKind;

/// What the tags of YAML itself begin with, in full and for short.
const YAML_TAGS: (&str, &str) = ("tag:yaml.org,2002:", "!!");

/// A piece of a document, its anchor, and its bytes. The end of a block is not written, so its start and end
/// are the same.
#[derive(Debug)]
pub(in crate::yaml) struct Event<'t> {
    pub piece: Piece<'t>,
    pub anchor: Option<&'t str>,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug)]
pub(in crate::yaml) enum Piece<'t> {
    Scalar(Scalar),
    /// The name of an anchor.
    Alias(&'t str),
    Sequence,
    Mapping,
    /// The end of the innermost sequence or mapping that is open.
    End,
}

/// An anchor and a tag, in either order, and the byte after them.
struct Properties<'t> {
    anchor: Option<&'t str>,
    tag: Option<Rc<str>>,
    end: usize,
}

/// What is to be read next. Each state reads something and says which states follow.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceEntry {
        first: bool,
    },
    FlowSequenceEntryKey,
    FlowSequenceEntryValue,
    FlowSequenceEntryEnd,
    FlowMappingKey {
        first: bool,
    },
    FlowMappingValue,
    /// The value of a key without `:`.
    FlowMappingNoValue,
    /// The node that follows, for a state that goes on after it.
    Node(Nodes),
}

/// Which nodes may stand in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nodes {
    Flow,
    Block,
    /// Block style, and sequences that are not indented.
    BlockOrIndentless,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Next {
    Node(Nodes),
    /// Nothing, at this byte.
    Nothing(usize),
}

/// The parser: what is open, innermost last.
#[derive(Debug)]
pub(in crate::yaml) struct Parser<'t> {
    pub(super) scanner: Scanner<'t>,
    pub(super) states: Vec<State>,
    /// What the handles of tags stand for.
    handles: SharedMap<&'t str, String>,
    begun: bool,
}

impl<'t> Event<'t> {
    pub(super) fn new(piece: Piece<'t>, start: usize, end: usize) -> Self {
        Self { piece, anchor: None, start, end }
    }

    /// The empty scalar that stands for what is not written.
    fn nothing(at: usize, anchor: Option<&'t str>, tag: Option<Rc<str>>) -> Self {
        let nothing = Scalar { text: "".into(), style: ScalarStyle::Plain, tag };
        Self { anchor, ..Self::new(Piece::Scalar(nothing), at, at) }
    }
}

impl<'t> Parser<'t> {
    /// A parser that stands before the first document of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { scanner: Scanner::new(text), states: Vec::new(), handles: SharedMap::default(), begun: false }
    }

    /// The next piece of the document, or nothing after its last.
    ///
    /// # Errors
    /// Why go-yaml stops here.
    pub fn next_event(&mut self) -> Result<Option<Event<'t>>, Stop> {
        if !self.begun {
            self.begun = true;
            self.begin()?;
        }
        while let Some(state) = self.states.pop() {
            let event = self.step(state)?;
            if event.is_some() {
                return Ok(event);
            }
        }
        // Whether the document ends here is seen by the token behind it.
        self.scanner.peek().map(|_| None)
    }

    /// After the last piece: where text begins that go-yaml does not look at, if there is any.
    pub fn rest(&mut self) -> Option<usize> {
        loop {
            match self.scanner.peek() {
                Ok(Token { kind: Kind::StreamEnd, .. }) => return None,
                Ok(Token { kind: Kind::DocumentEnd, .. }) => drop(self.scanner.take()),
                Ok(token) => return Some(token.start.offset),
                Err(stop) => return Some(stop.offset),
            }
        }
    }

    fn begin(&mut self) -> Result<(), Stop> {
        self.scanner.peek()?;
        self.scanner.take(); // the start of the stream
        match self.scanner.peek()?.kind {
            Kind::StreamEnd => return Ok(()),
            Kind::VersionDirective { .. } | Kind::TagDirective(_) | Kind::DocumentStart => {
                self.directives()?;
                self.scanner.take();
                if self.ends_document()? {
                    return Ok(());
                }
            }
            _ => {}
        }
        for (handle, prefix) in [("!", "!"), ("!!", YAML_TAGS.0)] {
            if self.handles.get(handle).is_none() {
                self.handles.insert(handle, prefix.to_owned());
            }
        }
        self.states.push(State::Node(Nodes::Block));
        Ok(())
    }

    fn ends_document(&mut self) -> Result<bool, Stop> {
        let kind = self.scanner.peek()?.kind;
        Ok(matches!(
            kind,
            Kind::VersionDirective { .. }
                | Kind::TagDirective(_)
                | Kind::DocumentStart
                | Kind::DocumentEnd
                | Kind::StreamEnd
        ))
    }

    fn directives(&mut self) -> Result<(), Stop> {
        let mut versions = 0;
        loop {
            let token = self.scanner.peek()?;
            let problem = match token.kind {
                Kind::VersionDirective { .. } if versions > 0 => Some("found duplicate %YAML directive"),
                Kind::VersionDirective { supported: false } => Some("found incompatible YAML document"),
                Kind::TagDirective(handle) if self.handles.get(handle).is_some() => {
                    Some("found duplicate %TAG directive")
                }
                Kind::VersionDirective { supported: true } | Kind::TagDirective(_) => None,
                Kind::DocumentStart => return Ok(()),
                _ => Some("did not find expected <document start>"),
            };
            if let Some(problem) = problem {
                return Err(stop(ProblemKind::Property, token, problem));
            }
            let text = self.scanner.take();
            match token.kind {
                Kind::TagDirective(handle) => drop(self.handles.insert(handle, text)),
                _ => versions += 1,
            }
        }
    }

    fn step(&mut self, state: State) -> Result<Option<Event<'t>>, Stop> {
        match state {
            State::Node(nodes) => self.node(nodes).map(Some),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry { first } => self.flow_sequence_entry(first),
            State::FlowSequenceEntryKey => self.flow_sequence_entry_key(),
            State::FlowSequenceEntryValue => self.flow_sequence_entry_value(),
            State::FlowSequenceEntryEnd => {
                self.states.push(State::FlowSequenceEntry { first: false });
                let at = self.scanner.peek()?.start.offset;
                Ok(Some(Event::new(Piece::End, at, at)))
            }
            State::FlowMappingKey { first } => self.flow_mapping_key(first),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingNoValue => {
                let at = self.scanner.peek()?.start.offset;
                Ok(self.then(State::FlowMappingKey { first: false }, Next::Nothing(at)))
            }
        }
    }

    /// Reads what stands here and then goes on with this state. If nothing stands here, gives an empty
    /// scalar.
    pub(super) fn then(&mut self, state: State, next: Next) -> Option<Event<'t>> {
        self.states.push(state);
        match next {
            Next::Node(nodes) => {
                self.states.push(State::Node(nodes));
                None
            }
            Next::Nothing(at) => Some(Event::nothing(at, None, None)),
        }
    }

    /// Takes a token and says what stands after it: nothing if the next token is one of `ends`, else a node.
    pub(super) fn after(
        &mut self,
        token: Token<'t>,
        nodes: Nodes,
        ends: fn(Kind<'_>) -> bool,
    ) -> Result<Next, Stop> {
        self.scanner.take();
        let ends = ends(self.scanner.peek()?.kind);
        Ok(if ends { Next::Nothing(token.end) } else { Next::Node(nodes) })
    }

    fn node(&mut self, nodes: Nodes) -> Result<Event<'t>, Stop> {
        let token = self.scanner.peek()?;
        if let Kind::Alias(name) = token.kind {
            self.scanner.take();
            return Ok(Event::new(Piece::Alias(name), token.start.offset, token.end));
        }
        let Properties { anchor, tag, end } = self.properties()?;
        let token = self.scanner.peek()?;
        let mut event = Event { anchor, ..Event::new(Piece::Sequence, token.start.offset, token.end) };
        let block = nodes != Nodes::Flow;
        match token.kind {
            Kind::BlockEntry if nodes == Nodes::BlockOrIndentless => {
                self.states.push(State::IndentlessSequenceEntry);
                return Ok(event); // the token is the first entry's
            }
            Kind::Scalar(style) => {
                let text = self.scanner.take().into();
                event.piece = Piece::Scalar(Scalar { text, style, tag });
                return Ok(event);
            }
            Kind::FlowSequenceStart => self.states.push(State::FlowSequenceEntry { first: true }),
            Kind::FlowMappingStart => {
                self.states.push(State::FlowMappingKey { first: true });
                event.piece = Piece::Mapping;
            }
            Kind::BlockSequenceStart if block => self.states.push(State::BlockSequenceEntry),
            Kind::BlockMappingStart if block => {
                self.states.push(State::BlockMappingKey);
                event.piece = Piece::Mapping;
            }
            _ if anchor.is_some() || tag.is_some() => return Ok(Event::nothing(end, anchor, tag)),
            _ => return Err(stop(ProblemKind::Content, token, "did not find expected node content")),
        }
        self.scanner.take();
        Ok(event)
    }

    fn properties(&mut self) -> Result<Properties<'t>, Stop> {
        let (mut anchor, mut tag, mut end) = (None, None, 0);
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                Kind::Anchor(name) if anchor.is_none() => {
                    anchor = Some(name);
                    self.scanner.take();
                }
                Kind::Tag(handle) if tag.is_none() => tag = Some((handle, token, self.scanner.take())),
                _ => break,
            }
            end = token.end;
        }
        let tag = tag.map(|(handle, token, suffix)| self.tag(handle, token, &suffix)).transpose()?;
        Ok(Properties { anchor, tag, end })
    }

    /// The whole tag, in its short form if it is one of YAML itself.
    fn tag(&self, handle: &str, token: Token<'t>, suffix: &str) -> Result<Rc<str>, Stop> {
        let prefix = match handle {
            "" => "",
            handle => match self.handles.get(handle) {
                Some(prefix) => prefix,
                None => return Err(stop(ProblemKind::Property, token, "found undefined tag handle")),
            },
        };
        let whole = format!("{prefix}{suffix}");
        let (long, short) = YAML_TAGS;
        Ok(whole
            .strip_prefix(long)
            .map_or_else(|| whole.as_str().into(), |name| format!("{short}{name}").into()))
    }

    fn block_sequence_entry(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::BlockEntry => {
                let ends = |next: Kind<'_>| matches!(next, Kind::BlockEntry | Kind::BlockEnd);
                let node = self.after(token, Nodes::Block, ends)?;
                Ok(self.then(State::BlockSequenceEntry, node))
            }
            Kind::BlockEnd => Ok(Some(self.end(token))),
            _ => Err(stop(ProblemKind::ExpectedDash, token, "did not find expected '-' indicator")),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let token = self.scanner.peek()?;
        if token.kind != Kind::BlockEntry {
            let at = token.start.offset;
            return Ok(Some(Event::new(Piece::End, at, at)));
        }
        let ends =
            |next: Kind<'_>| matches!(next, Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd);
        let node = self.after(token, Nodes::Block, ends)?;
        Ok(self.then(State::IndentlessSequenceEntry, node))
    }

    fn block_mapping_key(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::Key => {
                let node = self.after(token, Nodes::BlockOrIndentless, mapping_goes_on)?;
                Ok(self.then(State::BlockMappingValue, node))
            }
            Kind::BlockEnd => Ok(Some(self.end(token))),
            _ => Err(stop(ProblemKind::ExpectedKey, token, "did not find expected key")),
        }
    }

    fn block_mapping_value(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let token = self.scanner.peek()?;
        let node = match token.kind {
            Kind::Value => self.after(token, Nodes::BlockOrIndentless, mapping_goes_on)?,
            _ => Next::Nothing(token.start.offset),
        };
        Ok(self.then(State::BlockMappingKey, node))
    }

    /// Takes the token that ends what is open.
    pub(super) fn end(&mut self, token: Token<'t>) -> Event<'t> {
        self.scanner.take();
        Event::new(Piece::End, token.start.offset, token.end)
    }
}

const fn mapping_goes_on(next: Kind<'_>) -> bool {
    matches!(next, Kind::Key | Kind::Value | Kind::BlockEnd)
}

pub(super) fn stop(kind: ProblemKind, token: Token<'_>, problem: &str) -> Stop {
    Stop::parser(kind, token.start.line, token.start.offset, problem)
}
