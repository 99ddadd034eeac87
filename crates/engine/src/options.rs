//! What a laboratory is made of, as JavaScript says it.

use std::rc::Rc;

use apimachinery::Lang;
use apimachinery::value::ValueExt;
use cluster::{Config, NodeSpec};
use serde_json::Value;

/// More nodes than any figure of a StatefulSet needs.
const NODES_MAX: u64 = 1_000;

/// The options of a laboratory.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its cluster.
    pub config: Config,
    /// The language of reasons.
    pub lang: Lang,
}

/// Reads them; what is not given is as on the page.
///
/// # Errors
/// What is wrong with which member.
pub fn read(value: &Value) -> Result<Options, String> {
    let mut config = session::laboratory();
    if let Some(seed) = value.at(&["seed"]) {
        config.seed = seed.as_u64().ok_or("seed is a whole number that is not negative")?;
    }
    if let Some(given) = value.at(&["nodes"]) {
        config.nodes = nodes(given)?;
    }
    let mut images = kubelet::ImageBehaviours::default();
    for (image, behaviour) in value.map_at(&["images"]).into_iter().flatten() {
        let words = behaviour.as_str().ok_or_else(|| format!("images: {image} is not a text"))?;
        images.set(image, words);
    }
    config.images = Rc::new(images);
    let lang = match value.str_at(&["lang"]) {
        "" | "en" => Lang::En,
        "zh-CN" => Lang::ZhCn,
        other => return Err(format!("lang is \"en\" or \"zh-CN\", not \"{other}\"")),
    };
    Ok(Options { config, lang })
}

fn nodes(given: &Value) -> Result<Vec<NodeSpec>, String> {
    if let Some(count) = given.as_u64() {
        if count > NODES_MAX {
            return Err(format!("nodes: at most {NODES_MAX}"));
        }
        return Ok((1..=count).map(|at| NodeSpec::named(&format!("node-{at}"))).collect());
    }
    given.as_array().ok_or("nodes is a number or a list")?.iter().map(node).collect()
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
