//! The first objects and the components around them.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, Body, Request, Verb, WriteOptions};
use client::Controller;
use csi::Provisioner;
use kubelet::Kubelet;
use serde_json::{Value, json};

use crate::agents::{AgentState, AnyAgent};
use crate::cluster::{Cluster, StepLog};
use crate::config::NodeSpec;
use crate::process::Process;
use crate::work::ControllerState;

/// Namespaces that every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

impl Cluster {
    pub(crate) fn bootstrap(&mut self) {
        let mut log = StepLog::default();
        for name in NAMESPACES {
            self.make(Object::new(Kind::Namespace, "", name), &mut log);
        }
        for (at, node) in self.config.nodes.clone().iter().enumerate() {
            self.make_node(node, at, &mut log);
        }
        for manifest in self.config.objects.clone() {
            self.make_manifest(manifest, &mut log);
        }
        self.start_components();
    }

    fn make(&mut self, object: Object, log: &mut StepLog) {
        let request = Request::create(&Actor::component("bootstrap"), object);
        let answer = self.request(&request, 0, log);
        debug_assert!(answer.is_ok(), "{answer:?}");
    }

    /// A manifest of the configuration; a refusal is a mistake of whoever wrote the configuration.
    fn make_manifest(&mut self, manifest: Value, log: &mut StepLog) {
        let kind = Kind::from_manifest(manifest.str_at(&["apiVersion"]), manifest.str_at(&["kind"]));
        let Some(kind) = kind else {
            debug_assert!(false, "unknown kind in {manifest}");
            return;
        };
        let object = Object::from_value(kind, manifest.clone());
        let mut key = object.key();
        if kind.info().namespaced && key.namespace.is_empty() {
            key.namespace = "default".into();
        }
        let verb = Verb::Create(Body::Untyped(manifest), WriteOptions::default());
        let request = Request { actor: Actor::component("bootstrap"), key, verb };
        let answer = self.request(&request, 0, log);
        debug_assert!(answer.is_ok(), "{answer:?}");
    }

    fn make_node(&mut self, spec: &NodeSpec, index: usize, log: &mut StepLog) {
        let mut node = Object::new(Kind::Node, "", &spec.name);
        for (key, value) in [
            ("beta.kubernetes.io/arch", "amd64"),
            ("beta.kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
            ("kubernetes.io/hostname", spec.name.as_str()),
            ("kubernetes.io/os", "linux"),
        ] {
            node.metadata.labels.insert(key.to_owned(), value.to_owned());
        }
        node.set_field(
            "spec",
            json!({"podCIDR": format!("10.244.{}.0/24", index + 1),
            "podCIDRs": [format!("10.244.{}.0/24", index + 1)]}),
        );
        self.make(node, log);
        let mut lease = Object::new(Kind::Lease, "kube-node-lease", &spec.name);
        let renewed = self.now.rfc3339_micro();
        lease.set_field(
            "spec",
            json!({"holderIdentity": spec.name, "leaseDurationSeconds": 40, "renewTime": renewed}),
        );
        self.make(lease, log);
        let key = api::Key::new(Kind::Node, "", spec.name.as_str());
        let Some(stored) = self.api.store().get(&key) else { return };
        let mut node = Object::clone(stored);
        node.set_field("status", node_status(spec, index, &self.now.rfc3339()));
        let request = Request::update_status(&Actor::kubelet(&spec.name), node);
        let answer = self.request(&request, 0, log);
        debug_assert!(answer.is_ok(), "{answer:?}");
    }

    fn start_components(&mut self) {
        let seed = self.config.seed;
        let mut managers = controller_manager::controllers();
        if !self.config.node_lifecycle {
            managers.retain(|c| !controller_manager::NODE_LIFECYCLE.contains(&c.name()));
        }
        self.start_process("kube-controller-manager", managers, Vec::new());
        self.start_process("kube-scheduler", vec![scheduler::controller(seed)], Vec::new());
        let dns = [Kind::Service, Kind::EndpointSlice, Kind::Namespace];
        self.processes.push(Process::new("coredns", &dns, self.api.store().revision()));
        for name in self.config.provisioners.clone() {
            let agent = AnyAgent::Provisioner(Box::new(Provisioner::new(&name, seed)));
            self.start_process(&format!("csi-provisioner/{name}"), Vec::new(), vec![agent]);
        }
        if self.config.kubelets {
            for node in self.config.nodes.clone() {
                let kubelet = Kubelet::new(&node.name, seed, Rc::clone(&self.config.images));
                let agent = AnyAgent::Kubelet(Box::new(kubelet));
                self.start_process(&format!("kubelet/{}", node.name), Vec::new(), vec![agent]);
            }
        }
    }

    fn start_process(&mut self, name: &str, controllers: Vec<Rc<dyn Controller>>, agents: Vec<AnyAgent>) {
        let at = self.processes.len();
        let mut kinds: Vec<Kind> = controllers.iter().flat_map(|c| c.watches()).copied().collect();
        for agent in &agents {
            kinds.extend(match agent {
                AnyAgent::Kubelet(k) => client::Agent::watches(k.as_ref()),
                AnyAgent::Provisioner(p) => client::Agent::watches(p.as_ref()),
            });
        }
        let mut process = Process::new(name, &kinds, self.api.store().revision());
        for controller in controllers {
            process.controllers.push(self.controllers.len());
            self.controllers.push(ControllerState::new(controller, at));
        }
        for agent in agents {
            process.agents.push(self.agents.len());
            self.agents.push(AgentState::new(agent, at));
        }
        let (controllers, agents) = (process.controllers.clone(), process.agents.clone());
        self.processes.push(process);
        for controller in controllers {
            self.start_controller(controller);
        }
        for agent in agents {
            self.start_agent(agent);
        }
    }
}

fn node_status(spec: &NodeSpec, index: usize, now: &str) -> Value {
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({"type": kind, "status": status, "reason": reason, "message": message,
               "lastHeartbeatTime": now, "lastTransitionTime": now})
    };
    let size = json!({"cpu": spec.cpu, "memory": spec.memory, "pods": spec.pods.to_string(),
        "ephemeral-storage": "100Gi", "hugepages-2Mi": "0", "hugepages-1Gi": "0"});
    json!({
        "capacity": size.clone(), "allocatable": size,
        "conditions": [
            condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ],
        "addresses": [
            {"type": "InternalIP", "address": format!("192.168.49.{}", index + 2)},
            {"type": "Hostname", "address": spec.name},
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": format!("{:032x}", index + 1), "systemUUID": format!("{:032x}", index + 1),
            "bootID": format!("{:032x}", index + 1), "kernelVersion": "6.12.0",
            "osImage": "Debian GNU/Linux 13 (trixie)", "containerRuntimeVersion": "containerd://2.1.4",
            "kubeletVersion": "v1.36.3", "kubeProxyVersion": "", "operatingSystem": "linux",
            "architecture": "amd64",
        },
    })
}
