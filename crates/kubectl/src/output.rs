//! Output forms besides tables: yaml, json, name, jsonpath.
//!
//! Models: `k8s.io/cli-runtime/pkg/printers`.

use std::rc::Rc;

use api::Object;
use apimachinery::gojson;
use apimachinery::value::remove_at;
use apimachinery::yaml;
use serde_json::{Value, json};

use crate::resources::display_name;

/// `-o`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A table.
    Table,
    /// A table with more columns.
    Wide,
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// `type/name`.
    Name,
    /// A JSONPath template.
    JsonPath(String),
    /// `NAME:.metadata.name,…`.
    CustomColumns(String),
}

const FORMS: &str = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml";

impl Form {
    /// Of `-o`'s value.
    pub fn parse(text: Option<&str>) -> Result<Self, String> {
        let Some(text) = text else { return Ok(Self::Table) };
        match text {
            "wide" => Ok(Self::Wide),
            "yaml" => Ok(Self::Yaml),
            "json" => Ok(Self::Json),
            "name" => Ok(Self::Name),
            _ => {
                if let Some(template) = text.strip_prefix("jsonpath=") {
                    return Ok(Self::JsonPath(template.to_owned()));
                }
                if let Some(columns) = text.strip_prefix("custom-columns=") {
                    return Ok(Self::CustomColumns(columns.to_owned()));
                }
                Err(format!(
                    "error: unable to match a printer suitable for the output format \"{text}\", allowed formats are: {FORMS}\n"
                ))
            }
        }
    }
}

/// An object as served, without what kubectl hides.
pub fn value_of(object: &Object, managed_fields: bool) -> Value {
    let mut value = object.to_value();
    if !managed_fields {
        remove_at(&mut value, &["metadata", "managedFields"]);
    }
    value
}

/// Several objects as one List.
pub fn list_of(objects: &[Rc<Object>], managed_fields: bool) -> Value {
    let items: Vec<Value> = objects.iter().map(|o| value_of(o, managed_fields)).collect();
    json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}})
}

/// Objects in one of the forms that are no table. `single` prints one object as itself.
pub fn print(form: &Form, objects: &[Rc<Object>], single: bool, managed_fields: bool) -> Result<String, String> {
    let value = || match objects {
        [one] if single => value_of(one, managed_fields),
        many => list_of(many, managed_fields),
    };
    match form {
        Form::Yaml => Ok(yaml::emit(&value())),
        Form::Json => Ok(format!("{}\n", gojson::indent(&value(), 4))),
        Form::Name => Ok(objects.iter().map(|o| format!("{}\n", display_name(o))).collect()),
        Form::JsonPath(template) => crate::get::json_path(template, &value()),
        Form::CustomColumns(columns) => crate::get::custom_columns(columns, objects),
        Form::Table | Form::Wide => Ok(String::new()),
    }
}
