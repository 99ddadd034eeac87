//! What a laboratory is made of, as JavaScript says it.

use apimachinery::Lang;
use apimachinery::value::ValueExt;
use cluster::Config;
use serde_json::Value;
use session::script::options;

/// The options of a laboratory.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its cluster.
    pub config: Config,
    /// The language of reasons.
    pub lang: Lang,
}

/// Reads the options; one that is not given is as on the page.
///
/// # Errors
/// What is wrong with which member.
pub fn read(value: &Value) -> Result<Options, String> {
    let lang = match value.str_at(&["lang"]) {
        "" | "en" => Lang::En,
        "zh-CN" => Lang::ZhCn,
        other => return Err(format!("lang is \"en\" or \"zh-CN\", not \"{other}\"")),
    };
    Ok(Options { config: options::read(value)?, lang })
}
