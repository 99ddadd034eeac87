//! `kubectl expose`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/expose`, `k8s.io/kubectl/pkg/polymorphichelpers`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::command::{Command, Output, once};
use crate::errors::Failure;
use crate::generate::{labels, port_or_name};
use crate::resources;
use crate::send;
use crate::world::World;

/// Begins the verb.
pub fn start(mut call: Invocation) -> Box<dyn Command> {
    // Here `--selector` is the Service's own, and chooses nothing.
    let mut selector = call.args.take("selector").filter(|text| !text.is_empty());
    once(move |world, out| {
        resources::each(&call, &call.args.positional, "", world, out, &mut |object, world, out| {
            one(&call, &mut selector, object, world, out)
        })
    })
}

fn one(
    call: &Invocation,
    given: &mut Option<String>,
    object: &Rc<Object>,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let info = object.kind.info();
    let dot = if info.group.is_empty() { "" } else { "." };
    let ports_at: &[&str] = match object.kind {
        Kind::Pod => &["spec", "containers"],
        Kind::Service => &["spec", "ports"],
        _ => return Err(Failure::Plain(format!("cannot expose a {}{dot}{}", info.name, info.group))),
    };
    let selector = if let Some(text) = given {
        labels(text)?
    } else {
        // What the first object is selected by counts for those after it.
        let selector = selector_of(object)?;
        let pair = |(name, value): (&String, &Value)| format!("{name}={}", value.as_str().unwrap_or(""));
        *given = Some(selector.iter().map(pair).collect::<Vec<_>>().join(","));
        selector
    };
    let value = service(call, object, selector, object.at(ports_at).and_then(Value::as_array))?;
    let value = match call.args.value("overrides") {
        Some(text) => crate::run::overridden(value, text, &call.args).map_err(Failure::Plain)?,
        None => value,
    };
    send::generated(call, Kind::Service, value, "exposed", world, out).map(|_| ())
}

fn selector_of(object: &Object) -> Result<Map<String, Value>, Failure> {
    let trouble = |text: &str| {
        Failure::Plain(format!("couldn't retrieve selectors via --selector flag or introspection: {text}"))
    };
    if object.kind == Kind::Service {
        let selector = object.spec().map_at(&["selector"]).cloned();
        return selector.ok_or_else(|| trouble("the service has no pod selector set"));
    }
    let labels = &object.metadata.labels;
    if labels.is_empty() {
        return Err(trouble("the pod has no labels and cannot be exposed"));
    }
    Ok(labels.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect())
}

/// Ports of the object, with their protocols.
fn ports_of(object: &Object, list: Option<&Vec<Value>>) -> Vec<(String, String)> {
    let list = list.into_iter().flatten();
    let (ports, number): (Vec<&Value>, &str) = if object.kind == Kind::Service {
        (list.collect(), "port")
    } else {
        (list.flat_map(|container| container.list_at(&["ports"])).collect(), "containerPort")
    };
    let pair = |port: &Value| {
        let protocol = Some(port.str_at(&["protocol"])).filter(|p| !p.is_empty()).unwrap_or("TCP");
        (port.i64_at(&[number]).unwrap_or(0).to_string(), protocol.to_owned())
    };
    ports.into_iter().map(pair).collect()
}

fn service(
    call: &Invocation,
    object: &Object,
    selector: Map<String, Value>,
    list: Option<&Vec<Value>>,
) -> Result<Value, Failure> {
    let args = &call.args;
    let own = ports_of(object, list);
    let numbers: Vec<String> = match args.value("port").filter(|port| !port.is_empty()) {
        Some(given) => given.split(',').map(str::to_owned).collect(),
        None => own.iter().map(|(number, _)| number.clone()).collect(),
    };
    let headless = args.value("cluster-ip") == Some("None");
    if numbers.is_empty() && !headless {
        return Err(Failure::Plain("couldn't find port via --port flag or introspection".to_owned()));
    }
    let mut ports = Vec::new();
    for (at, number) in numbers.iter().enumerate() {
        let port: i64 = number
            .parse()
            .map_err(|_| Failure::Plain(format!("strconv.Atoi: parsing \"{number}\": invalid syntax")))?;
        let known = own.iter().find(|(own, _)| own == number).map_or("TCP", |(_, protocol)| protocol);
        let protocol = args.value("protocol").filter(|p| !p.is_empty()).unwrap_or(known);
        let target = args.value("target-port").map_or_else(|| port.into(), port_or_name);
        let mut entry = json!({"port": port, "protocol": protocol, "targetPort": target});
        if numbers.len() > 1 {
            set_at(&mut entry, &["name"], format!("port-{}", at + 1).into());
        }
        ports.push(entry);
    }
    let name = args.value("name").unwrap_or(&object.metadata.name);
    let mut value = json!({
        "metadata": {"name": name},
        "spec": {"ports": ports, "selector": selector},
        "status": {"loadBalancer": {}},
    });
    let own_labels = object.metadata.labels.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
    let wanted = args.value("labels").map(labels).transpose()?.unwrap_or(own_labels);
    if !wanted.is_empty() {
        set_at(&mut value, &["metadata", "labels"], wanted.into());
    }
    let texts = [
        ("type", "type"),
        ("cluster-ip", "clusterIP"),
        ("load-balancer-ip", "loadBalancerIP"),
        ("session-affinity", "sessionAffinity"),
    ];
    let balances = args.value("type") == Some("LoadBalancer");
    for (flag, member) in texts.into_iter().filter(|(_, member)| balances || *member != "loadBalancerIP") {
        if let Some(text) = args.value(flag).filter(|text| !text.is_empty()) {
            set_at(&mut value, &["spec", member], text.into());
        }
    }
    if let Some(address) = args.value("external-ip") {
        set_at(&mut value, &["spec", "externalIPs"], json!([address]));
    }
    Ok(value)
}
