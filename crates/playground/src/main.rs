//! The page: a session, drawn.
//!
//! One component, [`app::App`], holds the session and knows every [`action::Action`]; all others get
//! plain data in the viewer's words and say what a person did. Browser effects live in [`platform`] only.

mod action;
mod app;
mod components;
mod defs;
mod draw;
mod keyboard;
mod platform;
mod prompt;
mod update;
mod view;
mod words;

fn main() {
    platform::panic::install();
    yew::Renderer::<app::App>::with_root(platform::dom::mount_point()).render();
}
