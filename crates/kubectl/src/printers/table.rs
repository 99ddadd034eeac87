//! Pads columns with blanks: each is at least 6 wide, 3 blanks follow its longest cell, and the last one is
//! not padded.
//!
//! Models: `k8s.io/cli-runtime/pkg/printers/tabwriter.go`.

/// A column is at least this wide, its padding included.
const WIDTH_MIN: usize = 6;
/// Blanks after the longest cell.
const PADDING: usize = 3;

/// How many cells of a terminal a text takes: one for each character.
fn width(text: &str) -> usize {
    text.chars().count()
}

/// The rows with their columns aligned. `widths` keeps the widths of the columns between calls, for watches:
/// they grow and never shrink.
pub fn render(rows: &[Vec<String>], widths: &mut Vec<usize>) -> String {
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let wanted = (width(cell) + PADDING).max(WIDTH_MIN);
            match widths.get_mut(at) {
                Some(known) => *known = wanted.max(*known),
                None => widths.push(wanted),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < row.len() {
                let pad = widths.get(at).copied().unwrap_or(0).saturating_sub(width(cell));
                text.extend(std::iter::repeat_n(' ', pad));
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_three_apart_and_six_wide() {
        let rows = [["NAME", "READY", "AGE"], ["web", "2/3", "75s"]].map(|r| r.map(str::to_owned).to_vec());
        assert_eq!(render(&rows, &mut Vec::new()), "NAME   READY   AGE\nweb    2/3     75s\n");
    }
}
