//! `kubectl create <type> <name>`: makes objects from flags.
//!
//! Models: `create_*.go` of `k8s.io/kubectl/pkg/cmd/create`.

use api::Kind;
use apimachinery::base64::Alphabet;
use apimachinery::gojson;
use apimachinery::labels::Selector;
use apimachinery::names::config_key;
use apimachinery::value::set_at;
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, failed, once};
use crate::errors::{self, Failure};
use crate::send;
use crate::world::World;
use crate::{flags, help};

/// Whether a word after `create` is a type that has a generator here.
pub fn knows(word: &str) -> bool {
    kind_of(word).is_some() || matches!(word, "service" | "svc" | "secret")
}

fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "configmap" | "cm" => Kind::ConfigMap,
        "namespace" | "ns" => Kind::Namespace,
        "poddisruptionbudget" | "pdb" => Kind::PodDisruptionBudget,
        "quota" | "resourcequota" => Kind::ResourceQuota,
        "serviceaccount" | "sa" => Kind::ServiceAccount,
        "priorityclass" | "pc" => Kind::PriorityClass,
        _ => return None,
    })
}

/// Begins the verb; the first argument is a type that [`knows`] knows.
pub fn start(mut call: Invocation) -> Box<dyn Command> {
    let word = call.args.positional.remove(0);
    let kind = kind_of(&word).unwrap_or(if word == "secret" { Kind::Secret } else { Kind::Service });
    let mut variant = String::new();
    if kind_of(&word).is_none() {
        if call.args.positional.is_empty() {
            return failed(help::of(call.args.command()), 1);
        }
        variant = call.args.positional.remove(0);
    }
    let command = flags::command_of("create", &[word, variant.clone()]);
    let known: &[&str] = match kind {
        Kind::Secret if variant == "tls" => {
            return failed(errors::line("key and cert must be specified"), 1);
        }
        Kind::Secret => &["generic", "docker-registry"],
        Kind::Service => &["clusterip", "nodeport", "loadbalancer", "externalname"],
        _ => &[""],
    };
    if !known.contains(&variant.as_str()) {
        let words: Vec<&str> =
            [variant.as_str()].into_iter().chain(call.args.positional.iter().map(String::as_str)).collect();
        return failed(errors::usage(&command, &format!("unknown command \"{}\"", words.join(" "))), 1);
    }
    let [name] = call.args.positional.as_slice() else {
        let got = call.args.positional.len();
        return failed(errors::usage(&command, &format!("exactly one NAME is required, got {got}")), 1);
    };
    let name = name.clone();
    once(move |world, out| {
        let made = value(kind, &variant, &name, &call.args, world)
            .map_err(Failure::Plain)
            .and_then(|value| send::generated(&call, kind, value, "created", world, out));
        made.err().map_or(0, |failure| {
            let failure = match failure {
                Failure::Refused(status, _) if kind != Kind::Namespace => {
                    Failure::Plain(format!("failed to create {}{}", failing(kind, &variant), status.message))
                }
                other => other,
            };
            errors::say(&[failure], out)
        })
    })
}

fn value(kind: Kind, variant: &str, name: &str, args: &Args, world: &dyn World) -> Result<Value, String> {
    let mut value = json!({"metadata": {"name": name}});
    match kind {
        Kind::Secret if variant == "docker-registry" => {
            set_at(&mut value, &["data", ".dockerconfigjson"], registry(args)?.into());
            set_at(&mut value, &["type"], "kubernetes.io/dockerconfigjson".into());
        }
        Kind::ConfigMap | Kind::Secret => {
            let data = data(args, kind == Kind::Secret, name, world)?;
            if !data.is_empty() {
                set_at(&mut value, &["data"], data.into());
            }
            if let Some(ty) = args.value("type").filter(|_| kind == Kind::Secret) {
                set_at(&mut value, &["type"], ty.into());
            }
        }
        Kind::Namespace => {
            set_at(&mut value, &["spec"], json!({}));
            set_at(&mut value, &["status"], json!({}));
        }
        Kind::PodDisruptionBudget => {
            set_at(&mut value, &["spec"], budget(args)?);
            let zeros = ["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"];
            for member in zeros {
                set_at(&mut value, &["status", member], 0.into());
            }
        }
        Kind::ResourceQuota => {
            set_at(&mut value, &["spec"], quota(args)?);
            set_at(&mut value, &["status"], json!({}));
        }
        Kind::PriorityClass => {
            set_at(&mut value, &["value"], args.number("value").unwrap_or(0).into());
            let policy = args.value("preemption-policy").unwrap_or("PreemptLowerPriority");
            set_at(&mut value, &["preemptionPolicy"], policy.into());
            if let Some(text) = args.value("description") {
                set_at(&mut value, &["description"], text.into());
            }
            if args.is_on("global-default") {
                set_at(&mut value, &["globalDefault"], true.into());
            }
        }
        Kind::Service => {
            set_at(&mut value, &["metadata", "labels"], json!({"app": name}));
            set_at(&mut value, &["spec"], service(variant, name, args)?);
            set_at(&mut value, &["status"], json!({"loadBalancer": {}}));
        }
        _ => {}
    }
    Ok(value)
}

/// What the command says could not be made.
fn failing(kind: Kind, variant: &str) -> String {
    match kind {
        Kind::Secret => "secret ".to_owned(),
        Kind::Service => format!("{} service: ", service_type(variant)),
        Kind::ResourceQuota => "quota: ".to_owned(),
        Kind::PodDisruptionBudget => "poddisruptionbudgets: ".to_owned(),
        kind => format!("{}: ", kind.info().name.to_lowercase()),
    }
}

fn service_type(variant: &str) -> &'static str {
    match variant {
        "nodeport" => "NodePort",
        "loadbalancer" => "LoadBalancer",
        "externalname" => "ExternalName",
        _ => "ClusterIP",
    }
}

/// `--from-literal`, `--from-file` and `--from-env-file`.
fn data(args: &Args, encoded: bool, name: &str, world: &dyn World) -> Result<Map<String, Value>, String> {
    let mut data = Map::new();
    let mut add = |key: &str, text: &str| {
        let problems = config_key(key);
        if !problems.is_empty() {
            let what = if encoded { "" } else { " for a ConfigMap" };
            return Err(format!("\"{key}\" is not a valid key name{what}: {}", problems.join(",")));
        }
        if data.contains_key(key) {
            let (quoted, place) = if encoded {
                (key.to_owned(), String::new())
            } else {
                (format!("\"{key}\""), format!(" in Data for ConfigMap \"{name}\""))
            };
            return Err(format!("cannot add key {quoted}, another key by that name already exists{place}"));
        }
        let text = if encoded { Alphabet::Standard.encode(text.as_bytes()) } else { text.to_owned() };
        data.insert(key.to_owned(), text.into());
        Ok(())
    };
    let read = |path: &str| {
        world.file(path).ok_or_else(|| format!("error reading {path}: no such file or directory"))
    };
    let others = !args.repeated("from-literal").is_empty() || !args.values("from-file").is_empty();
    if others && !args.values("from-env-file").is_empty() {
        return Err("from-env-file cannot be combined with from-file or from-literal".to_owned());
    }
    for pair in args.repeated("from-literal") {
        let (key, text) = pair
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| format!("invalid literal source {pair}, expected key=value"))?;
        add(key, text)?;
    }
    for source in args.values("from-file") {
        let (key, path) =
            source.split_once('=').unwrap_or((source.rsplit('/').next().unwrap_or(source), source));
        add(key, &read(path)?)?;
    }
    for path in args.values("from-env-file") {
        for line in read(path)?.lines().map(str::trim_start).filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            let (key, text) = line.split_once('=').unwrap_or((line, ""));
            add(key, text)?;
        }
    }
    Ok(data)
}

/// The login of a registry as Docker keeps it, in base64; its members are in the order of the Go struct.
fn registry(args: &Args) -> Result<String, String> {
    let given = |flag: &str| args.value(flag).filter(|text| !text.is_empty());
    let server = args.value("docker-server").unwrap_or("https://index.docker.io/v1/");
    let (Some(user), Some(password), false) =
        (given("docker-username"), given("docker-password"), server.is_empty())
    else {
        return Err("either --from-file or the combination of --docker-username, --docker-password and --docker-server is required".to_owned());
    };
    let quoted = |text: &str| gojson::compact(&text.into());
    let auth = Alphabet::Standard.encode([user, ":", password].concat().as_bytes());
    let mut text = ["{\"auths\":{", &quoted(server), ":{"].concat();
    let members = [("username", Some(user)), ("password", Some(password)), ("email", given("docker-email"))];
    for (member, value) in members {
        if let Some(value) = value {
            text.extend(["\"", member, "\":", &quoted(value), ","]);
        }
    }
    text.extend(["\"auth\":", &quoted(&auth), "}}}"]);
    Ok(Alphabet::Standard.encode(text.as_bytes()))
}

fn budget(args: &Args) -> Result<Value, String> {
    let selector = args.value("selector").filter(|s| !s.is_empty()).ok_or("a selector must be specified")?;
    let unfit = |problem| format!("couldn't parse the selector string \"{selector}\": {problem}");
    Selector::parse(selector).map_err(unfit)?;
    let mut spec = json!({"selector": label_selector(selector)?});
    let (min, max) = (args.value("min-available"), args.value("max-unavailable"));
    let (member, flag, text) = match (min, max) {
        (None, None) => return Err("one of min-available or max-unavailable must be specified".to_owned()),
        (Some(_), Some(_)) => {
            return Err("min-available and max-unavailable cannot be both specified".to_owned());
        }
        (Some(text), None) => ("minAvailable", "min-available", text),
        (None, Some(text)) => ("maxUnavailable", "max-unavailable", text),
    };
    let digits = text.strip_suffix('%').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("invalid format specified for {flag}"));
    }
    set_at(&mut spec, &[member], text.parse::<i64>().map_or_else(|_| text.into(), Value::from));
    Ok(spec)
}

/// The selector of an object: requirements of equality become labels, the others expressions.
fn label_selector(text: &str) -> Result<Value, String> {
    let is_equal = |part: &&str| part.contains('=') && !part.contains("!=");
    if text.split(',').all(|part| is_equal(&part)) {
        return Ok(json!({"matchLabels": labels(text)?}));
    }
    let mut expressions = Vec::new();
    for (key, operator, values) in Selector::parse(text)?.expressions() {
        let mut expression = json!({"key": key, "operator": operator});
        if !values.is_empty() {
            set_at(&mut expression, &["values"], values.into());
        }
        expressions.push(expression);
    }
    Ok(json!({"matchExpressions": expressions}))
}

/// `a=b,c=d`.
pub fn labels(text: &str) -> Result<Map<String, Value>, String> {
    let mut labels = Map::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("unexpected label spec: {text}"))?;
        labels.insert(key.to_owned(), value.trim_start_matches('=').into());
    }
    Ok(labels)
}

fn quota(args: &Args) -> Result<Value, String> {
    let mut spec = json!({});
    for pair in args.values("hard") {
        let (name, amount) = pair
            .split_once('=')
            .ok_or_else(|| format!("Invalid argument syntax {pair}, expected <resource>=<value>"))?;
        apimachinery::Quantity::parse(amount).map_err(str::to_owned)?;
        set_at(&mut spec, &["hard", name], amount.into());
    }
    let scopes = args.values("scopes");
    if !scopes.is_empty() {
        set_at(&mut spec, &["scopes"], scopes.into());
    }
    Ok(spec)
}

fn service(variant: &str, name: &str, args: &Args) -> Result<Value, String> {
    let ty = service_type(variant);
    let address = args.value("clusterip").filter(|_| ty == "ClusterIP");
    if ty == "ExternalName" && args.value("external-name") == Some("") {
        return Err("invalid service external name".to_owned());
    }
    if ty == "ExternalName" && args.value("external-name").is_none() {
        return Err("required flag(s) \"external-name\" not set".to_owned());
    }
    let pairs = args.values("tcp");
    if pairs.is_empty() && address != Some("None") && ty != "ExternalName" {
        return Err("at least one tcp port specifier must be provided".to_owned());
    }
    let mut ports = Vec::new();
    for pair in pairs {
        let (from, to) = pair.split_once(':').unwrap_or((pair, pair));
        let to = to.split(':').next().unwrap_or(to);
        let port: i64 =
            from.parse().map_err(|_| format!("strconv.ParseUint: parsing \"{from}\": invalid syntax"))?;
        if u16::try_from(port).is_err() {
            return Err(format!("strconv.ParseUint: parsing \"{from}\": value out of range"));
        }
        let mut entry = json!({"name": pair.replace(':', "-"), "port": port, "protocol": "TCP", "targetPort": port_or_name(to)});
        if let Some(node) = args.value("node-port").and_then(|n| n.parse::<i64>().ok()) {
            set_at(&mut entry, &["nodePort"], node.into());
        }
        ports.push(entry);
    }
    let mut spec = json!({"selector": {"app": name}, "type": ty});
    if !ports.is_empty() {
        set_at(&mut spec, &["ports"], ports.into());
    }
    for (member, text) in [("clusterIP", address), ("externalName", args.value("external-name"))] {
        if let Some(text) = text {
            set_at(&mut spec, &[member], text.into());
        }
    }
    Ok(spec)
}

/// `80` as a number, `web` as a name.
pub fn port_or_name(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
}
