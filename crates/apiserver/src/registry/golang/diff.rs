//! The difference of two texts as Kubernetes' refusals show it: hunks with three lines around.
//!
//! Models: `k8s.io/apimachinery/pkg/util/diff.Diff` over `github.com/pmezard/go-difflib`, which
//! follows Python's `difflib`: the longest matching block first, then left and right of it.

use std::fmt::Write;

use apimachinery::sorted::SortedMap;

/// Lines shown around a change.
const CONTEXT: usize = 3;
/// From this many lines on, lines that make up more than a hundredth are too common to match on.
const POPULAR_FROM: usize = 200;

/// What happens to a range of lines: old `a.0..a.1` becomes new `b.0..b.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    equal: bool,
    a: (usize, usize),
    b: (usize, usize),
}

/// A block of equal lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    a: usize,
    b: usize,
    size: usize,
}

/// The unified difference of two texts; empty if they are equal.
#[inline(never)] // a gate
pub(crate) fn unified_diff(old: &str, new: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let steps = steps(&a, &b);
    let mut out = String::new();
    for hunk in hunks(&steps) {
        write_hunk(&mut out, &hunk, &a, &b);
    }
    out
}

fn write_hunk(out: &mut String, hunk: &[Step], a: &[&str], b: &[&str]) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let range = |from: usize, to: usize| match to - from {
        1 => format!("{}", from + 1),
        0 => format!("{from},0"),
        length => format!("{},{length}", from + 1),
    };
    let _ = writeln!(out, "@@ -{} +{} @@", range(first.a.0, last.a.1), range(first.b.0, last.b.1));
    for step in hunk {
        if step.equal {
            write_lines(out, ' ', a.get(step.a.0..step.a.1));
        } else {
            write_lines(out, '-', a.get(step.a.0..step.a.1));
            write_lines(out, '+', b.get(step.b.0..step.b.1));
        }
    }
}

fn write_lines(out: &mut String, mark: char, lines: Option<&[&str]>) {
    for line in lines.unwrap_or(&[]) {
        let _ = writeln!(out, "{mark}{line}");
    }
}

/// Changes that are near each other, with their surroundings: `GetGroupedOpCodes`.
fn hunks(steps: &[Step]) -> Vec<Vec<Step>> {
    let mut out = Vec::new();
    let mut hunk: Vec<Step> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let mut step = *step;
        if step.equal {
            if at == 0 {
                step = tail(step);
            }
            if at + 1 == steps.len() {
                step = head(step);
            } else if step.a.1 - step.a.0 > 2 * CONTEXT {
                hunk.push(head(step));
                out.push(std::mem::take(&mut hunk));
                step = tail(step);
            }
        }
        hunk.push(step);
    }
    out.push(hunk);
    out.retain(|hunk| hunk.iter().any(|step| !step.equal));
    out
}

fn head(step: Step) -> Step {
    let size = (step.a.1 - step.a.0).min(CONTEXT);
    Step { a: (step.a.0, step.a.0 + size), b: (step.b.0, step.b.0 + size), ..step }
}

fn tail(step: Step) -> Step {
    let size = (step.a.1 - step.a.0).min(CONTEXT);
    Step { a: (step.a.1 - size, step.a.1), b: (step.b.1 - size, step.b.1), ..step }
}

/// Equal and changed ranges in turn: `GetOpCodes`.
fn steps(a: &[&str], b: &[&str]) -> Vec<Step> {
    let mut blocks = Vec::new();
    matching_blocks(a, b, (0, a.len()), (0, b.len()), &positions(b), &mut blocks);
    blocks.sort();
    blocks.push(Block { a: a.len(), b: b.len(), size: 0 });
    let (mut i, mut j) = (0, 0);
    let mut out: Vec<Step> = Vec::new();
    for block in blocks {
        if i < block.a || j < block.b {
            out.push(Step { equal: false, a: (i, block.a), b: (j, block.b) });
        }
        (i, j) = (block.a + block.size, block.b + block.size);
        match out.last_mut() {
            // Blocks that touch are one.
            Some(last) if last.equal && block.size > 0 => (last.a.1, last.b.1) = (i, j),
            _ if block.size > 0 => {
                out.push(Step { equal: true, a: (block.a, i), b: (block.b, j) });
            }
            _ => {}
        }
    }
    out
}

/// Where each line stands in `b`, without those that are too common.
fn positions<'t>(b: &[&'t str]) -> SortedMap<&'t str, Vec<usize>> {
    let mut out: SortedMap<&str, Vec<usize>> = SortedMap::new();
    for (at, line) in b.iter().enumerate() {
        out.entry(line).or_default().push(at);
    }
    if b.len() >= POPULAR_FROM {
        let many = b.len() / 100 + 1;
        out.retain(|_, places| places.len() <= many);
    }
    out
}

fn matching_blocks(
    a: &[&str],
    b: &[&str],
    in_a: (usize, usize),
    in_b: (usize, usize),
    positions: &SortedMap<&str, Vec<usize>>,
    out: &mut Vec<Block>,
) {
    let best = longest_match(a, b, in_a, in_b, positions);
    if best.size == 0 {
        return;
    }
    if in_a.0 < best.a && in_b.0 < best.b {
        matching_blocks(a, b, (in_a.0, best.a), (in_b.0, best.b), positions, out);
    }
    out.push(best);
    let (end_a, end_b) = (best.a + best.size, best.b + best.size);
    if end_a < in_a.1 && end_b < in_b.1 {
        matching_blocks(a, b, (end_a, in_a.1), (end_b, in_b.1), positions, out);
    }
}

fn longest_match(
    a: &[&str],
    b: &[&str],
    in_a: (usize, usize),
    in_b: (usize, usize),
    positions: &SortedMap<&str, Vec<usize>>,
) -> Block {
    let mut best = Block { a: in_a.0, b: in_b.0, size: 0 };
    let mut ends: SortedMap<usize, usize> = SortedMap::new();
    for i in in_a.0..in_a.1 {
        let mut next = SortedMap::new();
        for &j in a.get(i).and_then(|line| positions.get(line)).into_iter().flatten() {
            if j < in_b.0 || j >= in_b.1 {
                continue;
            }
            let size = j.checked_sub(1).and_then(|k| ends.get(&k)).unwrap_or(&0) + 1;
            next.insert(j, size);
            if size > best.size {
                best = Block { a: i + 1 - size, b: j + 1 - size, size };
            }
        }
        ends = next;
    }
    // Common lines were left out above; they may still lengthen the block.
    while best.a > in_a.0 && best.b > in_b.0 && a.get(best.a - 1) == b.get(best.b - 1) {
        best = Block { a: best.a - 1, b: best.b - 1, size: best.size + 1 };
    }
    while best.a + best.size < in_a.1
        && best.b + best.size < in_b.1
        && a.get(best.a + best.size) == b.get(best.b + best.size)
    {
        best.size += 1;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_three_lines_around_a_change() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9";
        assert_eq!(unified_diff(old, new), "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
        assert_eq!(unified_diff(old, old), "");
    }

    #[test]
    fn far_changes_make_two_hunks() {
        let old: Vec<String> = (0..30).map(|i| i.to_string()).collect();
        let mut new = old.clone();
        new.retain(|l| l != "2");
        new.push("30".to_owned());
        let text = unified_diff(&old.join("\n"), &new.join("\n"));
        assert_eq!(text, "@@ -1,6 +1,5 @@\n 0\n 1\n-2\n 3\n 4\n 5\n@@ -28,3 +27,4 @@\n 27\n 28\n 29\n+30\n");
    }
}
