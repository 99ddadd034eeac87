//! How kubectl shows refusals.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/util/helpers.go` (`StandardErrorMessage`).

use apimachinery::{Reason, Status};

/// The text for a refusal that stands alone, with its final newline.
pub fn text(status: &Status) -> String {
    with_context(status, "")
}

/// The text for a refusal, after what was being done: `error when creating "STDIN": `.
pub fn with_context(status: &Status, context: &str) -> String {
    if status.reason == Reason::Invalid {
        return invalid(status);
    }
    format!("Error from server ({}): {context}{}\n", status.reason.as_str(), status.message)
}

fn invalid(status: &Status) -> String {
    let details = &status.details;
    if details.kind.is_empty() {
        return format!("The request is invalid: {}\n", status.message);
    }
    let head = format!("The {} \"{}\" is invalid: ", details.kind, details.name);
    let mut lines: Vec<String> = Vec::new();
    for cause in &details.causes {
        let line = if cause.field.is_empty() { cause.message.clone() } else { format!("{}: {}", cause.field, cause.message) };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    match lines.as_slice() {
        [] => format!("{head}{}\n", status.message),
        [one] => format!("{head}{one}\n"),
        many => {
            let list: String = many.iter().map(|l| format!("* {l}\n")).collect();
            format!("{head}\n{list}")
        }
    }
}

#[cfg(test)]
mod tests {
    use apimachinery::{ErrorList, Path};

    use super::*;

    #[test]
    fn one_cause_stands_in_the_line_several_below_it() {
        let mut errors = ErrorList::new();
        errors.required(&Path::new("spec.selector"), "");
        let status = Status::invalid("StatefulSet", "apps", "web", &errors);
        assert_eq!(text(&status), "The StatefulSet \"web\" is invalid: spec.selector: Required value\n");
        errors.required(&Path::new("spec.x"), "y");
        let status = Status::invalid("StatefulSet", "apps", "web", &errors);
        assert_eq!(
            text(&status),
            "The StatefulSet \"web\" is invalid: \n* spec.selector: Required value\n* spec.x: Required value: y\n"
        );
    }
}
