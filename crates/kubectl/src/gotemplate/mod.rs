//! `-o go-template`: Go's templates over JSON.
//!
//! Models: Go's `text/template`, with kubectl's `exists` and `base64decode`.
//! Differs: no `define`, `block`, `break` and `slice`; functions take arguments of other types than Go's; what
//! kubectl prints beside an error, for debugging the template, is left out.

mod eval;
mod parse;

use apimachinery::field::quote_go;
use serde_json::Value;

/// A template that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct GoTemplate {
    text: String,
    nodes: Vec<Node>,
}

/// Where something stands in a template, as Go tells of it when it cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Default)]
struct Place {
    line: usize,
    column: usize,
    text: String,
}

impl Place {
    fn fail(&self, what: &str) -> String {
        let Self { line, column, text } = self;
        format!("template: output:{line}:{column}: executing \"output\" at <{text}>: {what}")
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Text(String),
    Print(Pipe),
    /// `if`, `with` or `range`: the condition, what follows if it is true, and what follows if not.
    Block {
        word: &'static str,
        vars: Vec<String>,
        pipe: Pipe,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    /// `$x := …`.
    Set(String, Pipe),
}

/// Calls, each with the one before as its last argument.
type Pipe = Vec<Call>;

/// A function with its arguments, or a value.
#[derive(Debug, Clone, PartialEq, Default)]
struct Call {
    terms: Vec<Term>,
    place: Place,
}

/// A word of a call.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    Literal(Value),
    /// The root of a path and its fields: `.` is the value at hand, else a variable.
    Path(Option<String>, Vec<String>, Place),
    Nested(Pipe, Vec<String>, Place),
    Function(&'static str),
}

const FUNCTIONS: &[&str] = &[
    "and",
    "base64decode",
    "eq",
    "exists",
    "ge",
    "gt",
    "html",
    "index",
    "js",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
];

impl GoTemplate {
    /// Reads a template; the error is Go's, without the template's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), nodes: parse::template(text)? })
    }

    /// The text that it makes of a value.
    ///
    /// # Errors The error says what cannot be evaluated, in Go's words.
    pub fn print(&self, root: &Value) -> Result<String, String> {
        eval::run(&self.nodes, root)
            .map_err(|problem| format!("error executing template {}: {problem}", quote_go(&self.text)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    // Expected texts: those of kubectl v1.36.3.
    fn set() -> Value {
        json!({"metadata": {"name": "web", "generation": 9}, "spec": {"replicas": 4, "template": {
            "metadata": {"labels": {"app": "nginx"}}, "spec": {"containers": [
                {"name": "nginx", "image": "nginx:1.7.9", "resources": {}}]}}}})
    }

    #[test]
    fn templates_print_as_go_prints_them() {
        let set = set();
        let print = |text: &str| GoTemplate::parse(text).unwrap().print(&set).unwrap();
        let containers = ".spec.template.spec.containers";
        assert_eq!(print("{{.metadata.generation}} {{.nope}} {{.nope.x}}"), "9 <no value> <no value>");
        assert_eq!(
            print(&format!("{{{{{containers}}}}}")),
            "[map[image:nginx:1.7.9 name:nginx resources:map[]]]"
        );
        assert_eq!(
            print(&format!("{{{{range $i, $c := {containers}}}}}{{{{$i}}}}={{{{$c.image}}}}{{{{end}}}}")),
            "0=nginx:1.7.9"
        );
        assert_eq!(print("{{range .items}}x{{else}}none{{end}}{{\"\\n\"}}"), "none\n");
        assert_eq!(
            print("{{if .spec.replicas}}yes{{else}}no{{end}} {{with .metadata.labels}}{{.app}}{{end}}"),
            "yes "
        );
        assert_eq!(
            print("{{printf \"%s-%v\" .metadata.name .spec.replicas}} {{.metadata.name | printf \"%q\"}}"),
            "web-4 \"web\""
        );
        assert_eq!(
            print(
                "{{- /* c */ -}} {{ $x := .metadata.name }}{{ $x }} {{ not true }} {{ and 1 0 }} {{ or \"\" \"b\" }}"
            ),
            "web false 0 b"
        );
        assert_eq!(
            print("{{range $k,$v := .spec.template.metadata.labels}}{{$k}}:{{$v}}{{end}} {{len .metadata}}"),
            "app:nginx 2"
        );
        assert_eq!(
            print(&format!(
                "{{{{index {containers} 0 \"image\"}}}} {{{{(index {containers} 0).image}}}} {{{{eq 1 2}}}} {{{{lt 1 2}}}}"
            )),
            "nginx:1.7.9 nginx:1.7.9 false true"
        );
        assert_eq!(print("{{exists . \"metadata\" \"name\"}} {{ base64decode \"YQ==\" }}"), "true a");
    }

    #[test]
    fn what_cannot_be_evaluated_is_told_as_go_tells_it() {
        let set = set();
        let failed = |text: &str| GoTemplate::parse(text).unwrap().print(&set).unwrap_err();
        assert_eq!(
            failed("{{.metadata.name.foo}}"),
            "error executing template \"{{.metadata.name.foo}}\": template: output:1:11: executing \"output\" at \
             <.metadata.name.foo>: can't evaluate field foo in type interface {}"
        );
        assert_eq!(
            failed("{{index .spec.template.spec.containers 3}}"),
            "error executing template \"{{index .spec.template.spec.containers 3}}\": template: output:1:2: \
             executing \"output\" at <index .spec.template.spec.containers 3>: error calling index: index out of \
             range: 3"
        );
        // Go 1.26 with kubectl's function.
        assert_eq!(
            failed("{{base64decode \"YQ=\"}}"),
            "error executing template \"{{base64decode \\\"YQ=\\\"}}\": template: output:1:2: executing \"output\" at \
             <base64decode \"YQ=\">: error calling base64decode: base64 decode failed: illegal base64 data at input \
             byte 3"
        );
        let problem = |text: &str| GoTemplate::parse(text).unwrap_err();
        assert_eq!(problem("{{foo}}"), "template: output:1: function \"foo\" not defined");
        assert_eq!(problem("{{.a"), "template: output:1: unclosed action");
        assert_eq!(problem("{{range .items}}x"), "template: output:1: unexpected EOF");
    }

    #[test]
    fn no_template_is_too_deep() {
        let said = |text: &str| GoTemplate::parse(text).map(drop);
        let nested = |depth: usize| format!("{{{{{}1{}}}}}", "(".repeat(depth), ")".repeat(depth));
        let too_deep = Err("template: output:1: max expression depth exceeded".to_owned());
        assert_eq!(said(&nested(100)), Ok(()));
        assert_eq!(said(&nested(100_000)), too_deep);
        assert_eq!(said(&"{{if .a}}".repeat(100_000)), too_deep);
        assert_eq!(said(&format!("{{{{if 1}}}}{}", "{{else if 1}}".repeat(100_000))), too_deep);
        assert_eq!(said(&"{{if (1)}}{{end}}".repeat(1_000)), Ok(()));
        // Each word is looked at once.
        assert_eq!(said(&format!("{{{{{}}}}}", "print ".repeat(30_000))), Ok(()));
    }

    #[test]
    fn no_template_works_or_prints_without_end() {
        let list = json!({"items": vec![json!({"a": "0123456789abcdef"}); 60]});
        let print = |text: &str| GoTemplate::parse(text).unwrap().print(&list);
        let nested = |depth: usize| {
            let ranges = "{{range $.items}}".repeat(depth);
            print(&format!("{ranges}x{}", "{{end}}".repeat(depth)))
        };
        assert_eq!(nested(2).map(|text| text.len()), Ok(3_600));
        let too_much = |said: Result<String, String>| {
            said.is_err_and(|said| said.ends_with("the template takes more than 4000000 steps"))
        };
        assert!(too_much(nested(12)));
        let doubled = "{{$x = printf \"%s%s\" $x $x}}".repeat(40);
        assert!(too_much(print(&format!("{{{{$x := \"x\"}}}}{doubled}{{{{$x}}}}"))));
        // Go's fmt takes a width beyond a million for no verb.
        assert_eq!(print("{{printf \"a%4000000000d\" 1}}"), Ok("a%!(NOVERB)".to_owned()));
        assert_eq!(print("{{printf \"%99999999999999999999999d\" 1}}"), Ok("%!(NOVERB)".to_owned()));
        let wide = print(&"{{printf \"%1000000d\" 1}}".repeat(20)).unwrap();
        assert!(wide.ends_with("# cut: longer than 4 MiB\n") && wide.len() < 5_000_000);
    }
}
