//! The browser: everything that is not drawing. Nothing outside of this folder names `web_sys` or `gloo`.

pub mod dom;
pub mod editor;
pub mod engine;
pub mod frames;
pub mod keys;
pub mod panic;
pub mod recordings;
pub mod storage;

/// Something asked of the browser; dropping it takes it back.
pub type Guard = Box<dyn std::any::Any>;
