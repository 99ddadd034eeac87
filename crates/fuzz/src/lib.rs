//! What a person or a link can write does not stop the page: random changes to real texts, and two questions about
//! each: does anything panic, and does it take longer than a person waits?
//!
//! A case is a number: [`mutate::text`] makes a text of it, from seeds that [`corpus`] collects out of the recordings'
//! steps, the examples of the page and a list of its own, and [`target`] hands the text to one of the readers as the
//! page does, in a session that a person could have. [`watch`] runs cases one after another beside a clock, so that a
//! case that never ends is told with its text, and looks for the shortest text that still shows what was found.
//!
//! It knows nothing about coverage: mutations are few, seeds are many and real, and readers are small. What it has
//! found once is kept in `tests/found` and read again by every test run. Read in this order: [`corpus`], [`mutate`],
//! [`target`], [`watch`].

// It reads the recordings of the repository, and looks at a clock.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod corpus;
pub mod mutate;
pub mod target;
pub mod watch;
