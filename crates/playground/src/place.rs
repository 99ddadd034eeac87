//! Where a visitor is, read once from the page's address, and what may be done there.
//!
//! To add a place (a lesson, an embed): a variant of [`Place`], how [`Place::of`] recognises it, and its row in
//! [`Place::allowed`]. The compiler leads to every `match` that must know it.

/// Where a recording's address begins; its name and the step follow.
const RECORDING: &str = "#/parity/";
/// Where a shared session's address begins; the session follows.
pub const SHARED: &str = "#s=";

/// A place of the site that the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The visitor's own session.
    Laboratory,
    /// A recording of a real Kubernetes: `#/parity/<recording>/<step>`.
    Recording {
        /// Its name.
        id: String,
        /// The step to begin with.
        step: usize,
    },
    /// A session that somebody has put into a link: `#s=<payload>`.
    SharedLink {
        /// The session, compressed; the browser unpacks it.
        payload: String,
    },
}

/// What a place allows, and what is drawn around its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct Allowed {
    /// What is typed and done stays in the browser, and is there again at the next visit.
    pub kept: bool,
    /// A link leads others to the moment on stage. A recording's steps have addresses of their own.
    pub shared: bool,
    /// Its text can be changed and applied.
    pub editable: bool,
    /// What stands around the stage.
    pub chrome: Chrome,
}

/// What stands around the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a region of its own
pub struct Chrome {
    /// The bar at the top.
    pub top_bar: bool,
    /// Workspaces in it, each a tab, and the gallery.
    pub spaces: bool,
    /// The documents.
    pub editor: bool,
    /// The terminal and the Events.
    pub terminal: bool,
    /// The timeline.
    pub timeline: bool,
    /// The line that says that the stage shows the past. Who goes through steps knows.
    pub past_hint: bool,
}

impl Chrome {
    const ALL: Self =
        Self { top_bar: true, spaces: true, editor: true, terminal: true, timeline: true, past_hint: true };
}

impl Place {
    /// The place that the part of an address after `#` (with it) asks for.
    pub fn of(fragment: &str) -> Self {
        if let Some(payload) = fragment.strip_prefix(SHARED) {
            return Self::SharedLink { payload: payload.to_owned() };
        }
        if let Some(rest) = fragment.strip_prefix(RECORDING) {
            let (id, step) = rest.split_once('/').unwrap_or((rest, ""));
            return Self::Recording { id: id.to_owned(), step: step.parse().unwrap_or(0) };
        }
        Self::Laboratory
    }

    /// What may be done here.
    pub const fn allowed(&self) -> Allowed {
        match self {
            Self::Laboratory => Allowed { kept: true, shared: true, editable: true, chrome: Chrome::ALL },
            Self::Recording { .. } => Allowed {
                kept: false,
                shared: false,
                editable: true,
                chrome: Chrome { spaces: false, past_hint: false, ..Chrome::ALL },
            },
            Self::SharedLink { .. } => Allowed {
                kept: false,
                shared: true,
                editable: true,
                chrome: Chrome { spaces: false, ..Chrome::ALL },
            },
        }
    }
}

/// The address of a step of a recording.
pub fn of_step(recording: &str, step: usize) -> String {
    format!("{RECORDING}{recording}/{step}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_where_one_is() {
        for fragment in ["", "#", "#/", "#stage", "#parity"] {
            assert_eq!(Place::of(fragment), Place::Laboratory, "{fragment}");
        }
        let recording = |step| Place::Recording { id: "D04-x".to_owned(), step };
        assert_eq!(Place::of("#/parity/D04-x/3"), recording(3));
        assert_eq!(Place::of("#/parity/D04-x"), recording(0));
        assert_eq!(Place::of("#/parity/D04-x/soon"), recording(0));
        assert_eq!(Place::of(&of_step("D04-x", 3)), recording(3));
        assert_eq!(Place::of("#s=q1Yq"), Place::SharedLink { payload: "q1Yq".to_owned() });
    }

    #[test]
    fn only_ones_own_session_is_kept() {
        let places =
            [(Place::Laboratory, true), (Place::of("#/parity/x/0"), false), (Place::of("#s=x"), false)];
        for (place, kept) in places {
            assert_eq!(place.allowed().kept, kept, "{place:?}");
            assert_eq!(place.allowed().chrome.spaces, kept, "{place:?}");
        }
    }
}
