//! What every component has in common: it sees the cluster through caches that lag, is woken by
//! changes, decides, and says why.
//!
//! Read in this order: [`seen`] is the view of a cache; [`controller`] is the shape of a controller,
//! [`outcome`] what its decision comes to; [`turn`] is how a decision is written as plain code and yet
//! carried out one request at a time, [`pass`] after pass; [`agent`] is the shape of a component with
//! state of its own (a kubelet, a provisioner); [`memory`] is what follows the changes, [`volumes`] two
//! such things; [`workqueue`], [`recorder`], [`series`], [`reason`] and [`explain`] are as their names say.
//!
//! Models: `k8s.io/client-go` (`tools/cache`, `util/workqueue`, `tools/record`, `tools/events`).

pub mod agent;
pub mod controller;
pub mod explain;
pub mod memory;
pub mod outcome;
pub mod pass;
pub mod reason;
pub mod recorder;
pub mod seen;
pub mod series;
pub mod turn;
pub mod volumes;
pub mod workqueue;

pub use agent::{Agent, Effect};
pub use controller::{Backoff, Controller, Wake, When};
pub use explain::{Both, Explain, Explanation};
pub use memory::{Follows, Memory};
pub use outcome::{Halt, Outcome};
pub use pass::Progress;
pub use reason::{Clauses, Fact, FactState, Outlook, Reason, SharedReason};
pub use recorder::{EventCorrelator, EventSpec, EventType};
pub use seen::{Cursors, Seen};
pub use series::SeriesRecorder;
pub use turn::{Attempt, Turn};
pub use volumes::{Users, Volumes};
pub use workqueue::WorkQueue;
