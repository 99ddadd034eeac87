//! What a scalar's text means: YAML 1.1 words, Go's integers, and tags.
//!
//! Models: `resolve` of `go.yaml.in/yaml/v2`, as `sigs.k8s.io/yaml` uses it for untyped decoding.

use super::timestamp;
use crate::decimal;

/// A scalar after typing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Typed {
    /// `~`, `null`, or nothing at all.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// An integer within 64 bits with a sign.
    Int(i64),
    /// An integer that only fits without a sign.
    Uint(u64),
    /// Any other number; may be infinite or not a number.
    Float(f64),
    /// Text that looks like a date: text in JSON, but quoted when written out.
    Timestamp,
    /// Text.
    Text,
}

impl Typed {
    /// The short tag, as Go's errors name the type.
    pub(super) const fn tag(&self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::Uint(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::Text => "!!str",
        }
    }
}

/// Types a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> Typed {
    resolve_hinted(text, true)
}

/// Types a scalar under an explicit tag, given as its short form (`!!int`).
///
/// # Errors
/// The type the text has instead, when it cannot be read as the tag says.
pub(super) fn resolve_as(tag: &str, text: &str) -> Result<Typed, Typed> {
    let typed = match tag {
        "!!bool" | "!!int" | "!!float" | "!!null" => resolve_hinted(text, false),
        "!!timestamp" => resolve_hinted(text, true),
        _ => return Ok(Typed::Text),
    };
    match (tag, typed) {
        #[expect(clippy::cast_precision_loss, reason = "Go converts in the same way")]
        ("!!float", Typed::Int(n)) => Ok(Typed::Float(n as f64)),
        (_, typed) if typed.tag() == tag => Ok(typed),
        (_, typed) => Err(typed),
    }
}

fn resolve_hinted(text: &str, dates: bool) -> Typed {
    if let Some(word) = resolve_word(text) {
        return word;
    }
    match text.as_bytes().first() {
        Some(b'.') => decimal::parse(text).map_or(Typed::Text, Typed::Float),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            if dates && timestamp::is_timestamp(text) {
                return Typed::Timestamp;
            }
            resolve_number(&text.replace('_', ""))
        }
        _ => Typed::Text,
    }
}

fn resolve_word(text: &str) -> Option<Typed> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Typed::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Typed::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Typed::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" => Typed::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Typed::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Typed::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn resolve_number(plain: &str) -> Typed {
    parse_int(plain)
        .or_else(|| decimal::parse(plain).map(Typed::Float))
        .or_else(|| parse_signed_binary(plain))
        .unwrap_or(Typed::Text)
}

/// `strconv.ParseInt(text, 0, 64)`, then `ParseUint` (which takes no sign).
fn parse_int(text: &str) -> Option<Typed> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let magnitude = parse_magnitude(digits)?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Typed::Int);
    }
    match i64::try_from(magnitude) {
        Ok(n) => Some(Typed::Int(n)),
        Err(_) if text.starts_with('+') => None,
        Err(_) => Some(Typed::Uint(magnitude)),
    }
}

/// Digits under the prefix that says their base; a bare leading zero is octal.
fn parse_magnitude(digits: &str) -> Option<u64> {
    let (base, rest) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // `from_str_radix` takes a sign, Go does not.
    if rest.starts_with(['+', '-']) { None } else { u64::from_str_radix(rest, base).ok() }
}

/// The odd forms `0b-11` and `0b+11`, which go-yaml accepts after everything else failed.
fn parse_signed_binary(text: &str) -> Option<Typed> {
    i64::from_str_radix(text.strip_prefix("0b")?, 2).ok().map(Typed::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_go_yamls() {
        for (text, typed) in [
            ("yes", Typed::Bool(true)),
            ("y", Typed::Bool(true)),
            ("Off", Typed::Bool(false)),
            ("yEs", Typed::Text),
            ("~", Typed::Null),
            ("", Typed::Null),
            ("nULL", Typed::Text),
            ("0644", Typed::Int(420)),
            ("0o644", Typed::Int(420)),
            ("0x1F", Typed::Int(31)),
            ("-0x1F", Typed::Int(-31)),
            ("0b11", Typed::Int(3)),
            ("0b-11", Typed::Int(-3)),
            ("1_000", Typed::Int(1000)),
            ("08", Typed::Float(8.0)),
            ("12:30", Typed::Text),
            ("1e3", Typed::Float(1000.0)),
            ("1.", Typed::Float(1.0)),
            (".5", Typed::Float(0.5)),
            (".", Typed::Text),
            ("-", Typed::Text),
            ("0x", Typed::Text),
            ("1e999", Typed::Text),
            ("9223372036854775808", Typed::Uint(9_223_372_036_854_775_808)),
            ("-9223372036854775808", Typed::Int(i64::MIN)),
            ("1.2.3", Typed::Text),
            ("2001-01-01", Typed::Timestamp),
            ("1Gi", Typed::Text),
        ] {
            assert_eq!(resolve(text), typed, "{text}");
        }
    }

    #[test]
    fn tags_force_or_refuse() {
        assert_eq!(resolve_as("!!str", "1"), Ok(Typed::Text));
        assert_eq!(resolve_as("!!float", "1"), Ok(Typed::Float(1.0)));
        assert_eq!(resolve_as("!!int", "x"), Err(Typed::Text));
        assert_eq!(resolve_as("!mine", "1"), Ok(Typed::Text));
    }
}
