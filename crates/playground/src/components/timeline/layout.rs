//! Where things are in the drawing: lanes, ruler and flags, in CSS pixels.

use std::rc::Rc;

use super::Props;
use super::scale::float;
use crate::window;

/// Top of the first lane.
pub const FIRST_LANE: f64 = 39.0;
/// Top of the flags.
pub const FLAGS: f64 = 22.0;
/// Height of the ruler.
const RULER: f64 = 26.0;
/// Width of a character of a lane's name.
const CHARACTER: f64 = 6.95;
/// Width of a character of what is written on the drawing.
const SMALL: f64 = 6.35;
/// The same of a Chinese one.
const SMALL_WIDE: f64 = 10.6;

/// How wide a text of the drawing is.
pub fn wide(text: &str) -> f64 {
    text.chars().map(|c| if c < '\u{2E80}' { SMALL } else { SMALL_WIDE }).sum()
}

/// The first of some texts for which there is room; they say less and less.
pub fn fitting<'a>(texts: &[&'a str], room: f64) -> Option<&'a str> {
    texts.iter().find(|text| wide(text) <= room).copied()
}

/// Where things are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// The drawing's width.
    pub width: f64,
    /// Left end of the names.
    pub names: f64,
    /// Left end of what is shown of time.
    pub left: f64,
    /// Room to the right of it.
    pub right: f64,
    /// From lane to lane.
    pub lane: f64,
    /// Height of a ribbon.
    pub ribbon: f64,
    /// How many lanes are shown, a cut one too.
    pub room: f64,
    /// How many lanes there are.
    pub lanes: usize,
    /// How many of them lie above the first in sight.
    pub top: f64,
}

impl Layout {
    /// The layout of a timeline.
    pub fn of(props: &Props) -> Self {
        let (width, lanes) = (props.width, props.view.lanes.len());
        let is_narrow = window::is_narrow(width);
        let room = window::room(lanes, width);
        let names = if is_narrow { 14.0 } else { 16.0 };
        let least = if is_narrow { 58.0 } else { 92.0 };
        let wanted = names + CHARACTER * float(props.view.name_length) + 10.0;
        let (lane, ribbon) = if lanes > 5 { (18.0, 11.0) } else { (24.0, 14.0) };
        let scrolls = room < float(lanes);
        Self {
            width,
            names,
            left: wanted.clamp(least, (width * 0.25).max(least)),
            right: if scrolls {
                36.0
            } else if is_narrow {
                14.0
            } else {
                24.0
            },
            lane,
            ribbon,
            room,
            lanes,
            top: props.window.top(),
        }
    }

    /// Whether some lanes are out of sight.
    pub fn scrolls(&self) -> bool {
        self.room < float(self.lanes)
    }

    /// The ruler's line.
    pub fn bottom(&self) -> f64 {
        FIRST_LANE + self.lane * self.room + 1.0
    }

    /// The drawing's height.
    pub fn height(&self) -> f64 {
        self.bottom() + RULER
    }

    /// The top of a lane; it may be out of sight.
    pub fn lane(&self, at: usize) -> f64 {
        FIRST_LANE + self.lane * (float(at) - self.top)
    }

    /// The top of a lane's ribbon.
    pub fn ribbon(&self, at: usize) -> f64 {
        self.lane(at) + (self.lane - self.ribbon) / 2.0
    }

    /// The lanes in sight, also in part.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts of lanes, from 0
    pub fn in_sight(&self) -> std::ops::Range<usize> {
        let first = self.top.max(0.0);
        (first as usize).min(self.lanes)..((first + self.room).ceil() as usize).min(self.lanes)
    }

    /// A lane's name as far as there is room: whole, or its ordinal alone.
    pub fn name(&self, name: &Rc<str>) -> String {
        if self.names + CHARACTER * float(name.chars().count()) + 4.0 <= self.left {
            return name.to_string();
        }
        name.rsplit_once('-').map_or_else(|| name.to_string(), |(_, ordinal)| format!("-{ordinal}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_as_much_as_there_is_room_for() {
        let texts = ["forecast: nothing changes", "forecast"];
        assert_eq!(fitting(&texts, 500.0), Some(texts[0]));
        assert_eq!(fitting(&texts, 80.0), Some("forecast"));
        assert_eq!(fitting(&texts, 20.0), None);
        assert!(wide("预测") > wide("ab"));
    }
}
