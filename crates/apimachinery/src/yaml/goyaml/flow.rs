//! The grammar between `[` and `]`, `{` and `}`.
//!
//! Models: `go.yaml.in/yaml/v2/parserc.go` (`yaml_parser_parse_flow_…`).

use super::Stop;
use super::parser::{Event, Next, Nodes, Parser, Piece, State, stop};
use super::scanner::{Kind, Token};
use crate::yaml::problem::ProblemKind;

impl<'t> Parser<'t> {
    /// The token that an entry begins with, or the end. Takes the `,` that stands before all entries but the
    /// first.
    fn flow_entry(&mut self, first: bool, end: Kind<'t>, expected: &str) -> Result<Token<'t>, Stop> {
        let token = self.scanner.peek()?;
        if first || token.kind == end {
            return Ok(token);
        }
        if token.kind != Kind::FlowEntry {
            return Err(stop(ProblemKind::Flow, token, expected));
        }
        self.scanner.take();
        self.scanner.peek()
    }

    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Result<Option<Event<'t>>, Stop> {
        let token = self.flow_entry(first, Kind::FlowSequenceEnd, "did not find expected ',' or ']'")?;
        match token.kind {
            Kind::FlowSequenceEnd => Ok(Some(self.end(token))),
            // `[a: b]` is a list of a map.
            Kind::Key => {
                self.scanner.take();
                self.states.push(State::FlowSequenceEntryKey);
                Ok(Some(Event::new(Piece::Mapping, token.start.offset, token.end)))
            }
            _ => Ok(self.then(State::FlowSequenceEntry { first: false }, Next::Node(Nodes::Flow))),
        }
    }

    pub(super) fn flow_sequence_entry_key(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let token = self.scanner.peek()?;
        let node = match token.kind {
            Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd => {
                self.scanner.take(); // so does go-yaml, whatever it is
                Next::Nothing(token.end)
            }
            _ => Next::Node(Nodes::Flow),
        };
        Ok(self.then(State::FlowSequenceEntryValue, node))
    }

    pub(super) fn flow_sequence_entry_value(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let node = self.flow_value(|next| matches!(next, Kind::FlowEntry | Kind::FlowSequenceEnd))?;
        Ok(self.then(State::FlowSequenceEntryEnd, node))
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Result<Option<Event<'t>>, Stop> {
        let token = self.flow_entry(first, Kind::FlowMappingEnd, "did not find expected ',' or '}'")?;
        match token.kind {
            Kind::FlowMappingEnd => Ok(Some(self.end(token))),
            Kind::Key => {
                let ends =
                    |next: Kind<'_>| matches!(next, Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd);
                let node = self.after(token, Nodes::Flow, ends)?;
                Ok(self.then(State::FlowMappingValue, node))
            }
            _ => Ok(self.then(State::FlowMappingNoValue, Next::Node(Nodes::Flow))),
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Result<Option<Event<'t>>, Stop> {
        let node = self.flow_value(|next| matches!(next, Kind::FlowEntry | Kind::FlowMappingEnd))?;
        Ok(self.then(State::FlowMappingKey { first: false }, node))
    }

    /// What stands after a `:`, if there is one.
    fn flow_value(&mut self, ends: fn(Kind<'_>) -> bool) -> Result<Next, Stop> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::Value => self.after(token, Nodes::Flow, ends),
            _ => Ok(Next::Nothing(token.start.offset)),
        }
    }
}
