//! A fault as JSON, for what is kept of a session: `{"StopKubelet": {"node": "node-1"}}`.
//!
//! Written by hand: the code that serde would derive for each variant is thirty times longer, and the page
//! is downloaded.

use std::time::Duration;

use apimachinery::value::ValueExt;
use serde_json::{Map, Value};

use crate::input::Fault;

impl From<Fault> for Value {
    fn from(fault: Fault) -> Self {
        let (name, facts) = parts(fault);
        let facts: Map<String, Self> =
            facts.into_iter().map(|(member, value)| (member.to_owned(), value)).collect();
        Self::Object(Map::from_iter([(name.to_owned(), Self::Object(facts))]))
    }
}

fn parts(fault: Fault) -> (&'static str, Parts) {
    match fault {
        Fault::StopKubelet { node } => ("StopKubelet", vec![("node", node.into())]),
        Fault::StartKubelet { node } => ("StartKubelet", vec![("node", node.into())]),
        Fault::PowerOff { node } => ("PowerOff", vec![("node", node.into())]),
        Fault::PowerOn { node } => ("PowerOn", vec![("node", node.into())]),
        Fault::CrashContainer { namespace, pod, container, exit_code } => {
            let mut parts = of_container(namespace, pod, container);
            parts.push(("exit_code", exit_code.into()));
            ("CrashContainer", parts)
        }
        Fault::ForceReady { namespace, pod, ready } => (
            "ForceReady",
            vec![("namespace", namespace.into()), ("pod", pod.into()), ("ready", ready.into())],
        ),
        Fault::SetImageBehaviour { image, behaviour } => {
            ("SetImageBehaviour", vec![("image", image.into()), ("behaviour", behaviour.into())])
        }
        Fault::StallWatches { process, lasts } => {
            ("StallWatches", vec![("process", process.into()), ("lasts", micros(lasts))])
        }
        Fault::LoseWatches { process, lasts } => {
            ("LoseWatches", vec![("process", process.into()), ("lasts", micros(lasts))])
        }
        Fault::RestartController { name } => ("RestartController", vec![("name", name.into())]),
        Fault::RunOutOfMemory { namespace, pod, container } => {
            ("RunOutOfMemory", of_container(namespace, pod, container))
        }
        Fault::Hang { namespace, pod, container, hangs } => {
            ("Hang", with(of_container(namespace, pod, container), "hangs", hangs))
        }
        Fault::IgnoreSigterm { namespace, pod, container, ignores } => {
            ("IgnoreSigterm", with(of_container(namespace, pod, container), "ignores", ignores))
        }
        Fault::CutNetwork { node } => ("CutNetwork", vec![("node", node.into())]),
        Fault::RestoreNetwork { node } => ("RestoreNetwork", vec![("node", node.into())]),
        Fault::StopProcess { process } => ("StopProcess", vec![("process", process.into())]),
        Fault::StartProcess { process } => ("StartProcess", vec![("process", process.into())]),
        Fault::FillDisk { volume, is_full } => {
            ("FillDisk", vec![("volume", volume.into()), ("is_full", is_full.into())])
        }
        Fault::HoldVolume { volume, is_held } => {
            ("HoldVolume", vec![("volume", volume.into()), ("is_held", is_held.into())])
        }
        Fault::SlowApiServer { by } => ("SlowApiServer", vec![("by", micros(by))]),
        Fault::SlowProvisioner { by } => ("SlowProvisioner", vec![("by", micros(by))]),
        Fault::FailProvisioner { message } => ("FailProvisioner", vec![("message", message.into())]),
    }
}

type Parts = Vec<(&'static str, Value)>;

fn of_container(namespace: String, pod: String, container: String) -> Parts {
    vec![("namespace", namespace.into()), ("pod", pod.into()), ("container", container.into())]
}

fn with(mut parts: Parts, member: &'static str, value: bool) -> Parts {
    parts.push((member, value.into()));
    parts
}

fn micros(duration: Duration) -> Value {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).into()
}

impl TryFrom<Value> for Fault {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let (name, facts) = value.as_object().and_then(|parts| parts.iter().next()).ok_or("not a fault")?;
        let text = |member: &str| facts.str_at(&[member]).to_owned();
        let duration = |member: &str| {
            let micros = facts.at(&[member]).and_then(Value::as_u64).ok_or("not a duration")?;
            Ok::<_, Self::Error>(Duration::from_micros(micros))
        };
        // What a fault lasts for is on unless it is said to be off.
        let is_on = |member: &str| facts.at(&[member]).and_then(Value::as_bool).unwrap_or(true);
        let (namespace, pod, container) = (text("namespace"), text("pod"), text("container"));
        Ok(match name.as_str() {
            "StopKubelet" => Self::StopKubelet { node: text("node") },
            "StartKubelet" => Self::StartKubelet { node: text("node") },
            "PowerOff" => Self::PowerOff { node: text("node") },
            "PowerOn" => Self::PowerOn { node: text("node") },
            "CrashContainer" => Self::CrashContainer {
                namespace,
                pod,
                container,
                exit_code: facts
                    .i64_at(&["exit_code"])
                    .and_then(|code| i32::try_from(code).ok())
                    .unwrap_or(1),
            },
            "ForceReady" => {
                Self::ForceReady { namespace, pod, ready: facts.at(&["ready"]).and_then(Value::as_bool) }
            }
            "SetImageBehaviour" => {
                Self::SetImageBehaviour { image: text("image"), behaviour: text("behaviour") }
            }
            "StallWatches" => Self::StallWatches { process: text("process"), lasts: duration("lasts")? },
            "LoseWatches" => Self::LoseWatches { process: text("process"), lasts: duration("lasts")? },
            "RestartController" => Self::RestartController { name: text("name") },
            "RunOutOfMemory" => Self::RunOutOfMemory { namespace, pod, container },
            "Hang" => Self::Hang { namespace, pod, container, hangs: is_on("hangs") },
            "IgnoreSigterm" => Self::IgnoreSigterm { namespace, pod, container, ignores: is_on("ignores") },
            "CutNetwork" => Self::CutNetwork { node: text("node") },
            "RestoreNetwork" => Self::RestoreNetwork { node: text("node") },
            "StopProcess" => Self::StopProcess { process: text("process") },
            "StartProcess" => Self::StartProcess { process: text("process") },
            "FillDisk" => Self::FillDisk { volume: text("volume"), is_full: is_on("is_full") },
            "HoldVolume" => Self::HoldVolume { volume: text("volume"), is_held: is_on("is_held") },
            "SlowApiServer" => Self::SlowApiServer { by: duration("by")? },
            "SlowProvisioner" => Self::SlowProvisioner { by: duration("by")? },
            "FailProvisioner" => Self::FailProvisioner { message: text("message") },
            _ => return Err("no such fault"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let (node, namespace, pod) = ("node-1".to_owned(), "default".to_owned(), "web-0".to_owned());
        let faults = [
            Fault::StopKubelet { node: node.clone() },
            Fault::StartKubelet { node: node.clone() },
            Fault::PowerOff { node: node.clone() },
            Fault::PowerOn { node },
            Fault::CrashContainer {
                namespace: namespace.clone(),
                pod: pod.clone(),
                container: "nginx".to_owned(),
                exit_code: 137,
            },
            Fault::ForceReady { namespace: namespace.clone(), pod: pod.clone(), ready: Some(false) },
            Fault::ForceReady { namespace: namespace.clone(), pod: pod.clone(), ready: None },
            Fault::RunOutOfMemory {
                namespace: namespace.clone(),
                pod: pod.clone(),
                container: "nginx".to_owned(),
            },
            Fault::Hang {
                namespace: namespace.clone(),
                pod: pod.clone(),
                container: String::new(),
                hangs: false,
            },
            Fault::IgnoreSigterm { namespace, pod, container: String::new(), ignores: true },
            Fault::CutNetwork { node: "node-1".to_owned() },
            Fault::RestoreNetwork { node: "node-1".to_owned() },
            Fault::StopProcess { process: "kube-scheduler".to_owned() },
            Fault::StartProcess { process: "kube-scheduler".to_owned() },
            Fault::FillDisk { volume: "pvc-1".to_owned(), is_full: true },
            Fault::HoldVolume { volume: "pvc-1".to_owned(), is_held: false },
            Fault::SlowApiServer { by: Duration::from_secs(2) },
            Fault::SetImageBehaviour { image: "nginx".to_owned(), behaviour: "crash".to_owned() },
            Fault::StallWatches { process: "kube-scheduler".to_owned(), lasts: Duration::from_millis(1_500) },
            Fault::LoseWatches { process: "coredns".to_owned(), lasts: Duration::from_secs(20) },
            Fault::RestartController { name: "statefulset-controller".to_owned() },
            Fault::SlowProvisioner { by: Duration::ZERO },
            Fault::FailProvisioner { message: "no space".to_owned() },
        ];
        for fault in faults {
            assert_eq!(Fault::try_from(Value::from(fault.clone())), Ok(fault));
        }
        assert!(Fault::try_from(Value::from("StopKubelet")).is_err());
    }
}
