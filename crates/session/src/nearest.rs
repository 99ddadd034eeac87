//! Which of some words was meant by one with a slip in it.

/// Words by how many letters they differ in, the nearest first.
pub(crate) fn nearest<'w>(wrong: &str, words: impl Iterator<Item = &'w str>) -> Vec<(usize, &'w str)> {
    let mut all: Vec<(usize, &str)> = words.map(|word| (distance(wrong, word), word)).collect();
    all.sort_unstable();
    all
}

/// Whether a word with so many other letters is still likely meant.
pub(crate) fn is_near(distance: usize, word: &str) -> bool {
    distance <= (word.chars().count() / 3).max(2)
}

/// How many letters must be put in, taken out or changed to get from one word to the other; case does not count.
fn distance(one: &str, other: &str) -> usize {
    let letters: Vec<char> = other.to_lowercase().chars().take(64).collect();
    let mut row: Vec<usize> = (0..=letters.len()).collect();
    for (at, letter) in one.to_lowercase().chars().take(64).enumerate() {
        let mut last = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (known, up) in letters.iter().zip(row.iter().skip(1)) {
            left = (last + usize::from(letter != *known)).min(up + 1).min(left + 1);
            last = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
