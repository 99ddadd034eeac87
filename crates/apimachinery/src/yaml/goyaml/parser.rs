//! Tokens against the grammar.
//!
//! Models: `go.yaml.in/yaml/v2/parserc.go`.

use super::Stop;
use super::scanner::{Kind, Scanner, Token};
use crate::sorted::SortedSet;
use crate::yaml::problem::ProblemKind;

/// What is to be read next. Each reads something and says what follows.
#[derive(Debug, Clone, Copy)]
enum State {
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceEntry {
        first: bool,
    },
    FlowSequenceEntryKey,
    FlowSequenceEntryValue,
    FlowMappingKey {
        first: bool,
    },
    FlowMappingValue,
    /// The node that follows, in the middle of a state.
    Node {
        block: bool,
        indentless: bool,
    },
}

/// The parser: what is open, innermost last.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    scanner: Scanner<'t>,
    states: Vec<State>,
    anchors: SortedSet<&'t str>,
    handles: SortedSet<&'t str>,
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            scanner: Scanner::new(text),
            states: Vec::new(),
            anchors: SortedSet::new(),
            handles: SortedSet::new(),
        }
    }

    /// Reads the first document.
    pub fn document(&mut self) -> Result<(), Stop> {
        self.scanner.peek()?;
        self.scanner.skip(); // the start of the stream
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::StreamEnd => return Ok(()),
            Kind::VersionDirective { .. } | Kind::TagDirective(_) | Kind::DocumentStart => {
                self.directives()?;
                self.scanner.skip();
                if self.ends_document()? {
                    return Ok(());
                }
            }
            _ => self.directives_done(),
        }
        self.states.push(State::Node { block: true, indentless: false });
        while let Some(state) = self.states.pop() {
            self.step(state)?;
        }
        self.scanner.peek().map(drop)
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
                Kind::VersionDirective { supported: true } => {
                    versions += 1;
                    None
                }
                Kind::TagDirective(handle) if !self.handles.insert(handle) => {
                    Some("found duplicate %TAG directive")
                }
                Kind::TagDirective(_) => None,
                Kind::DocumentStart => break,
                _ => Some("did not find expected <document start>"),
            };
            if let Some(problem) = problem {
                return Err(stop(ProblemKind::Property, token, problem));
            }
            self.scanner.skip();
        }
        self.directives_done();
        Ok(())
    }

    fn directives_done(&mut self) {
        self.handles.extend(["!", "!!"]);
    }

    fn step(&mut self, state: State) -> Result<(), Stop> {
        match state {
            State::Node { block, indentless } => self.node(block, indentless),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry { first } => self.flow_sequence_entry(first),
            State::FlowSequenceEntryKey => self.flow_sequence_entry_key(),
            State::FlowSequenceEntryValue => self.flow_sequence_entry_value(),
            State::FlowMappingKey { first } => self.flow_mapping_key(first),
            State::FlowMappingValue => self.flow_mapping_value(),
        }
    }

    /// Then this state, after a node unless it is left out.
    fn then(&mut self, state: State, node: Option<(bool, bool)>) -> Result<(), Stop> {
        self.states.push(state);
        if let Some((block, indentless)) = node {
            self.states.push(State::Node { block, indentless });
        }
        Ok(())
    }

    fn node(&mut self, block: bool, indentless: bool) -> Result<(), Stop> {
        let mut token = self.scanner.peek()?;
        if let Kind::Alias(name) = token.kind {
            if !self.anchors.contains(name) {
                let problem = format!("unknown anchor '{name}' referenced");
                return Err(Stop::parser(ProblemKind::UnknownAnchor, 0, token.start.offset, &problem));
            }
            self.scanner.skip();
            return Ok(());
        }
        let (mut anchor, mut tag) = (None, None);
        loop {
            match token.kind {
                Kind::Anchor(name) if anchor.is_none() => anchor = Some(name),
                Kind::Tag(handle) if tag.is_none() => tag = Some((handle, token)),
                _ => break,
            }
            self.scanner.skip();
            token = self.scanner.peek()?;
        }
        if let Some((handle, tag)) = tag.filter(|(handle, _)| !self.handles.contains(handle))
            && !handle.is_empty()
        {
            return Err(stop(ProblemKind::Property, tag, "found undefined tag handle"));
        }
        self.anchors.extend(anchor);
        match token.kind {
            Kind::BlockEntry if indentless => return self.then(State::IndentlessSequenceEntry, None),
            Kind::Scalar => {}
            Kind::FlowSequenceStart => self.states.push(State::FlowSequenceEntry { first: true }),
            Kind::FlowMappingStart => self.states.push(State::FlowMappingKey { first: true }),
            Kind::BlockSequenceStart if block => self.states.push(State::BlockSequenceEntry),
            Kind::BlockMappingStart if block => self.states.push(State::BlockMappingKey),
            _ if anchor.is_some() || tag.is_some() => return Ok(()),
            _ => return Err(stop(ProblemKind::Content, token, "did not find expected node content")),
        }
        self.scanner.skip();
        Ok(())
    }

    fn block_sequence_entry(&mut self) -> Result<(), Stop> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::BlockEntry => {
                self.scanner.skip();
                let empty = matches!(self.scanner.peek()?.kind, Kind::BlockEntry | Kind::BlockEnd);
                self.then(State::BlockSequenceEntry, (!empty).then_some((true, false)))
            }
            Kind::BlockEnd => {
                self.scanner.skip();
                Ok(())
            }
            _ => Err(stop(ProblemKind::ExpectedDash, token, "did not find expected '-' indicator")),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Result<(), Stop> {
        if self.scanner.peek()?.kind != Kind::BlockEntry {
            return Ok(());
        }
        self.scanner.skip();
        let next = self.scanner.peek()?.kind;
        let empty = matches!(next, Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd);
        self.then(State::IndentlessSequenceEntry, (!empty).then_some((true, false)))
    }

    fn block_mapping_key(&mut self) -> Result<(), Stop> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::Key => {
                self.scanner.skip();
                let node = self.unless_mapping_goes_on()?;
                self.then(State::BlockMappingValue, node)
            }
            Kind::BlockEnd => {
                self.scanner.skip();
                Ok(())
            }
            _ => Err(stop(ProblemKind::ExpectedKey, token, "did not find expected key")),
        }
    }

    fn block_mapping_value(&mut self) -> Result<(), Stop> {
        let mut node = None;
        if self.scanner.peek()?.kind == Kind::Value {
            self.scanner.skip();
            node = self.unless_mapping_goes_on()?;
        }
        self.then(State::BlockMappingKey, node)
    }

    fn unless_mapping_goes_on(&mut self) -> Result<Option<(bool, bool)>, Stop> {
        let next = self.scanner.peek()?.kind;
        Ok((!matches!(next, Kind::Key | Kind::Value | Kind::BlockEnd)).then_some((true, true)))
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Result<(), Stop> {
        let mut token = self.scanner.peek()?;
        if token.kind != Kind::FlowSequenceEnd {
            if !first {
                if token.kind != Kind::FlowEntry {
                    return Err(stop(ProblemKind::Flow, token, "did not find expected ',' or ']'"));
                }
                self.scanner.skip();
                token = self.scanner.peek()?;
            }
            if token.kind == Kind::Key {
                self.scanner.skip();
                return self.then(State::FlowSequenceEntryKey, None);
            }
            if token.kind != Kind::FlowSequenceEnd {
                return self.then(State::FlowSequenceEntry { first: false }, Some((false, false)));
            }
        }
        self.scanner.skip();
        Ok(())
    }

    fn flow_sequence_entry_key(&mut self) -> Result<(), Stop> {
        let next = self.scanner.peek()?.kind;
        if matches!(next, Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd) {
            self.scanner.skip(); // so does go-yaml, whatever it is
            return self.then(State::FlowSequenceEntryValue, None);
        }
        self.then(State::FlowSequenceEntryValue, Some((false, false)))
    }

    fn flow_sequence_entry_value(&mut self) -> Result<(), Stop> {
        let mut node = None;
        if self.scanner.peek()?.kind == Kind::Value {
            self.scanner.skip();
            let next = self.scanner.peek()?.kind;
            let empty = matches!(next, Kind::FlowEntry | Kind::FlowSequenceEnd);
            node = (!empty).then_some((false, false));
        }
        self.then(State::FlowSequenceEntry { first: false }, node)
    }

    fn flow_mapping_key(&mut self, first: bool) -> Result<(), Stop> {
        let mut token = self.scanner.peek()?;
        if token.kind != Kind::FlowMappingEnd {
            if !first {
                if token.kind != Kind::FlowEntry {
                    return Err(stop(ProblemKind::Flow, token, "did not find expected ',' or '}'"));
                }
                self.scanner.skip();
                token = self.scanner.peek()?;
            }
            if token.kind == Kind::Key {
                self.scanner.skip();
                let next = self.scanner.peek()?.kind;
                let empty = matches!(next, Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd);
                return self.then(State::FlowMappingValue, (!empty).then_some((false, false)));
            }
            if token.kind != Kind::FlowMappingEnd {
                return self.then(State::FlowMappingKey { first: false }, Some((false, false)));
            }
        }
        self.scanner.skip();
        Ok(())
    }

    fn flow_mapping_value(&mut self) -> Result<(), Stop> {
        let mut node = None;
        if self.scanner.peek()?.kind == Kind::Value {
            self.scanner.skip();
            let next = self.scanner.peek()?.kind;
            let empty = matches!(next, Kind::FlowEntry | Kind::FlowMappingEnd);
            node = (!empty).then_some((false, false));
        }
        self.then(State::FlowMappingKey { first: false }, node)
    }
}

fn stop(kind: ProblemKind, token: Token<'_>, problem: &str) -> Stop {
    Stop::parser(kind, token.start.line, token.start.offset, problem)
}
