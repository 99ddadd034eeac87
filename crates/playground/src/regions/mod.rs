//! The regions of the page, one a file: what can happen in it, what it remembers, what each action does.

pub mod editor;
pub mod page;
pub mod recording;
pub mod stage;
pub mod terminal;
pub mod time;
pub mod why;
