//! What can be wrong with a document, and how kubectl says it.

use super::node::Span;

/// What kind of problem it is, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A tab where only spaces indent.
    Tab,
    /// A `:` where no key can be, often a colon in unquoted text or bad indentation.
    MappingValue,
    /// A line that is neither a key of the map it stands in nor part of another one.
    ExpectedKey,
    /// A line in a list that does not begin with `-`.
    ExpectedDash,
    /// A line that should have been a key but has no `:`.
    ExpectedColon,
    /// A `-` or `?` where a list or key cannot begin.
    UnexpectedEntry,
    /// `[` or `{` without its end, or entries without commas.
    Flow,
    /// A quote without its end.
    Quote,
    /// A backslash sequence that does not exist.
    Escape,
    /// A character that no value can begin with.
    Character,
    /// The header or indentation of `|` or `>`.
    BlockScalar,
    /// A tag, an anchor's name or a directive.
    Property,
    /// Two values where one belongs, or a stray document marker.
    Content,
    /// A character that YAML does not allow at all.
    ControlCharacter,
    /// Text after `---`.
    Separator,
    /// An alias without an anchor.
    UnknownAnchor,
    /// An anchor whose value holds its own alias.
    RecursiveAnchor,
    /// Aliases that stand for too many nodes.
    ExcessiveAliasing,
    /// A map or list as a key, often an unquoted `{{ … }}`.
    MapKey,
    /// A key without text.
    NullKey,
    /// `<<` with something other than maps.
    Merge,
    /// A value that cannot be read as its tag says.
    TagValue,
    /// A number that JSON cannot hold.
    NotJson,
    /// More bytes than are read.
    TooLarge,
    /// More nodes than are read.
    TooManyNodes,
    /// Deeper than is read.
    TooDeep,
    /// A key a second time in one map. kubectl lets the last one win and says nothing.
    DuplicateKey,
    /// Text after the end of the document's first value, which kubectl ignores.
    Ignored,
}

impl ProblemKind {
    /// Whether kubectl refuses the document. Otherwise it reads on and the user may be surprised.
    pub const fn is_fatal(self) -> bool {
        !matches!(self, Self::DuplicateKey | Self::Ignored)
    }

    /// Which of several problems kubectl meets first: it parses, decodes, converts, then writes.
    pub(super) const fn stage(self) -> u8 {
        match self {
            Self::RecursiveAnchor | Self::ExcessiveAliasing | Self::MapKey | Self::Merge | Self::TagValue => {
                2
            }
            Self::NullKey => 3,
            Self::NotJson => 4,
            Self::DuplicateKey | Self::Ignored => 5,
            _ => 0,
        }
    }
}

/// A mistake in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake.
    pub kind: ProblemKind,
    /// What to underline, in bytes of the whole text.
    pub span: Span,
    /// Its line in the whole text, from 1. The message counts from the document's own start, and
    /// for some mistakes names the line before, as kubectl does.
    pub line: usize,
    /// What kubectl prints of it after `error converting YAML to JSON: `, or after
    /// `error parsing …: ` for [`ProblemKind::Separator`].
    pub message: String,
}
