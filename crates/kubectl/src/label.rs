//! `kubectl label` and `kubectl annotate`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/label`, `k8s.io/kubectl/pkg/cmd/annotate`.

use std::rc::Rc;

use api::Object;
use apimachinery::names::label_value;
use apimachinery::sorted::SortedMap;
use apiserver::{Actor, Patch, Request, Subresource, Verb};
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::output::{DryRun, Reporter};
use crate::resources;
use crate::send::made;
use crate::world::World;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Labels.
    Labels,
    /// Annotations.
    Annotations,
}

impl What {
    fn word(self) -> &'static str {
        if self == Self::Labels { "label" } else { "annotation" }
    }

    fn member(self) -> &'static str {
        if self == Self::Labels { "labels" } else { "annotations" }
    }

    fn of(self, object: &mut Object) -> &mut SortedMap<String, String> {
        if self == Self::Labels { &mut object.metadata.labels } else { &mut object.metadata.annotations }
    }
}

/// Annotations of `rollout history` may always be overwritten.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// What is to be set and what removed.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools)] // flags of the command line
struct Edit {
    what: What,
    set: SortedMap<String, String>,
    remove: Vec<String>,
    overwrite: bool,
    list: bool,
    /// Whether a heading must tell the objects of a list apart.
    several: bool,
    resource_version: Option<String>,
    /// Whether nothing is asked of the server: `--local`.
    local: bool,
    reporter: Reporter,
}

/// Begins the verb.
pub fn start(call: Invocation, what: What) -> Box<dyn Command> {
    let (names, edit) =
        match split(&call, what).and_then(|(n, pairs)| Ok((n, Edit::new(&call, what, &pairs)?))) {
            Ok(parsed) => parsed,
            Err(message) => return failed(errors::line(&message), 1),
        };
    once(move |world, out| {
        let mut edit = edit.clone();
        let objects = objects(&call, &names, world);
        edit.several = objects > 1;
        if edit.resource_version.is_some() && objects > 1 {
            out.complain("error: --resource-version may only be used with a single resource");
            return 1;
        }
        resources::each(&call, &names, "", world, out, &mut |object, world, out| edit.one(object, world, out))
    })
}

/// How many objects the names stand for.
fn objects(call: &Invocation, names: &[String], world: &mut dyn World) -> usize {
    if call.args.is_on("local") {
        return 1;
    }
    let Ok((asked, _)) = resources::named(call, names, world) else { return 0 };
    resources::find(&asked, &resources::Scope::of(&call.args, &call.namespace), world).all().count()
}

/// Splits the arguments into resources and pairs.
fn split(call: &Invocation, what: What) -> Result<(Vec<String>, Vec<String>), String> {
    let words: Vec<String> =
        call.args.positional.iter().chain(call.args.after_dashes.iter().flatten()).cloned().collect();
    let is_pair = |w: &String| (w.contains('=') && !w.starts_with('=')) || (w.ends_with('-') && w != "-");
    let first = words.iter().position(is_pair).unwrap_or(words.len());
    let (names, pairs) = words.split_at(first);
    if names.is_empty() && call.args.value("filename").is_none() {
        if call.args.is_on("local") {
            return Err(
                "one or more files must be specified as -f pod.yaml or --filename=pod.json".to_owned()
            );
        }
        let text = "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        return Err(text.to_owned());
    }
    match pairs.iter().find(|word| !is_pair(word)) {
        Some(stray) => {
            Err(format!("all resources must be specified before {} changes: {stray}", what.word()))
        }
        None => Ok((names.to_vec(), pairs.to_vec())),
    }
}

impl Edit {
    fn new(call: &Invocation, what: What, pairs: &[String]) -> Result<Self, String> {
        let args = &call.args;
        let reporter =
            Reporter::of(args).map_err(|e| e.trim_start_matches("error: ").trim_end().to_owned())?;
        let (mut set, mut remove) = (SortedMap::new(), Vec::new());
        for pair in pairs {
            match pair.split_once('=') {
                Some((_, value)) if what == What::Labels && value.contains('=') => {
                    return Err(format!("invalid label spec: {pair}"));
                }
                Some((_, value)) if what == What::Labels && !label_value(value).is_empty() => {
                    return Err(format!("invalid label value: \"{pair}\": {}", label_value(value).join(";")));
                }
                Some((key, value)) => drop(set.insert(key.to_owned(), value.to_owned())),
                None => remove.push(pair.strip_suffix('-').unwrap_or(pair).to_owned()),
            }
        }
        let both: Vec<&str> =
            remove.iter().map(String::as_str).filter(|key| set.contains_key(*key)).collect();
        if !both.is_empty() {
            return Err(match what {
                What::Labels => "can not both modify and remove a label in the same command".to_owned(),
                What::Annotations => format!(
                    "can not both modify and remove the following annotation(s) in the same command: {}",
                    both.join(", ")
                ),
            });
        }
        let list = args.is_on("list");
        for (flag, given) in
            [("selector", args.value("selector")), ("field-selector", args.value("field-selector"))]
        {
            if args.is_on("all") && given.is_some() {
                return Err(format!("cannot set --all and --{flag} at the same time"));
            }
        }
        if pairs.is_empty() && !list {
            return Err(format!("at least one {} update is required", what.word()));
        }
        let resource_version = args.value("resource-version").map(str::to_owned);
        let (overwrite, local) = (args.is_on("overwrite"), args.is_on("local"));
        Ok(Self { what, set, remove, overwrite, list, several: false, resource_version, local, reporter })
    }

    fn one(&mut self, object: &Rc<Object>, world: &mut dyn World, out: &mut Output) -> Result<(), Failure> {
        let mut edited = Object::clone(object);
        let current = self.what.of(&mut edited);
        let local = self.local || self.list || self.reporter.dry_run == DryRun::Client;
        for key in self.remove.iter().filter(|key| !current.contains_key(*key)) {
            if self.what == What::Labels && !local {
                out.say(&format!("label \"{key}\" not found."));
            }
        }
        if !self.overwrite {
            self.clash(current)?;
        }
        let mut patch = Map::new();
        for key in &self.remove {
            if current.remove(key).is_some() {
                patch.insert(key.clone(), Value::Null);
            }
        }
        let removed = patch.len();
        for (key, value) in &self.set {
            if current.insert(key.clone(), value.clone()).as_ref() != Some(value) {
                patch.insert(key.clone(), value.as_str().into());
            }
        }
        let added = patch.len() - removed;
        if self.list {
            if self.several {
                let info = object.kind.info();
                let (kind, plural) = (info.name, self.what.member());
                out.say(&format!("Listing {plural} for {kind}.{}/{}:", info.group, object.metadata.name));
            }
            for (key, value) in &*current {
                out.say(&format!("{}{key}={value}", if self.several { " " } else { "" }));
            }
            return Ok(());
        }
        let mut told = Rc::new(edited);
        if !patch.is_empty() && !local {
            told = self.send(object, patch, world, out)?;
        }
        let deed = match (self.what, added > 0, removed > 0) {
            (What::Annotations, ..) => "annotated",
            (_, true, true) => "modified",
            (_, true, false) => "labeled",
            (_, false, true) => "unlabeled",
            (_, false, false) => "not labeled",
        };
        self.reporter.tell(&told, deed, out).map_err(Failure::Text)
    }

    fn send(
        &self,
        object: &Object,
        members: Map<String, Value>,
        world: &mut dyn World,
        out: &mut Output,
    ) -> Result<Rc<Object>, Failure> {
        let mut metadata = json!({self.what.member(): members});
        if let Some(version) = &self.resource_version {
            apimachinery::value::set_at(&mut metadata, &["resourceVersion"], version.as_str().into());
        }
        let patch = Patch::Merge(json!({ "metadata": metadata }));
        let verb = Verb::Patch(patch, Subresource::None, self.reporter.options());
        made(Request { actor: Actor::user(), key: object.key(), verb }, world, out)
    }

    fn clash(&self, current: &SortedMap<String, String>) -> Result<(), Failure> {
        let is_annotation = self.what == What::Annotations;
        let clashes = self.set.iter().filter_map(|(key, value)| {
            let old = current.get(key).filter(|old| *old != value)?;
            (!is_annotation || key != CHANGE_CAUSE).then(|| format!("'{key}' already has a value ({old})"))
        });
        let clashes: Vec<String> = clashes.collect();
        if clashes.is_empty() {
            return Ok(());
        }
        if is_annotation {
            let list = clashes.join("; ");
            let head = "--overwrite is false but found the following declared annotation(s): ";
            return Err(Failure::Plain(format!("{head}{list}")));
        }
        let lines: Vec<String> = clashes.iter().map(|c| format!("{c}, and --overwrite is false")).collect();
        Err(match lines.as_slice() {
            [one] => Failure::Plain(one.clone()),
            many => Failure::Text(format!("{}\n", many.join("\n"))),
        })
    }
}
