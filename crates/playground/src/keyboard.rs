//! Keys of the whole page.

use crate::action::{Action, Jump, LowerTab, Region};
use crate::platform::keys::Press;

/// What a key does, if anything. Letters only count outside of text fields.
pub fn action_of(press: &Press) -> Option<Action> {
    if press.command && press.key == "Enter" {
        return Some(Action::Apply);
    }
    if press.key == "F6" {
        return Some(Action::FocusRegion(press.shift));
    }
    if press.in_text || press.command {
        return None;
    }
    let jump = |jump| Some(Action::Jump(jump));
    match (press.key.as_str(), press.shift) {
        (" ", _) if !press.on_button => Some(Action::PlayPause),
        (",", false) => jump(Jump::PreviousDecision),
        (".", false) => jump(Jump::NextDecision),
        (",", true) | ("<", _) => jump(Jump::PreviousInput),
        (".", true) | (">", _) => jump(Jump::NextInput),
        ("Home", _) => jump(Jump::Start),
        ("End", _) => jump(Jump::Now),
        ("Escape", _) => Some(Action::Select(None)),
        ("?", _) => Some(Action::Keys(true)),
        ("w" | "W", _) => Some(Action::Region(Region::Why)),
        ("e" | "E", _) => Some(Action::LowerTab(LowerTab::Events)),
        ("`", _) => Some(Action::FocusTerminal),
        (digit, false) => {
            digit.parse::<i64>().ok().filter(|d| (0..10).contains(d)).map(Action::SelectOrdinal)
        }
        _ => None,
    }
}
