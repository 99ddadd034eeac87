//! The values that a path finds in an object.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Part, Path, Step};
use crate::budget::Budget;

type Found<'a> = Result<Vec<&'a Value>, String>;

/// The values of each part, `range` repeating its body.
pub(super) fn parts<'a>(
    parts: &'a [Part],
    root: &'a Value,
    budget: &Budget,
    found: &mut Vec<Vec<&'a Value>>,
) -> Result<(), String> {
    for part in parts {
        budget.spend(1)?;
        match part {
            Part::Text(text) => found.push(vec![text]),
            Part::Path(steps) => found.push(path(steps, vec![root], budget)?),
            Part::Range(steps, body) => {
                for item in path(steps, vec![root], budget)? {
                    self::parts(body, item, budget, found)?;
                }
            }
        }
    }
    Ok(())
}

fn path<'a>(steps: &'a Path, from: Vec<&'a Value>, budget: &Budget) -> Found<'a> {
    let mut here = from;
    for step in steps {
        here = walk(step, here, budget)?;
        budget.spend(here.len() + 1)?;
    }
    Ok(here)
}

fn walk<'a>(step: &'a Step, from: Vec<&'a Value>, budget: &Budget) -> Found<'a> {
    match step {
        Step::Literal(value) => Ok(vec![value]),
        Step::Field(name) if name.is_empty() => Ok(from),
        Step::Field(name) => Ok(from.into_iter().filter_map(|value| value.as_object()?.get(name)).collect()),
        Step::Wildcard => Ok(from.into_iter().flat_map(children).collect()),
        Step::Recursive => {
            let mut all = Vec::new();
            for value in from {
                descend(value, budget, &mut all)?;
            }
            Ok(all)
        }
        Step::Slice { bounds, single } => {
            let mut all = Vec::new();
            for value in from.into_iter().filter(|value| !value.is_null()) {
                all.extend(slice(value, *bounds, *single)?);
            }
            Ok(all)
        }
        Step::Union(members) => {
            let mut all = Vec::new();
            for member in members {
                all.extend(path(member, from.clone(), budget)?);
            }
            Ok(all)
        }
        Step::Filter { left, operator, right } => {
            let mut all = Vec::new();
            for value in from {
                let Some(items) = value.as_array() else {
                    return Err(format!(
                        "{} is not array or slice and cannot be filtered",
                        super::go_text(value)
                    ));
                };
                for item in items {
                    if passes(item, left, operator, right, budget)? {
                        all.push(item);
                    }
                }
            }
            Ok(all)
        }
        Step::Word(word) => Err(format!("unrecognized identifier {word}")),
    }
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    }
}

/// Adds a value that has members, then everything below it.
fn descend<'a>(value: &'a Value, budget: &Budget, all: &mut Vec<&'a Value>) -> Result<(), String> {
    budget.spend(1)?;
    let inside = children(value);
    if !inside.is_empty() {
        all.push(value);
        for child in inside {
            descend(child, budget, all)?;
        }
    }
    Ok(())
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "map[string]interface {}",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_f64() => "float64",
        _ => "int64",
    }
}

fn slice(value: &Value, bounds: [Option<i64>; 3], single: bool) -> Found<'_> {
    let Some(items) = value.as_array() else {
        return Err(format!("{} is not array or slice", go_type(value)));
    };
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let [from, to, by] = bounds;
    let mut from = from.unwrap_or(0);
    let mut to = if single { from + 1 } else { to.unwrap_or(length) };
    if single && bounds == [None; 3] {
        to = length;
    }
    if from < 0 {
        from += length;
    }
    // `[-1]` means up to the end, not up to nothing.
    if to < 0 || (to == 0 && single) {
        to += length;
    }
    if to == from {
        return Ok(Vec::new());
    }
    for bound in [from, to - 1] {
        if bound >= length || bound < 0 {
            return Err(format!("array index out of bounds: index {bound}, length {length}"));
        }
    }
    if from > to {
        return Err(format!("starting index {from} is greater than ending index {to}"));
    }
    let by = by.unwrap_or(1);
    let Some(by) = usize::try_from(by).ok().filter(|by| *by > 0) else {
        return Err("step must be > 0".to_owned());
    };
    let (skip, take) = (usize::try_from(from).unwrap_or(0), usize::try_from(to - from).unwrap_or(0));
    Ok(items.iter().skip(skip).take(take).step_by(by).collect())
}

fn passes(item: &Value, left: &Path, operator: &str, right: &Path, budget: &Budget) -> Result<bool, String> {
    budget.spend(1)?;
    let lefts = path(left, vec![item], budget);
    if operator.is_empty() {
        return Ok(lefts.is_ok_and(|found| !found.is_empty()));
    }
    let (Some(left), Some(right)) = (one(&lefts?)?, one(&path(right, vec![item], budget)?)?) else {
        return Ok(false);
    };
    budget.spend_text(left.as_str().unwrap_or(""))?;
    let order = compare(left, right);
    let known = |order: Option<Ordering>| order.ok_or_else(|| "incompatible types for comparison".to_owned());
    Ok(match operator {
        "==" => known(order)?.is_eq(),
        "!=" => known(order)?.is_ne(),
        "<" => known(order)?.is_lt(),
        "<=" => known(order)?.is_le(),
        ">" => known(order)?.is_gt(),
        ">=" => known(order)?.is_ge(),
        other => return Err(format!("unrecognized filter operator {other}")),
    })
}

fn one<'a>(found: &[&'a Value]) -> Result<Option<&'a Value>, String> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err("can only compare one element at a time".to_owned()),
    }
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
