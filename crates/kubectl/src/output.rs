//! Output forms besides tables, and what a verb says of an object that it changed.
//!
//! Models: `k8s.io/cli-runtime/pkg/printers`, `k8s.io/cli-runtime/pkg/genericclioptions` (`PrintFlags`).

use std::rc::Rc;

use api::Object;
use api::schema::Schema;
use apimachinery::tree::Tree;
use apimachinery::{gojson, yaml};
use apiserver::WriteOptions;
use serde_json::{Value, json};

use crate::args::Args;
use crate::columns;
use crate::command::Output;
use crate::errors;
use crate::gotemplate::GoTemplate;
use crate::jsonpath::Template;
use crate::resources::display_name;

/// `-o`.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A table.
    Table,
    /// A table with more columns.
    Wide,
    /// YAML.
    Yaml,
    /// YAML with braces and quotes.
    Kyaml,
    /// JSON.
    Json,
    /// `type/name`.
    Name,
    /// A JSONPath template; the second is whether values are printed as JSON.
    JsonPath(Template, bool),
    /// A Go template.
    GoTemplate(GoTemplate),
    /// `NAME:.metadata.name,…`.
    CustomColumns(Vec<(String, Template)>),
}

/// What `get` prints besides the forms of every verb.
const TABLES: &str = "custom-columns,custom-columns-file,";
const FORMS: &str = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,";

fn bad_template(text: &str, problem: &str) -> String {
    errors::line(&format!("error parsing jsonpath {text}, {problem}"))
}

impl Form {
    /// Reads the value of `-o`, for `get`.
    pub fn parse(text: Option<&str>) -> Result<Self, String> {
        Self::read(text, true)
    }

    fn is_template(&self) -> bool {
        matches!(self, Self::JsonPath(..) | Self::GoTemplate(_))
    }

    /// Reads the value of `-o`; `tables` says whether the forms of `get` alone are allowed.
    pub fn read(text: Option<&str>, tables: bool) -> Result<Self, String> {
        text.filter(|text| !text.is_empty()).map_or(Ok(Self::Table), |text| Self::named(text, tables))
    }

    #[inline(never)] // a gate: `www/editor/split/parts.mjs`
    fn named(text: &str, tables: bool) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "yaml" => return Ok(Self::Yaml),
            "kyaml" => return Ok(Self::Kyaml),
            "json" => return Ok(Self::Json),
            "name" => return Ok(Self::Name),
            _ => {}
        }
        let (word, rest) = text.split_once('=').unwrap_or((text, ""));
        match word {
            "wide" if tables && word == text => Ok(Self::Wide),
            "jsonpath" | "jsonpath-as-json" | "jsonpath-file" | "go-template-file" | "templatefile"
                if rest.is_empty() =>
            {
                Err(errors::line("template format specified but no template given"))
            }
            "jsonpath" | "jsonpath-as-json" => {
                let template = Template::parse(rest).map_err(|problem| bad_template(rest, &problem))?;
                Ok(Self::JsonPath(template, word != "jsonpath"))
            }
            "custom-columns" if tables => {
                columns::parse(rest).map(Self::CustomColumns).map_err(|problem| errors::line(&problem))
            }
            "go-template" | "template" if rest.is_empty() => {
                Err(errors::line("template format specified but no template given"))
            }
            "go-template" | "template" => GoTemplate::parse(rest)
                .map(Self::GoTemplate)
                .map_err(|problem| errors::line(&format!("error parsing template {rest}, {problem}"))),
            _ => {
                let (more, wide) = if tables { (TABLES, "wide,") } else { ("", "") };
                Err(errors::line(&format!(
                    "unable to match a printer suitable for the output format \"{text}\", allowed formats are: {more}{FORMS}{wide}yaml"
                )))
            }
        }
    }
}

/// The value of `-o`, with the text of the file that it names (`jsonpath-file` and the like) or of
/// `--template`.
pub fn with_file(args: &Args, file: impl Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
    let text = args.value("output").filter(|text| !text.is_empty());
    let text = match (text, args.value("template").filter(|text| !text.is_empty())) {
        (None, Some(template)) => return Ok(Some(format!("go-template={template}"))),
        (Some(word), Some(template)) if !word.contains('=') => format!("{word}={template}"),
        (Some(text), _) => text.to_owned(),
        (None, None) => return Ok(None),
    };
    let Some((word, path)) = text.split_once('=') else { return Ok(Some(text)) };
    let form = match word {
        "jsonpath-file" => "jsonpath",
        "custom-columns-file" => "custom-columns",
        "go-template-file" | "templatefile" => "go-template",
        _ => return Ok(Some(text)),
    };
    let missing = || {
        let what =
            if form == "custom-columns" { format!("template {path}") } else { format!("--template {path}") };
        errors::line(&format!("error reading {what}, open {path}: no such file or directory"))
    };
    let content = file(path).ok_or_else(missing)?;
    let content = match form {
        "custom-columns" => columns::from_file(&content).map_err(|e| errors::line(&e))?,
        _ => content,
    };
    Ok(Some(format!("{form}={content}")))
}

/// An object as the API server serves it, without what kubectl hides.
pub fn value_of(object: &Object, managed_fields: bool) -> Value {
    if managed_fields { object.to_whole_value() } else { object.to_value() }
}

/// Several objects as one List.
pub fn list_of(objects: &[Rc<Object>], managed_fields: bool) -> Value {
    let items: Vec<Value> = objects.iter().map(|o| value_of(o, managed_fields)).collect();
    json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}})
}

/// Objects in one of the forms that are no table. `single` prints one object as itself.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn print(
    form: &Form,
    objects: &[Rc<Object>],
    single: bool,
    managed_fields: bool,
) -> Result<String, String> {
    match form {
        Form::Name => return Ok(objects.iter().map(|o| format!("{}\n", display_name(o))).collect()),
        Form::CustomColumns(columns) => {
            let (table, problem) = columns::print(columns, objects, true);
            return problem.map_or(Ok(table), |problem| Err(errors::line(&problem)));
        }
        Form::Table | Form::Wide => return Ok(String::new()),
        Form::Yaml | Form::Kyaml | Form::Json | Form::JsonPath(..) | Form::GoTemplate(_) => {}
    }
    // Templates see everything.
    let managed_fields = managed_fields || form.is_template();
    let value = match objects {
        [one] if single => value_of(one, managed_fields),
        many => list_of(many, managed_fields),
    };
    print_value(form, &value)
}

/// A value in one of the forms that print whole objects.
pub fn print_value(form: &Form, value: &Value) -> Result<String, String> {
    print_tree(form, value, &Tree::sorted(value))
}

/// [`print_value`] for a value whose members have an order of their own, which JSON and KYAML keep.
pub fn print_tree(form: &Form, value: &Value, tree: &Tree) -> Result<String, String> {
    match form {
        Form::Json => Ok(format!("{}\n", gojson::indent_tree(tree, 4))),
        Form::Kyaml => Ok(yaml::kyaml::emit(tree)),
        Form::JsonPath(template, as_json) => {
            let printed = if *as_json { template.print_json(value) } else { template.print(value) };
            printed.map_err(|problem| errors::line(&problem))
        }
        Form::GoTemplate(template) => template.print(value).map_err(|problem| errors::line(&problem)),
        _ => Ok(yaml::emit(value)),
    }
}

/// An object that kubectl has as a Go struct.
pub fn print_struct(form: &Form, object: &Rc<Object>) -> Result<String, String> {
    if !matches!(form, Form::Json | Form::Kyaml) {
        return print(form, std::slice::from_ref(object), true, false);
    }
    let (value, schema) = (value_of(object, false), Schema::get());
    print_tree(form, &value, &schema.ordered(&value, schema.of_kind(object.kind)))
}

/// How far a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryRun {
    /// It is stored.
    None,
    /// Nothing is sent.
    Client,
    /// The server does everything but store it.
    Server,
}

impl DryRun {
    /// Reads `--dry-run`; the error is a whole line.
    pub fn of(args: &Args) -> Result<Self, String> {
        match args.value("dry-run") {
            None | Some("none" | "false") => Ok(Self::None),
            Some("client" | "unchanged" | "true") => Ok(Self::Client),
            Some("server") => Ok(Self::Server),
            Some(other) => Err(errors::line(&format!(
                "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            ))),
        }
    }

    /// What it adds to the line that tells of a change.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// Says what was done to objects: `pod/web-0 labeled`, or the object in the form of `-o`.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // flags of the command line
pub struct Reporter {
    /// Shared, since a command is copied with its reporter, and a form may be a whole template.
    form: Rc<Form>,
    /// How far changes go.
    pub dry_run: DryRun,
    managed_fields: bool,
    field_manager: String,
    says_dry_run: bool,
    /// Whether kubectl has the objects as Go structs: their members stand in the structs' order.
    typed: bool,
    told: bool,
}

impl Reporter {
    /// Reads the flags of a command line; the error is a whole line.
    pub fn of(args: &Args) -> Result<Self, String> {
        Ok(Self {
            form: Rc::new(Form::read(args.value("output"), false)?),
            dry_run: DryRun::of(args)?,
            managed_fields: args.is_on("show-managed-fields"),
            field_manager: args.field_manager(),
            says_dry_run: true,
            typed: false,
            told: false,
        })
    }

    /// How to send a change.
    pub fn options(&self) -> WriteOptions {
        WriteOptions {
            dry_run: self.dry_run == DryRun::Server,
            field_manager: self.field_manager.clone(),
            ..WriteOptions::default()
        }
    }

    /// Whether whole objects are printed.
    pub fn prints_objects(&self) -> bool {
        !matches!(*self.form, Form::Table | Form::Name)
    }

    /// This reporter, without a word about dry runs: some verbs keep silent about them.
    #[must_use]
    pub fn silent_about_dry_runs(self) -> Self {
        Self { says_dry_run: false, ..self }
    }

    /// This reporter, for a verb that has its objects as Go structs.
    #[must_use]
    pub fn of_structs(self) -> Self {
        Self { typed: true, ..self }
    }

    /// Tells of one object; the error is a whole line.
    pub fn tell(&mut self, object: &Object, deed: &str, out: &mut Output) -> Result<(), String> {
        if self.prints_objects() {
            return self.tell_whole(object, out);
        }
        self.say(&display_name(object), deed, out);
        Ok(())
    }

    #[inline(never)] // a gate: `www/editor/split/parts.mjs`
    fn tell_whole(&mut self, object: &Object, out: &mut Output) -> Result<(), String> {
        let value = value_of(object, self.managed_fields || self.form.is_template());
        let schema = Schema::get();
        let tree = if self.typed {
            schema.ordered(&value, schema.of_kind(object.kind))
        } else {
            Tree::sorted(&value)
        };
        self.print(&value, &tree, out)
    }

    /// Tells of a value, with its type and name: `deployment.apps/web`.
    pub fn tell_value(
        &mut self,
        name: &str,
        value: &Value,
        deed: &str,
        out: &mut Output,
    ) -> Result<(), String> {
        if self.prints_objects() {
            return self.print(value, &Tree::sorted(value), out);
        }
        self.say(name, deed, out);
        Ok(())
    }

    fn say(&mut self, name: &str, deed: &str, out: &mut Output) {
        if matches!(*self.form, Form::Name) {
            out.say(name);
        } else {
            let suffix = if self.says_dry_run { self.dry_run.suffix() } else { "" };
            out.say(&format!("{name} {deed}{suffix}"));
        }
        self.told = true;
    }

    fn print(&mut self, value: &Value, tree: &Tree, out: &mut Output) -> Result<(), String> {
        if self.told && matches!(*self.form, Form::Yaml) {
            out.say("---");
        }
        out.stdout.push_str(&print_tree(&self.form, value, tree)?);
        self.told = true;
        Ok(())
    }

    /// A value that is not an object of its own, in the form of `-o`.
    pub fn print_value(&self, value: &Value) -> Result<String, String> {
        print_value(&self.form, value)
    }

    /// Prints objects together, as `apply -o yaml` does.
    pub fn tell_all(&self, objects: &[Rc<Object>], out: &mut Output) -> Result<(), String> {
        out.stdout.push_str(&print(&self.form, objects, objects.len() == 1, self.managed_fields)?);
        Ok(())
    }
}
