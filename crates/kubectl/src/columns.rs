//! `-o custom-columns` and `--sort-by`.
//!
//! Models: `customcolumn.go` and `sorter.go` of `k8s.io/kubectl/pkg/cmd/get`.

use std::cmp::Ordering;
use std::rc::Rc;

use api::Object;
use apimachinery::Quantity;
use serde_json::Value;

use crate::jsonpath::{Template, go_text};
use crate::printers::{or_none, table};

/// Reads heads and paths of `NAME:.metadata.name,…`; the error has no prefix.
pub fn parse(spec: &str) -> Result<Vec<(String, Template)>, String> {
    if spec.is_empty() {
        return Err("custom-columns format specified but no custom columns given".to_owned());
    }
    let mut columns = Vec::new();
    for column in spec.split(',') {
        let Some((head, path)) = column.split_once(':') else {
            return Err(format!(
                "unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>"
            ));
        };
        // No path at all finds nothing.
        let path = if path.is_empty() { Template::relaxed(".nothing")? } else { Template::relaxed(path)? };
        columns.push((head.to_owned(), path));
    }
    Ok(columns)
}

/// The spec of a template file: a line of heads and a line of paths.
pub fn from_file(text: &str) -> Result<String, String> {
    let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let (heads, paths) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if heads.len() != paths.len() {
        return Err(format!(
            "number of headers ({}) and field specifications ({}) don't match",
            heads.len(),
            paths.len()
        ));
    }
    let columns: Vec<String> =
        heads.iter().zip(&paths).map(|(head, path)| format!("{head}:{path}")).collect();
    Ok(columns.join(","))
}

/// The table up to the first row that cannot be printed, and why it cannot.
pub fn print(
    columns: &[(String, Template)],
    objects: &[Rc<Object>],
    headers: bool,
) -> (String, Option<String>) {
    let mut rows = Vec::new();
    if headers {
        rows.push(columns.iter().map(|(head, _)| head.clone()).collect());
    }
    for object in objects {
        match row(columns, &object.to_whole_value()) {
            Ok(row) => rows.push(row),
            Err(problem) => return (table::render(&rows, &mut Vec::new()), Some(problem)),
        }
    }
    (table::render(&rows, &mut Vec::new()), None)
}

/// The cells of an object.
pub fn row(columns: &[(String, Template)], value: &Value) -> Result<Vec<String>, String> {
    let cell = |path: &Template| {
        let texts: Vec<String> = path.values(value)?.into_iter().map(go_text).collect();
        Ok(or_none(texts.join(",")))
    };
    columns.iter().map(|(_, path)| cell(path)).collect()
}

/// Sorts by a path; objects without it come first. If no object has it, none is left. Lists and maps cannot
/// be sorted: the error says so.
pub fn sort(objects: &mut Vec<Rc<Object>>, path: &Template) -> Result<(), String> {
    let key = |object: &Rc<Object>| {
        let value = object.to_value();
        path.values(&value).ok().and_then(|found| found.first().copied().cloned())
    };
    let mut keyed: Vec<(Option<Value>, Rc<Object>)> = objects.drain(..).map(|o| (key(&o), o)).collect();
    if keyed.iter().all(|(key, _)| key.is_none()) {
        return Ok(());
    }
    let unsortable = keyed.iter().find_map(|(key, _)| match key {
        Some(Value::Array(_)) => Some("[]interface {}"),
        Some(Value::Object(_)) => Some("map[string]interface {}"),
        _ => None,
    });
    if let Some(ty) = unsortable.filter(|_| keyed.len() > 1) {
        return Err(format!("unsortable type: {ty}"));
    }
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    });
    objects.extend(keyed.into_iter().map(|(_, object)| object));
    Ok(())
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Ok(a), Ok(b)) => a.minus(b).sign().cmp(&0),
            _ => natural(a, b),
        },
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (a, b) => go_text(a).cmp(&go_text(b)),
    }
}

/// Compares texts so that numbers in them count as numbers: `web-2` comes before `web-10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (in_a, in_b) = (digits(a), digits(b));
        let order = if in_a > 0 && in_b > 0 {
            let (number_a, rest_a) = a.split_at(in_a);
            let (number_b, rest_b) = b.split_at(in_b);
            (a, b) = (rest_a, rest_b);
            let (x, y) = (number_a.trim_start_matches('0'), number_b.trim_start_matches('0'));
            x.len().cmp(&y.len()).then_with(|| x.cmp(y)).then_with(|| number_a.len().cmp(&number_b.len()))
        } else {
            let (mut of_a, mut of_b) = (a.chars(), b.chars());
            let (x, y) = (of_a.next(), of_b.next());
            if x.is_none() && y.is_none() {
                return Ordering::Equal;
            }
            (a, b) = (of_a.as_str(), of_b.as_str());
            x.cmp(&y)
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_numbers() {
        let mut names = ["web-10", "web-2", "web", "api-1", "web-02"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["api-1", "web", "web-2", "web-02", "web-10"]);
        assert_eq!(compare(&"10Gi".into(), &"500Mi".into()), Ordering::Greater);
    }

    #[test]
    fn a_template_file_has_two_lines() {
        assert_eq!(
            from_file("NAME  PHASE\n.metadata.name .status.phase\n"),
            Ok("NAME:.metadata.name,PHASE:.status.phase".to_owned())
        );
    }
}
