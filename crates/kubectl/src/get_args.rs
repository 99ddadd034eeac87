//! Checks which arguments of `kubectl get` go together.
//!
//! Models: `GetOptions` (`Complete`, `Validate`) of `k8s.io/kubectl/pkg/cmd/get`.

use api::Kind;

use crate::args::Args;
use crate::command::Output;
use crate::errors;
use crate::jsonpath::Template;
use crate::output::Form;
use crate::resources::{Asked, ENDPOINTS_WARNING, EVENTS_WARNING};

/// The path of `--sort-by`, and whether it is cut short: then it finds nothing to sort, and nothing is shown.
pub(crate) fn sort_of(args: &Args) -> Result<(Option<Template>, bool), String> {
    let path = args.value("sort-by").filter(|path| !path.is_empty());
    let cut = path.is_some_and(is_cut_short);
    let sort = path.filter(|_| !cut).map(Template::relaxed).transpose();
    Ok((sort.map_err(|problem| errors::line(&problem))?, cut))
}

/// Whether a bracket or brace of a path is never closed.
fn is_cut_short(path: &str) -> bool {
    let count = |mark: char| path.matches(mark).count();
    count('[') > count(']') || count('{') > count('}')
}

/// Refuses flags that do not go with a form.
pub(crate) fn contradictions(args: &Args, form: &Form) -> Result<(), String> {
    let output = args.value("output").unwrap_or("");
    if args.is_on("show-labels") && !matches!(form, Form::Table | Form::Wide) {
        return Err(errors::line(&format!("--show-labels option cannot be used with {output} printer")));
    }
    Ok(())
}

/// Refuses `--subresource` with a list: a part of an object can only be asked for by the object's name.
pub(crate) fn subresource(args: &Args, asked: &Asked) -> Result<(), String> {
    let Some(part) = args.value("subresource").filter(|part| !part.is_empty()) else { return Ok(()) };
    if asked.has_lists() {
        return Err(errors::line("subresource cannot be used when bulk resources are specified"));
    }
    let known = asked.asks.iter().all(|ask| match part {
        "status" => ask.kind.info().has_status,
        "scale" => ask.kind == Kind::StatefulSet,
        _ => false,
    });
    if known {
        return Ok(());
    }
    Err(errors::NO_PATH.to_owned())
}

/// Refuses to sort tables of several types together.
pub(crate) fn sorts_mixed(args: &Args, asked: &Asked, form: &Form) -> Result<(), String> {
    let tables = matches!(form, Form::Table | Form::Wide) && args.is_on_or("server-print", true);
    let path = args.value("sort-by").unwrap_or("");
    if path.is_empty() || !asked.several || !tables {
        return Ok(());
    }
    let path = path.trim_start_matches('{').trim_end_matches('}').trim_start_matches('.');
    let text = format!("couldn't find any field with path \"{{.{path}}}\" in the list of objects");
    Err(errors::line(&text))
}

/// Prints the warnings of server and client about some types.
pub(crate) fn warn_of_types(args: &Args, asked: &Asked, out: &mut Output) {
    if args.positional.first().is_some_and(|word| word.split(',').any(|word| word == "ev")) {
        out.complain(EVENTS_WARNING);
    }
    if asked.asks.iter().any(|a| a.kind == Kind::Endpoints) {
        out.complain(ENDPOINTS_WARNING);
    }
}
