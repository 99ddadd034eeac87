//! Keys of the whole page.

use crate::regions::{
    Action, EditorAction, FaultsAction, Jump, LowerTab, Mode, PageAction, Region, SpacesAction, StageAction,
    TerminalAction, TimeAction,
};
use crate::window::WindowAction;

/// A key that was pressed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // a key has four companions
pub struct Press {
    /// As the browser names it: `a`, `Enter`, `ArrowUp`.
    pub key: String,
    /// With Ctrl or Cmd.
    pub command: bool,
    /// With Shift.
    pub shift: bool,
    /// In a text field, where letters are letters.
    pub in_text: bool,
    /// At the terminal's line, whose Ctrl K cuts the rest of it.
    pub in_terminal: bool,
    /// On a button, which Space and Enter press.
    pub on_button: bool,
}

/// What a key does, if anything. Letters only count outside of text fields.
pub fn action_of(press: &Press) -> Option<Action> {
    if press.command && press.key == "Enter" {
        return Some(EditorAction::Apply.into());
    }
    if press.command && press.key == "k" && !press.in_terminal {
        return Some(FaultsAction::Open(Mode::Typing).into());
    }
    if press.key == "F6" {
        return Some(PageAction::FocusRegion { back: press.shift }.into());
    }
    if press.command && press.key.eq_ignore_ascii_case("z") && !press.shift && !press.in_text {
        return Some(SpacesAction::Undo.into());
    }
    if press.in_text || press.command {
        return None;
    }
    let jump = |jump| TimeAction::Jump(jump).into();
    Some(match (press.key.as_str(), press.shift) {
        (" ", _) if !press.on_button => TimeAction::PlayPause.into(),
        (",", false) => jump(Jump::PreviousDecision),
        (".", false) => jump(Jump::NextDecision),
        (",", true) | ("<", _) => jump(Jump::PreviousInput),
        (".", true) | (">", _) => jump(Jump::NextInput),
        ("+" | "=", _) => TimeAction::Window(WindowAction::Zoom { factor: 0.5, around: None }).into(),
        ("-" | "−", _) => TimeAction::Window(WindowAction::Zoom { factor: 2.0, around: None }).into(),
        ("z" | "Z", _) => TimeAction::Window(WindowAction::Fit).into(),
        ("Home", _) => jump(Jump::Start),
        ("End", _) => jump(Jump::Now),
        ("Escape", _) => StageAction::Select(None).into(),
        ("?", _) => PageAction::Keys(true).into(),
        ("w" | "W", _) => PageAction::Region(Region::Why).into(),
        ("e" | "E", _) => TerminalAction::Tab(LowerTab::Events).into(),
        ("f" | "F", _) => FaultsAction::Open(Mode::Menu).into(),
        ("l" | "L", _) => PageAction::CopyLink.into(),
        ("`", _) => TerminalAction::Focus.into(),
        (digit, false) => {
            let ordinal = digit.parse::<i64>().ok().filter(|d| (0..10).contains(d))?;
            StageAction::SelectOrdinal(ordinal).into()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press {
        Press { key: key.to_owned(), ..Press::default() }
    }

    #[test]
    fn letters_are_letters_in_a_text_field() {
        for key in ["w", "f", "e", "l", "`", "?", "1", " ", ",", "Home", "Escape"] {
            assert!(action_of(&press(key)).is_some(), "{key}");
            assert_eq!(action_of(&Press { in_text: true, ..press(key) }), None, "{key}");
        }
    }

    #[test]
    fn applying_and_going_on_work_everywhere() {
        let apply = Press { command: true, in_text: true, ..press("Enter") };
        assert_eq!(action_of(&apply), Some(EditorAction::Apply.into()));
        let next = Press { in_text: true, ..press("F6") };
        assert_eq!(action_of(&next), Some(PageAction::FocusRegion { back: false }.into()));
    }

    #[test]
    fn faults_are_found_by_typing_everywhere_but_at_the_terminal() {
        let find = Press { command: true, in_text: true, ..press("k") };
        assert_eq!(action_of(&find), Some(FaultsAction::Open(Mode::Typing).into()));
        assert_eq!(action_of(&Press { in_terminal: true, ..find }), None);
    }

    #[test]
    fn space_presses_the_button_that_has_the_focus() {
        assert_eq!(action_of(&press(" ")), Some(TimeAction::PlayPause.into()));
        assert_eq!(action_of(&Press { on_button: true, ..press(" ") }), None);
    }
}
