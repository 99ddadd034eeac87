//! What `kubectl create role`, `clusterrole`, `rolebinding` and `clusterrolebinding` would send.
//!
//! Models: `create_role.go`, `create_clusterrole.go`, `create_rolebinding.go` and
//! `create_clusterrolebinding.go` of `k8s.io/kubectl/pkg/cmd/create`.

use api::Kind;
use apimachinery::sorted::SortedMap;
use apimachinery::value::set_at;
use serde_json::{Value, json};

use crate::args::Args;
use crate::command::Output;
use crate::errors::Failure;
use crate::foreign::{self, Type};
use crate::generate::labels;

const GROUP: &str = "rbac.authorization.k8s.io";
/// The verbs that a rule about resources may have.
const VERBS: &str = " get delete list create update patch watch proxy deletecollection use bind approve sign escalate impersonate * ";

fn verbs_of<'a>(args: &'a Args, out: &mut Output) -> Result<Vec<&'a str>, Failure> {
    let verbs = args.values("verb");
    if verbs.is_empty() {
        return Err(Failure::Plain("at least one verb must be specified".to_owned()));
    }
    if !args.values("resource").is_empty() {
        for verb in verbs.iter().filter(|verb| !VERBS.contains(&format!(" {verb} "))) {
            out.complain(&format!("Warning: '{verb}' is not a standard resource verb"));
        }
    }
    Ok(verbs)
}

/// A rule for each group of resources.
fn rules(args: &Args, verbs: &[&str]) -> Result<Vec<Value>, Failure> {
    let names = args.values("resource-name");
    let mut groups: SortedMap<&str, Vec<String>> = SortedMap::new();
    for word in args.values("resource") {
        let (base, sub) = word.split_once('/').map_or((word, None), |(base, sub)| (base, Some(sub)));
        let known = Kind::from_resource(base).map(|kind| (kind.info().group, kind.info().plural));
        let known = known.or_else(|| foreign::find(base).map(|ty| (ty.group, ty.plural)));
        let Some((group, plural)) = known else {
            return Err(Failure::Text(format!("the server doesn't have a resource type \"{base}\"\n")));
        };
        let resource = sub.map_or_else(|| plural.to_owned(), |sub| format!("{plural}/{sub}"));
        groups.entry(group).or_default().push(resource);
    }
    let rule = |(group, resources): (&&str, &Vec<String>)| {
        let mut rule = json!({"apiGroups": [group], "resources": resources, "verbs": verbs});
        if !names.is_empty() {
            set_at(&mut rule, &["resourceNames"], names.as_slice().into());
        }
        rule
    };
    Ok(groups.iter().map(rule).collect())
}

/// A Role.
pub fn role(args: &Args, out: &mut Output) -> Result<Value, Failure> {
    let verbs = verbs_of(args, out)?;
    let rules = rules(args, &verbs)?;
    if rules.is_empty() {
        return Err(Failure::Plain("at least one resource must be specified".to_owned()));
    }
    Ok(json!({ "rules": rules }))
}

/// A `ClusterRole`.
pub fn cluster_role(args: &Args, out: &mut Output) -> Result<Value, Failure> {
    if let Some(text) = args.value("aggregation-rule").filter(|text| !text.is_empty()) {
        let selector = json!({"matchLabels": labels(text).map_err(Failure::Plain)?});
        return Ok(json!({"aggregationRule": {"clusterRoleSelectors": [selector]}, "rules": null}));
    }
    let verbs = verbs_of(args, out)?;
    let mut rules = rules(args, &verbs)?;
    let urls = args.values("non-resource-url");
    if rules.is_empty() && urls.is_empty() {
        return Err(Failure::Plain("one of resource or nonResourceURL must be specified".to_owned()));
    }
    if !urls.is_empty() {
        rules.push(json!({"nonResourceURLs": urls, "verbs": verbs}));
    }
    Ok(json!({ "rules": rules }))
}

/// A `RoleBinding` or `ClusterRoleBinding`.
pub fn binding(ty: Type, args: &Args) -> Result<Value, String> {
    let given = |flag: &str| args.value(flag).filter(|name| !name.is_empty());
    let (kind, name) = match (given("clusterrole"), given("role")) {
        (Some(name), None) => ("ClusterRole", name),
        (None, Some(name)) if ty.namespaced => ("Role", name),
        _ => return Err("exactly one of clusterrole or role must be specified".to_owned()),
    };
    let mut subjects = Vec::new();
    for (flag, kind) in [("user", "User"), ("group", "Group")] {
        subjects.extend(
            args.values(flag).iter().map(|name| json!({"apiGroup": GROUP, "kind": kind, "name": name})),
        );
    }
    for account in args.values("serviceaccount") {
        let (namespace, name) = account
            .split_once(':')
            .filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty())
            .ok_or("serviceaccount must be <namespace>:<name>")?;
        subjects.push(json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}));
    }
    let mut binding = json!({"roleRef": {"apiGroup": GROUP, "kind": kind, "name": name}});
    if !subjects.is_empty() {
        set_at(&mut binding, &["subjects"], subjects.into());
    }
    Ok(binding)
}
