//! Scans the texts of `|` and `>`.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_scan_block_scalar`).

use super::Stop;
use super::scanner::{Kind, Scanner};
use crate::yaml::node::ScalarStyle;
use crate::yaml::problem::ProblemKind;

/// Which line breaks at the end of the text stay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// `-`: none.
    Strip,
    /// The first.
    Clip,
    /// `+`: all.
    Keep,
}

impl<'t> Scanner<'t> {
    pub(super) fn scan_block_scalar(&mut self) -> Result<(Kind<'t>, String), Stop> {
        let literal = self.cursor.byte(0) == b'|';
        self.cursor.skip();
        let (chomping, increment) = self.scan_block_header()?;
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end(0) {
            let problem = "did not find expected comment or line break";
            return Err(self.stop(ProblemKind::BlockScalar, problem));
        }
        self.cursor.skip_line();
        let base = usize::try_from(self.indent).unwrap_or(0);
        let mut indent = increment.map(|increment| base + increment);
        // The text so far, the break after it, and those of the empty lines that follow.
        let (mut text, mut line_break, mut empty_lines) = (String::new(), String::new(), String::new());
        let mut indented_more = false;
        self.scan_block_breaks(&mut indent, &mut empty_lines)?;
        while Some(self.cursor.mark.column) == indent && !self.cursor.is_end(0) {
            // In `>` a break between two lines that begin at the indentation is a blank.
            let before = std::mem::replace(&mut indented_more, self.cursor.is_blank(0));
            if !literal && !before && !indented_more && line_break == "\n" {
                text.push_str(if empty_lines.is_empty() { " " } else { "" });
            } else {
                text.push_str(&line_break);
            }
            text.push_str(&empty_lines);
            empty_lines.clear();
            let start = self.cursor.mark;
            self.cursor.skip_to_break();
            text.push_str(self.cursor.since(start));
            line_break.clear();
            self.cursor.take_line(&mut line_break);
            self.scan_block_breaks(&mut indent, &mut empty_lines)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(&line_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&empty_lines);
        }
        Ok((Kind::Scalar(if literal { ScalarStyle::Literal } else { ScalarStyle::Folded }), text))
    }

    /// Scans what may follow `|` or `>`: `+` or `-`, and a digit, in either order.
    fn scan_block_header(&mut self) -> Result<(Chomping, Option<usize>), Stop> {
        let mut increment = None;
        let mut chomping = self.scan_chomping();
        if let digit @ b'0'..=b'9' = self.cursor.byte(0) {
            if digit == b'0' {
                let problem = "found an indentation indicator equal to 0";
                return Err(self.stop(ProblemKind::BlockScalar, problem));
            }
            increment = Some(usize::from(digit - b'0'));
            self.cursor.skip();
            chomping = chomping.or_else(|| self.scan_chomping());
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn scan_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.skip();
        Some(chomping)
    }

    /// Skips indentation and empty lines; finds out the indentation if it is not known.
    fn scan_block_breaks(&mut self, indent: &mut Option<usize>, breaks: &mut String) -> Result<(), Stop> {
        let mut deepest = 0;
        loop {
            let inside = |column: usize| indent.is_none_or(|indent| column < indent);
            while inside(self.cursor.mark.column) && self.cursor.byte(0) == b' ' {
                self.cursor.skip();
            }
            deepest = deepest.max(self.cursor.mark.column);
            if inside(self.cursor.mark.column) && self.cursor.byte(0) == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(self.stop(ProblemKind::Tab, problem));
            }
            if !self.cursor.is_break(0) {
                break;
            }
            self.cursor.take_line(breaks);
        }
        if indent.is_none() {
            *indent = Some(deepest.max(usize::try_from(self.indent + 1).unwrap_or(0)).max(1));
        }
        Ok(())
    }
}
