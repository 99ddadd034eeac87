//! A cluster's configuration as JSON: `{"seed": 7, "nodes": 3, "images": {"nginx:1.25": "never-ready"}}`, and how
//! late caches hear of a change, at least and at most, in microseconds: `"watchLag": [2000, 15000]`.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::value::ValueExt;
use cluster::{Config, Latency, NodeSpec};
use serde_json::{Map, Value, json};

use crate::laboratory::{laboratory, of_version, version_of};

/// The most nodes; more than any picture of a StatefulSet needs.
const NODES_MAX: u64 = 1_000;

/// The latest that a cache may be, in microseconds: one that is later teaches nothing.
const WATCH_LAG_MAX: u64 = 60_000_000;

/// Reads a configuration; what is not given is as on the page.
///
/// # Errors
/// What is wrong with which member.
pub fn read(value: &Value) -> Result<Config, String> {
    read_over(laboratory(), value)
}

/// Reads a configuration; what is not given is as in `config`.
pub(super) fn read_over(mut config: Config, value: &Value) -> Result<Config, String> {
    if let Some(seed) = value.at(&["seed"]) {
        config.seed = seed.as_u64().ok_or("seed is a whole number that is not negative")?;
    }
    if let Some(given) = value.at(&["nodes"]) {
        config.nodes = nodes(given)?;
    }
    if let Some(given) = value.at(&["watchLag"]) {
        config.watch_lag = watch_lag(given).ok_or("watchLag is two whole numbers, the smaller one first")?;
    }
    let mut images = kubelet::ImageBehaviours::default();
    for (image, behaviour) in value.map_at(&["images"]).into_iter().flatten() {
        let words = behaviour.as_str().ok_or_else(|| format!("images: {image} is not a text"))?;
        images.set(image, words);
    }
    config.images = Rc::new(images);
    Ok(config)
}

fn watch_lag(given: &Value) -> Option<Latency> {
    let [min, max] = given.as_array()?.as_slice() else { return None };
    let (min, max) = (min.as_u64()?, max.as_u64().filter(|max| *max <= WATCH_LAG_MAX)?);
    (min <= max).then(|| Latency::micros(min, max))
}

fn nodes(given: &Value) -> Result<Vec<NodeSpec>, String> {
    if let Some(count) = given.as_u64() {
        if count > NODES_MAX {
            return Err(format!("nodes: at most {NODES_MAX}"));
        }
        return Ok(numbered(count));
    }
    let list = given.as_array().ok_or("nodes is a number or a list")?;
    if u64::try_from(list.len()).unwrap_or(u64::MAX) > NODES_MAX {
        return Err(format!("nodes: at most {NODES_MAX}"));
    }
    let nodes = list.iter().map(node).collect::<Result<Vec<_>, _>>()?;
    let twice =
        nodes.iter().enumerate().find(|(at, one)| nodes.iter().skip(at + 1).any(|two| two.name == one.name));
    match twice {
        Some((_, node)) => Err(format!("nodes: \"{}\" is there twice", node.name)),
        None => Ok(nodes),
    }
}

fn numbered(count: u64) -> Vec<NodeSpec> {
    (1..=count).map(|at| NodeSpec::named(&format!("node-{at}"))).collect()
}

fn node(given: &Value) -> Result<NodeSpec, String> {
    let name = given.as_str().unwrap_or_else(|| given.str_at(&["name"]));
    if name.is_empty() {
        return Err("nodes: a node has a name".to_owned());
    }
    let usual = NodeSpec::named(name);
    let text = |member: &str, usual: String| match given.str_at(&[member]) {
        "" => usual,
        given => given.to_owned(),
    };
    let pods = given.at(&["pods"]).and_then(Value::as_u64).and_then(|pods| u32::try_from(pods).ok());
    Ok(NodeSpec {
        cpu: text("cpu", usual.cpu.clone()),
        memory: text("memory", usual.memory.clone()),
        pods: pods.unwrap_or(usual.pods),
        ..usual
    })
}

/// Writes a configuration: only what differs from the usual cluster of its version, so nothing for that one.
pub fn write(config: &Config) -> Map<String, Value> {
    let usual = of_version(version_of(config));
    let mut members = Map::new();
    if config.seed != usual.seed {
        members.insert("seed".to_owned(), config.seed.into());
    }
    if config.nodes != usual.nodes {
        let count = u64::try_from(config.nodes.len()).unwrap_or(u64::MAX);
        let nodes = if config.nodes == numbered(count) {
            count.into()
        } else {
            config.nodes.iter().map(node_value).collect()
        };
        members.insert("nodes".to_owned(), nodes);
    }
    if config.watch_lag != usual.watch_lag {
        let micros = |lag: Duration| Value::from(u64::try_from(lag.as_micros()).unwrap_or(u64::MAX));
        let lag = vec![micros(config.watch_lag.min), micros(config.watch_lag.max)];
        members.insert("watchLag".to_owned(), lag.into());
    }
    let images: Map<String, Value> =
        config.images.iter().map(|(image, words)| (image.to_owned(), words.into())).collect();
    if !images.is_empty() {
        members.insert("images".to_owned(), images.into());
    }
    members
}

fn node_value(node: &NodeSpec) -> Value {
    if *node == NodeSpec::named(&node.name) {
        return node.name.as_str().into();
    }
    json!({"name": node.name, "cpu": node.cpu, "memory": node.memory, "pods": node.pods})
}
