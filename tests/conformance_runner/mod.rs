//! Plays recordings of a real control plane against this engine and compares.
//!
//! Read in this order: [`recording`] is what was recorded; [`player`] plays it, with [`world`] for kubectl,
//! [`kubelet`] for the script that stands for kubelets and [`dns`] for cluster DNS; [`observed`] and
//! [`snapshot`] are what is read afterwards; [`names`] and [`text`] write placeholders for what is chance;
//! [`compare`], [`repeats`] and [`report`] are as their names say.
//!
//! Recordings of a real kubelet go another way: [`node_recording`], [`node_player`] with [`programs`],
//! [`node_course`].

pub mod compare;
pub mod dns;
pub mod kubelet;
pub mod names;
pub mod node_course;
pub mod node_player;
pub mod node_recording;
pub mod observed;
pub mod player;
pub mod programs;
pub mod recording;
pub mod repeats;
pub mod report;
pub mod snapshot;
pub mod text;
pub mod world;
