//! `cargo xtask hook <stage>`: what Trunk calls around its build; see `Trunk.toml`.

use std::path::PathBuf;

use crate::page::finalise;
use crate::report::Outcome;
use crate::setup::node;

pub fn run(arguments: &[String]) -> Outcome<()> {
    match arguments.first().map(String::as_str) {
        Some("pre-build") => node::editor_bundle(),
        // Only what is published: the development server adds an inline script, which the policy forbids.
        Some("post-build") if variable("TRUNK_PROFILE")? == "release" => {
            finalise(&PathBuf::from(variable("TRUNK_STAGING_DIR")?))
        }
        Some("post-build") => Ok(()),
        _ => Err("`xtask hook` is called by Trunk, with `pre-build` or `post-build`".into()),
    }
}

fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: Trunk sets it for its hooks").into())
}
