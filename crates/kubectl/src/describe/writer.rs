//! Text by levels, with columns aligned block by block.
//!
//! Models: `PrefixWriter` and `tabbedString` of `k8s.io/kubectl/pkg/describe`, Go's `text/tabwriter`
//! (a column is as wide as its longest cell in consecutive lines that have it, and two blanks more).

/// Blanks after the longest cell.
const PADDING: usize = 2;

/// Text under way: cells end with tabs, the last cell of a line does not.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    text: String,
    base: usize,
}

impl Writer {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a piece of a line, after two blanks a level.
    pub fn write(&mut self, level: usize, text: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.base + level));
        self.text.push_str(text);
    }

    /// Adds a line.
    pub fn line(&mut self, level: usize, text: &str) {
        self.write(level, text);
        self.text.push('\n');
    }

    /// Adds `Name:` and, in the next column, a value.
    pub fn field(&mut self, level: usize, name: &str, value: impl AsRef<str>) {
        self.line(level, &format!("{name}:\t{}", value.as_ref()));
    }

    /// Ends a line that was begun with [`Writer::write`].
    pub fn end(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Puts everything that `fill` writes so many levels deeper.
    pub fn nested(&mut self, levels: usize, fill: impl FnOnce(&mut Self)) {
        self.base += levels;
        fill(self);
        self.base -= levels;
    }

    /// The text with its columns aligned.
    pub fn aligned(&self) -> String {
        align(&self.text)
    }

    /// The text with its tabs.
    pub fn raw(self) -> String {
        self.text
    }
}

/// Text with tabs replaced by as many blanks as line its columns up.
pub fn align(text: &str) -> String {
    let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|_| Vec::new()).collect();
    measure(&lines, &mut widths, 0);
    let mut out = String::with_capacity(text.len() * 2);
    for (at, (cells, widths)) in lines.iter().zip(&widths).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for (column, cell) in cells.iter().enumerate() {
            out.push_str(cell);
            let wide = widths.get(column).copied().unwrap_or(0);
            out.extend(std::iter::repeat_n(' ', wide.saturating_sub(length(cell))));
        }
    }
    out
}

fn length(cell: &str) -> usize {
    cell.chars().count()
}

/// Fixes the widths of `column` in each run of lines that have it, then of the columns after it.
fn measure(lines: &[Vec<&str>], widths: &mut [Vec<usize>], column: usize) {
    let has = |cells: &Vec<&str>| column + 1 < cells.len();
    let mut from = 0;
    while from < lines.len() {
        let rest = lines.get(from..).unwrap_or(&[]);
        let skipped = rest.iter().take_while(|cells| !has(cells)).count();
        let block = from + skipped;
        let rest = lines.get(block..).unwrap_or(&[]);
        let height = rest.iter().take_while(|cells| has(cells)).count();
        let (Some(run), Some(slots)) =
            (lines.get(block..block + height), widths.get_mut(block..block + height))
        else {
            return;
        };
        let longest = run.iter().filter_map(|cells| cells.get(column)).map(|cell| length(cell)).max();
        let Some(longest) = longest else { return };
        for slot in slots.iter_mut() {
            slot.push(longest + PADDING);
        }
        measure(run, slots, column + 1);
        from = block + height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_line_ends_a_block() {
        let text = "Name:\tweb-1\nService Account:\tdefault\nIPs:\n  IP:\t10.244.1.6\nControlled By:\tStatefulSet/web\n";
        assert_eq!(
            align(text),
            "Name:             web-1\nService Account:  default\nIPs:\n  IP:           10.244.1.6\nControlled By:  StatefulSet/web\n"
        );
    }

    #[test]
    fn inner_columns_are_aligned_within_the_outer_ones() {
        let text = "  Type\tReason\tAge\n  ----\t------\t----\n  Normal\tSuccessfulCreate\t10s\n";
        assert_eq!(
            align(text),
            "  Type    Reason            Age\n  ----    ------            ----\n  Normal  SuccessfulCreate  10s\n"
        );
    }

    #[test]
    fn an_empty_cell_keeps_its_padding() {
        assert_eq!(align("IP:\t\nIPs:\t<none>\n"), "IP:   \nIPs:  <none>\n");
        assert_eq!(align("a\t\tb\nc\t\td\n"), "a    b\nc    d\n");
    }
}
