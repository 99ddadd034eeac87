//! What a fault does to a cluster, and which are in force.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind};
use apimachinery::sorted::SortedSet;
use controller_manager::attachdetach::{self, AttachDetach};
use csi::Provisioner;
use kubelet::Kubelet;

use crate::agenda::Due;
use crate::agents::AnyAgent;
use crate::cluster::Cluster;
use crate::input::Fault;

/// The name that means the provisioners of all classes.
pub const PROVISIONERS: &str = "csi-provisioner";
/// The process with the controllers.
pub const CONTROLLERS: &str = "kube-controller-manager";
/// The process that finds nodes for Pods.
pub const SCHEDULER: &str = "kube-scheduler";

impl Cluster {
    /// Lets a fault happen. One that finds nothing to happen to does nothing.
    pub(crate) fn fault(&mut self, fault: &Fault) {
        match fault {
            Fault::StopKubelet { node } => self.on_kubelet(node, Kubelet::stop),
            Fault::StartKubelet { node } => self.on_kubelet(node, Kubelet::start),
            Fault::PowerOff { node } => self.on_kubelet(node, Kubelet::power_off),
            Fault::PowerOn { node } => self.on_kubelet(node, Kubelet::power_on),
            Fault::CrashContainer { namespace, pod, container, exit_code } => {
                let node = self.node_of(namespace, pod);
                self.on_kubelet(&node, |k, now| k.crash(namespace, pod, container, *exit_code, now));
            }
            Fault::RunOutOfMemory { namespace, pod, container } => {
                let node = self.node_of(namespace, pod);
                self.on_kubelet(&node, |k, now| k.run_out_of_memory((namespace, pod, container), now));
            }
            Fault::Hang { namespace, pod, container, hangs } => {
                let node = self.node_of(namespace, pod);
                self.on_kubelet(&node, |k, now| k.hang((namespace, pod, container), *hangs, now));
            }
            Fault::IgnoreSigterm { namespace, pod, container, ignores } => {
                let node = self.node_of(namespace, pod);
                self.on_kubelet(&node, |k, _| k.ignore_sigterm((namespace, pod, container), *ignores));
            }
            Fault::ForceReady { namespace, pod, ready } => {
                let node = self.node_of(namespace, pod);
                self.on_kubelet(&node, |k, now| k.force_ready(namespace, pod, *ready, now));
            }
            Fault::SetImageBehaviour { image, behaviour } => {
                self.on_kubelets(|k, now| k.set_image_behaviour(image, behaviour, now));
            }
            Fault::CutNetwork { node } => self.set_cut(node, true),
            Fault::RestoreNetwork { node } => self.set_cut(node, false),
            Fault::StallWatches { process, lasts } => {
                let until = self.now + *lasts;
                for p in self.processes.iter_mut().filter(|p| p.name == *process) {
                    p.stalled_until = Some(until);
                }
            }
            Fault::LoseWatches { process, lasts } => self.lose_watches(process, *lasts),
            Fault::RestartController { name } => self.restart_controller(name),
            Fault::StopProcess { process } => self.stop_process(process),
            Fault::StartProcess { process } => self.start_process_again(process),
            Fault::FillDisk { volume, is_full } => {
                self.disks.fill(volume, *is_full);
                self.on_kubelets(|k, _| k.fill_disk(volume, *is_full));
            }
            Fault::HoldVolume { volume, is_held } => self.hold_volume(volume, *is_held),
            Fault::SlowApiServer { by } => self.slower_by = *by,
            Fault::SlowProvisioner { by } => self.on_provisioners(|p| p.set_delay(*by)),
            Fault::FailProvisioner { message } => self.on_provisioners(|p| p.set_failure(message)),
        }
    }

    fn on_kubelets(&mut self, act: impl Fn(&mut Kubelet, apimachinery::Time)) {
        let nodes: Vec<String> =
            self.agents.iter().filter_map(|a| a.kubelet().map(|k| k.node().to_owned())).collect();
        for node in nodes {
            self.on_kubelet(&node, &act);
        }
    }

    fn on_provisioners(&mut self, act: impl Fn(&mut Provisioner)) {
        for state in &mut self.agents {
            if let AnyAgent::Provisioner(provisioner) = &mut state.agent {
                act(provisioner);
            }
        }
        for at in 0..self.agents.len() {
            self.schedule_agent_now(at);
        }
    }

    /// Cuts the kubelet of a node off, or lets it hear again: then it is told what it has missed.
    fn set_cut(&mut self, node: &str, is_cut: bool) {
        let name = format!("kubelet/{node}");
        let Some(at) = self.processes.iter().position(|p| p.name == name) else { return };
        let Some(process) = self.processes.get_mut(at).filter(|p| p.is_cut != is_cut) else { return };
        process.is_cut = is_cut;
        if is_cut {
            return;
        }
        for kind in process.pending.keys().copied().collect::<Vec<_>>() {
            let due = self.now + self.config.watch_lag.draw(&mut self.lag);
            self.agenda.put(due, Due::Deliver { process: at, kind });
        }
    }

    /// The processes that a fault means: only those that can end and start again.
    fn processes_called(&self, name: &str) -> Vec<usize> {
        let can = |known: &str| match name {
            CONTROLLERS | SCHEDULER => known == name,
            PROVISIONERS => known.starts_with("csi-provisioner/"),
            _ => false,
        };
        let found = self.processes.iter().enumerate().filter(|(_, process)| can(&process.name));
        found.map(|(at, _)| at).collect()
    }

    fn stop_process(&mut self, name: &str) {
        for at in self.processes_called(name) {
            let Some(process) = self.processes.get_mut(at).filter(|p| !p.is_stopped) else { continue };
            process.is_stopped = true;
            process.pending.clear();
            process.lost.clear();
            process.stalled_until = None;
            let (controllers, agents) = (process.controllers.clone(), process.agents.clone());
            for controller in controllers {
                self.end_controller(controller);
            }
            for agent in agents {
                self.end_agent(agent);
            }
        }
    }

    fn start_process_again(&mut self, name: &str) {
        let revision = self.api.store().revision();
        for at in self.processes_called(name) {
            let Some(process) = self.processes.get_mut(at).filter(|p| p.is_stopped) else { continue };
            process.is_stopped = false;
            process.catch_up_idle(revision);
            let (controllers, agents) = (process.controllers.clone(), process.agents.clone());
            for controller in controllers {
                self.start_controller(controller);
            }
            for agent in agents {
                self.start_agent(agent);
            }
        }
    }

    /// Tells the attach/detach controller what its drivers do. What is let go is tried again at once, where the real
    /// one waits out its back-off of up to two minutes.
    fn hold_volume(&mut self, volume: &str, is_held: bool) {
        let has_changed =
            if is_held { self.held.insert(volume.to_owned()) } else { self.held.remove(volume) };
        let found = self.controllers.iter().position(|c| c.controller.name() == attachdetach::NAME);
        let Some(at) = found.filter(|_| has_changed) else { return };
        let nodes: Vec<Key> = self.api.store().list(Kind::Node, "").map(|node| node.key()).collect();
        let Some(state) = self.controllers.get_mut(at) else { return };
        state.controller = Rc::new(AttachDetach::with_stuck(self.held.clone()));
        let is_up = self.processes.get(state.process).is_some_and(|process| !process.is_stopped);
        if is_up && !is_held {
            for node in nodes {
                state.queue.add(node, 0);
            }
            self.schedule_work(at);
        }
    }

    /// Whether a node is cut off from the network.
    pub fn is_cut_off(&self, node: &str) -> bool {
        let name = format!("kubelet/{node}");
        self.processes.iter().any(|process| process.is_cut && process.name == name)
    }

    /// Whether there is a process of this name that can end.
    pub fn can_stop(&self, process: &str) -> bool {
        !self.processes_called(process).is_empty()
    }

    /// Whether there is a controller of this name.
    pub fn has_controller(&self, name: &str) -> bool {
        self.controllers.iter().any(|state| state.controller.name() == name)
    }

    /// Whether a process that can end ([`CONTROLLERS`], [`SCHEDULER`], [`PROVISIONERS`]) has ended.
    pub fn is_stopped(&self, process: &str) -> bool {
        let all = self.processes_called(process);
        all.iter().filter_map(|at| self.processes.get(*at)).any(|process| process.is_stopped)
    }

    /// The PersistentVolumes that no driver detaches.
    pub fn held_volumes(&self) -> &SortedSet<String> {
        &self.held
    }

    /// How much longer than usual each request of a component takes.
    pub fn slower_by(&self) -> Duration {
        self.slower_by
    }
}
