//! In which ways a text may be written as a YAML scalar.
//!
//! Models: `yaml_emitter_analyze_scalar` and `is_printable` of `go.yaml.in/yaml/v2`, which takes a tab
//! and everything outside the basic plane for unprintable.

/// What the characters of a text allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent answers")]
pub(super) struct Analysis {
    /// Holds a line break.
    pub multiline: bool,
    /// May stand without quotes in block context.
    pub plain: bool,
    /// May stand in single quotes.
    pub single_quoted: bool,
    /// May stand as a `|` block.
    pub block: bool,
}

/// Whether go-yaml writes the character as it is.
pub(super) const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Whether the character ends a line.
pub(super) const fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// Whether the character would start or end something in YAML where it stands.
fn indicates(c: char, at_start: bool, after_blank: bool, before_blank: bool) -> bool {
    match c {
        '#' if at_start => true,
        ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => at_start,
        '?' | '-' => at_start && before_blank,
        ':' => before_blank,
        '#' => after_blank,
        _ => false,
    }
}

/// Looks at a text character by character.
pub(super) fn analyze(text: &str) -> Analysis {
    if text.is_empty() {
        return Analysis { multiline: false, plain: true, single_quoted: true, block: false };
    }
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let (mut special, mut multiline) = (false, false);
    let (mut break_space, mut space_break) = (false, false);
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after_blank = before.is_none_or(|b| is_blank(b) || is_break(b));
        let before_blank = chars.peek().is_none_or(|n| is_blank(*n));
        indicators |= indicates(c, before.is_none(), after_blank, before_blank);
        special |= !is_printable(c);
        multiline |= is_break(c);
        break_space |= c == ' ' && before.is_some_and(is_break);
        space_break |= is_break(c) && before == Some(' ');
        before = Some(c);
    }
    let edge = |c: char| c == ' ' || is_break(c);
    let hard = space_break || special;
    Analysis {
        multiline,
        plain: !(hard
            || break_space
            || indicators
            || multiline
            || text.starts_with(edge)
            || text.ends_with(edge)),
        single_quoted: !(hard || break_space),
        block: !(hard || text.ends_with(' ')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_forbid_plain_only_where_they_mean_something() {
        for text in ["a:b", "a-b", "-x", "a#b", "?x", "a,b", "x[0]", "/data", "10.244.1.5:80", "=", "~/x"] {
            assert!(analyze(text).plain, "{text}");
        }
        for text in [
            "a: b", "a:", ": a", "- a", "-", "a #b", "#b", "[a]", "{a}", "*a", "&a", "!a", "%a", "@a", "`a",
            "'a", "\"a", "|", ">a", " a", "a ", "---", "...x", "a\tb", "a\nb", "🙂",
        ] {
            assert!(!analyze(text).plain, "{text}");
        }
    }
}
