//! The page: a session, drawn.
//!
//! Read in this order: [`app`] is the shell with its one state; [`action`] is everything that a person can do, and
//! `update` what each does; `draw` puts the regions together out of [`components`]; [`words`] holds every text.
//!
//! One component, [`app::App`], holds the session and knows every [`action::Action`]; all others get
//! plain data in the viewer's words and say what a person did. Browser effects live in [`platform`] only.

mod action;
mod app;
mod arrival;
mod components;
mod defs;
mod documents;
mod draw;
mod keyboard;
mod platform;
mod prompt;
mod update;
mod view;
mod visit;
mod words;

fn main() {
    platform::engine::introduce();
    platform::panic::install();
    yew::Renderer::<app::App>::with_root(platform::dom::mount_point()).render();
}
