//! The page: a session, drawn.
//!
//! Read in this order: [`model`] is its one state, [`regions`] what can happen and what each action does, and
//! [`update`](mod@update) the only way from one state to the next. What an action asks of the browser comes back as an
//! [`effect`]; `platform` carries it out, and nothing else names a browser. [`show`] looks up what of the session is
//! on the page, `draw` puts the regions together out of `components`; [`words`] holds every text.
//!
//! One component, `app::App`, holds the model; all others get plain data in the viewer's words and say what a person
//! did. `stories` tests what happens, `rendered` what is drawn, both natively.

mod app;
mod components;
mod defs;
mod draw;
mod effect;
mod fault_words;
mod keyboard;
mod marks;
mod model;
mod past;
mod place;
mod platform;
mod played;
mod prompt;
mod regions;
#[cfg(test)]
mod rendered;
mod show;
mod show_faults;
mod space;
mod space_words;
mod stage_words;
#[cfg(test)]
mod stories;
mod told_examples;
mod update;
mod view;
mod window;
mod words;

fn main() {
    platform::engine::introduce();
    platform::panic::install();
    yew::Renderer::<app::App>::with_root(platform::dom::mount_point()).render();
}
