//! What `cargo metadata` says about the packages of the build.

use std::env;
use std::process::Command;

use serde_json::Value;

use crate::repository;

/// A package that some target of the workspace builds.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The licence expression of its manifest.
    pub license: String,
    /// Where it comes from; nothing for the workspace's own.
    pub source: Option<String>,
    /// The packages that its manifest names, whatever for.
    pub dependencies: Vec<String>,
}

/// All packages in `Cargo.lock`, of every target and feature.
pub fn packages() -> Vec<Package> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(repository::root()).args(["metadata", "--format-version", "1", "--locked"]);
    let output = command.output().expect("cargo starts");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    list(&metadata, "packages").iter().map(package).collect()
}

/// The workspace's own packages.
pub fn own_packages() -> Vec<Package> {
    packages().into_iter().filter(|package| package.source.is_none()).collect()
}

fn package(value: &Value) -> Package {
    Package {
        name: text(value, "name").unwrap_or_default(),
        version: text(value, "version").unwrap_or_default(),
        license: text(value, "license").unwrap_or_default(),
        source: text(value, "source"),
        dependencies: list(value, "dependencies").iter().filter_map(|each| text(each, "name")).collect(),
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn list<'value>(value: &'value Value, key: &str) -> &'value [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
