//! What every Kubernetes object shares: metadata, the schema's vocabulary, selectors,
//! quantities, names, errors, time and the seed.
//!
//! Nothing here knows a kind. Read in this order: [`time`] and [`rng`] are the only sources of time and
//! surprise below the page; [`status`] and [`field`] say what is wrong; [`schema`] is the vocabulary of the
//! field table that `api` fills in; [`yaml`], [`gojson`], [`jsonsyntax`] and [`base64`] are text in and text
//! out; the rest are the small languages of Kubernetes.

pub mod base64;
pub mod decimal;
pub mod duration;
pub mod field;
pub mod gojson;
pub mod hash;
pub mod jsonsyntax;
pub mod labels;
pub mod names;
pub mod quantity;
pub mod rng;
pub mod schema;
pub mod sorted;
pub mod status;
pub mod time;
pub mod tree;
pub mod value;
pub mod yaml;

pub use field::{ErrorList, FieldError, FieldErrorKind, Path};
pub use quantity::Quantity;
pub use rng::Rng;
pub use status::{Reason, Status, StatusCause, StatusDetails};
pub use time::Time;

/// The languages of everything that a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
}
