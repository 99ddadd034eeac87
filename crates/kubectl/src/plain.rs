//! What is said of words that are not verbs.

use crate::help;

/// How many letters a word may differ from a verb that is suggested instead.
const DISTANCE: usize = 2;

/// What is said of a program that is not here.
pub fn not_here(program: &str) -> String {
    format!("{program} is not part of this terminal. It knows kubectl, nslookup, dig, getent and help.\n")
}

/// What is said of a verb that kubectl does not know, with the verbs that may have been meant.
pub fn unknown_command(verb: &str) -> String {
    // A text is at least as far from another as it is longer, so a long one is compared with none.
    let length = verb.chars().count();
    let near = |known: &&str| {
        let is_as_long = known.len().abs_diff(length) <= DISTANCE;
        is_as_long && distance(verb, known) <= DISTANCE || known.starts_with(verb)
    };
    let near: Vec<String> = help::verbs().filter(near).map(|known| format!("\t{known}\n")).collect();
    let hint =
        if near.is_empty() { String::new() } else { format!("\nDid you mean this?\n{}", near.concat()) };
    format!("error: unknown command \"{verb}\" for \"kubectl\"\n{hint}")
}

/// How many letters must be inserted, removed or changed to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, up) in b.chars().zip(row.iter().skip(1)) {
            left = (corner + usize::from(x != y)).min(left + 1).min(up + 1);
            corner = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_noticed() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(
            unknown_command("gett"),
            "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tset\n\tget\n"
        );
        assert_eq!(unknown_command("frobnicate"), "error: unknown command \"frobnicate\" for \"kubectl\"\n");
    }
}
