//! Icons: a 16 px grid, 1.4 px strokes, drawn in the text's colour.

use yew::{Html, html};

/// An icon by its name in the table below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names are the pictures
pub enum Icon {
    Play,
    Pause,
    Back,
    Forward,
    Fork,
    Sun,
    Why,
    Check,
    Cross,
    More,
    File,
    Terminal,
    Bell,
    Language,
    Stage,
    Link,
    Plus,
    Minus,
    Fit,
    Follow,
    Search,
    Undo,
    Export,
    Fault,
    Power,
    Right,
}

impl Icon {
    const fn path(self) -> (&'static str, bool) {
        match self {
            Self::Play => ("M5 3.2v9.6L12.6 8Z", true),
            Self::Pause => ("M5 3.5v9M11 3.5v9", false),
            Self::Back => ("M12 3.5 6.5 8l5.5 4.5ZM4 3.5v9", false),
            Self::Forward => ("M4 3.5 9.500 8 4 12.500ZM12 3.5v9", false),
            Self::Fork => (
                "M4 2.500v11M4 9.500c0-3 8-1 8-6M12 3.500v-.01 M10.5 3.2a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0 M2.5 13a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0",
                false,
            ),
            Self::Sun => (
                "M8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1 M5 8a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
                false,
            ),
            Self::Why => (
                "M3 3.500h10v7H8l-3 2.800v-2.800H3Z M6.600 6.100c.2-1.500 2.900-1.400 2.800.1C9.300 7 8 7 8 8M8 9.400v.1",
                false,
            ),
            Self::Check => ("M3 8.500 6.500 12 13 4.500", false),
            Self::Cross => ("M4 4l8 8M12 4l-8 8", false),
            Self::More => ("M3.500 8h.01M8 8h.01M12.500 8h.01", false),
            Self::File => ("M4 2h5l3 3v9H4ZM9 2v3h3", false),
            Self::Terminal => ("M3 4.500 6.500 8 3 11.500M8.500 12H13", false),
            Self::Bell => ("M8 4.500v4M8 11v.1M8 1.500l6.500 12H1.500Z", false),
            Self::Link => (
                "M6.700 9.300 9.300 6.700M7.500 4.700 9 3.200a2.700 2.700 0 0 1 3.800 3.800L11.300 8.500M8.500 11.300 7 12.800A2.700 2.700 0 0 1 3.200 9L4.700 7.500",
                false,
            ),
            Self::Plus => ("M8 3.500v9M3.500 8h9", false),
            Self::Minus => ("M3.500 8h9", false),
            Self::Fit => {
                ("M2.500 4v8M13.500 4v8M5 8h6M6.700 6 4.800 8l1.900 2M9.300 6l1.900 2-1.900 2", false)
            }
            Self::Follow => ("M2.500 8h8M7.500 5l3 3-3 3M13 3v10", false),
            Self::Search => ("M3 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M10 10l3.500 3.500", false),
            Self::Undo => ("M5.500 3.500 2.500 6.500l3 3M2.500 6.500h7a3.500 3.500 0 0 1 0 7H6", false),
            Self::Export => ("M8 2.500v7M5 6.800 8 9.800l3-3M2.500 11v2.500h11V11", false),
            Self::Fault => ("M9.300 1.800 3.800 9h3.900l-1 5.200L12.200 7H8.300Z", false),
            Self::Power => ("M8 2.500v5M5.200 4.200a5 5 0 1 0 5.600 0", false),
            Self::Right => ("M6 4l4 4-4 4", false),
            Self::Stage => ("M2.5 3h11v10h-11ZM2.5 8h11M6 3v10M10 3v10", false),
            Self::Language => (
                "M2.500 4h7M6 2.500V4c0 3-1.500 5-3.500 6M3.500 6c.8 1.800 2.300 3.200 4.500 4M8 13.500l3-7 3 7M9 11.300h4",
                false,
            ),
        }
    }
}

/// Draws an icon. It is hidden from screen readers, so a button with nothing but an icon needs a name.
pub fn icon(icon: Icon) -> Html {
    let (path, filled) = icon.path();
    html! {
        <svg class="i" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={path} class={filled.then_some("f")} />
        </svg>
    }
}
