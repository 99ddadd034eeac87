//! A text out of a number.

use apimachinery::Rng;

/// A text is not longer than this, in bytes: what is large is tried by repetition.
const LENGTH_MAX: usize = 200_000;

/// What means something to one of the readers.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "{{",
    "}}",
    "{{if 1}}",
    "{{range .}}",
    "{{end}}",
    "{range .items[*]}",
    "{end}",
    "..",
    "[*]",
    "[?(@.a==1)]",
    "['']",
    "['a','b']",
    ":",
    ": ",
    "- ",
    "? ",
    "? - ",
    "&a ",
    "*a",
    "&a [*a, *a]",
    "!!binary ",
    "!!str ",
    "<<: *a\n",
    "|",
    "|2-\n",
    ">+\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "#",
    "\n",
    "\t",
    " ",
    "\r\n",
    "\u{0}",
    "\u{feff}",
    "é",
    "\u{2028}",
    "🙂",
    "'",
    "\"",
    "\\",
    "\\\"",
    "\\x41",
    "\\u0000",
    "`",
    "$",
    "$a",
    "${a}",
    "$(a)",
    "`a`",
    ";",
    "&&",
    "||",
    "|",
    ">",
    ">>",
    "<",
    "2>&1",
    "for a in 1 2 3; do ",
    "done; ",
    "do ",
    "*",
    "a*",
    "^",
    "$?",
    "-",
    "--",
    "--replicas=",
    "-o ",
    "-o yaml",
    "-l ",
    "--field-selector ",
    "-f - ",
    "=",
    ",",
    ".",
    "/",
    "~1",
    "%",
    "%s",
    "%d",
    "%9999999999d",
    "%-1000000s",
    "0",
    "-1",
    "1e999",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "0x7fffffff",
    "0o17",
    "1_000",
    ".inf",
    "NaN",
    "null",
    "~",
    "true",
    "1.5Gi",
    "999999999999999999999Ei",
    "\"op\":\"copy\",",
    "\"from\":\"/spec\",",
    "\"path\":\"/spec/a\",",
    "\"$patch\":\"replace\",",
    "terminationGracePeriodSeconds: ",
    "periodSeconds: ",
    "replicas: ",
    "partition: ",
    "minReadySeconds: ",
    "maxUnavailable: ",
    "revisionHistoryLimit: ",
    "start: ",
    "\"at\":",
    "\"until\":",
    "\"nodes\":",
    "\"line\":",
    "9999999999999",
    "kubectl ",
    "web-0",
    "default",
];

/// The text of a case: a seed with up to six changes, each a cut, a repetition, a token, a piece of another seed, an
/// exchanged number or letter.
pub fn text(seeds: &[String], rng: &mut Rng) -> String {
    let mut text = pick(seeds, rng).cloned().unwrap_or_default();
    for _ in 0..rng.between(1, 6) {
        text = changed(&text, seeds, rng);
        if text.len() > LENGTH_MAX {
            let end = text.floor_char_boundary(LENGTH_MAX);
            text.truncate(end);
        }
    }
    text
}

fn pick<'a, T>(items: &'a [T], rng: &mut Rng) -> Option<&'a T> {
    let bound = u32::try_from(items.len()).unwrap_or(u32::MAX);
    items.get(usize::try_from(rng.below(bound)).unwrap_or(0))
}

/// A place in a text.
fn place(text: &str, rng: &mut Rng) -> usize {
    let bound = u32::try_from(text.len() + 1).unwrap_or(u32::MAX);
    text.floor_char_boundary(usize::try_from(rng.below(bound)).unwrap_or(0))
}

/// A piece of a text: mostly a short one.
fn piece<'t>(text: &'t str, rng: &mut Rng) -> (usize, &'t str) {
    let begin = place(text, rng);
    let most = if rng.below(4) == 0 { text.len() } else { 40 };
    let bound = u32::try_from((text.len() - begin).min(most) + 1).unwrap_or(u32::MAX);
    let end = text.floor_char_boundary(begin + usize::try_from(rng.below(bound)).unwrap_or(0));
    (begin, text.get(begin..end).unwrap_or(""))
}

/// How often something is repeated: mostly a few times, sometimes thousands of times.
fn times(rng: &mut Rng) -> usize {
    let most = [3, 3, 20, 200, 3_000, 20_000];
    let most = pick(&most, rng).copied().unwrap_or(3);
    usize::try_from(rng.between(1, most)).unwrap_or(1)
}

fn changed(text: &str, seeds: &[String], rng: &mut Rng) -> String {
    let (begin, inside) = piece(text, rng);
    let (before, rest) = text.split_at(begin);
    let after = rest.get(inside.len()..).unwrap_or("");
    let token = pick(TOKENS, rng).copied().unwrap_or("");
    let within = |middle: &str| [before, middle, after].concat();
    let repeated = |middle: &str, rng: &mut Rng| {
        let most = LENGTH_MAX / middle.len().max(1);
        middle.repeat(times(rng).min(most))
    };
    match rng.below(9) {
        0 => within(""),
        1 => within(&repeated(inside, rng)),
        2 => [before, token, rest].concat(),
        3 => [before, &repeated(token, rng), rest].concat(),
        4 => within(token),
        5 => {
            let other = pick(seeds, rng).map_or("", |other| piece(other, rng).1);
            [before, other, rest].concat()
        }
        // A number for another one.
        6 => {
            let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
            let digits: Vec<usize> = digits.collect();
            let Some(at) = pick(&digits, rng).copied() else { return within(token) };
            let (before, rest) = text.split_at(at);
            let number = ["0", "-1", "2147483647", "99999999999", "1e30"];
            let number = pick(&number, rng).copied().unwrap_or("");
            [before, number, rest.trim_start_matches(|c: char| c.is_ascii_digit())].concat()
        }
        // One and the same thing around a piece.
        7 => {
            let (open, close) =
                pick(&[("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("{{if 1}}", "{{end}}")], rng)
                    .copied()
                    .unwrap_or_default();
            let depth = times(rng);
            within(&[&open.repeat(depth), inside, &close.repeat(depth)].concat())
        }
        // A letter for another one.
        _ => {
            let letter = char::from_u32(rng.below(0x180)).unwrap_or('x').to_string();
            let rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
            [before, &letter, rest].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_text() {
        let seeds = ["kind: Pod\n".to_owned(), "é{{.a}}".to_owned()];
        let of = |seed: u64| text(&seeds, &mut Rng::stream(seed, "text"));
        for seed in 0..500 {
            assert_eq!(of(seed), of(seed));
            assert!(of(seed).len() <= LENGTH_MAX);
        }
        assert!((0..20).any(|seed| of(seed) != of(seed + 20)));
    }
}
