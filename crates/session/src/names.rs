//! Why a name does not resolve: the nearest name that does, or what keeps the name from being there.
//!
//! A container's resolver says no more than that it found nothing. What was asked for is remembered until somebody acts
//! again, and looked up anew when "Why?" is asked: a name that resolves by then needs no answer.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use client::SharedReason;
use cluster::Cluster;
use coredns::stub::Stub;
use coredns::tools::Output;

use crate::names_reason::NameReason;

/// A name that a command in a container asked for, in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The name as it was typed.
    pub name: String,
    /// The command, so that it can be offered with another name.
    pub line: String,
    /// The Pod that asked; nothing for a tool typed outside of any.
    pub pod: Option<Key>,
    /// Whether the endings of `/etc/resolv.conf` are tried: `dig` does not.
    pub searches: bool,
}

/// Whether a DNS tool has found nothing: `dig` ends with 0 all the same.
pub(crate) fn is_failure(words: &[String], output: &Output) -> bool {
    let is_dig = words.first().is_some_and(|tool| tool.ends_with("dig"));
    let nothing = output.stdout.trim().is_empty() || output.stdout.contains("status: NXDOMAIN");
    output.exit != 0 || is_dig && nothing
}

/// Notes what a DNS tool was asked that found nothing.
pub(crate) fn failed(words: &[String], stub: &Stub<'_>, pod: Option<Key>) -> Option<Lookup> {
    let (tool, rest) = words.split_first()?;
    let tool = tool.rsplit('/').next()?;
    let mut plain = rest.iter().filter(|word| !word.starts_with(['-', '+', '@']));
    let name = match tool {
        "getent" => plain.nth(1)?,
        "dig" | "wget" | "curl" => plain.next_back()?,
        _ => plain.next()?,
    };
    let searches = tool != "dig" || rest.iter().any(|word| word == "+search");
    let lookup = Lookup { name: name.clone(), line: words.join(" "), pod, searches };
    (!lookup.resolves(stub)).then_some(lookup)
}

impl Lookup {
    fn resolves(&self, stub: &Stub<'_>) -> bool {
        let name =
            if self.searches { self.name.clone() } else { format!("{}.", self.name.trim_end_matches('.')) };
        stub.address_of(&name).is_some()
    }

    /// The same command with another name.
    fn with(&self, name: &str) -> String {
        let words = self.line.split(' ').map(|word| if word == self.name { name } else { word });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Why the name does not resolve now; nothing if it does.
pub(crate) fn explain(cluster: &Cluster, lookup: &Lookup) -> Option<SharedReason> {
    let found = lookup.pod.as_ref().map(|key| cluster.store().get(key));
    let outside = Object::new(Kind::Pod, "default", "terminal");
    let asks = match &found {
        Some(None) => return None, // the Pod is gone, and its question with it
        Some(Some(pod)) => pod,
        None => &outside,
    };
    let seen = cluster.seen_by("coredns")?;
    if lookup.resolves(&Stub::new(&seen, asks, cluster.now())) {
        return None;
    }
    let asked = Asked { cluster, lookup, namespace: &asks.metadata.namespace };
    Some(Rc::new(asked.reason()))
}

struct Asked<'a> {
    cluster: &'a Cluster,
    lookup: &'a Lookup,
    namespace: &'a str,
}

impl<'a> Asked<'a> {
    fn get(&self, kind: Kind, namespace: &str, name: &str) -> Option<&'a Rc<Object>> {
        self.cluster.store().get(&Key::new(kind, namespace, name))
    }

    fn reason(&self) -> NameReason {
        let name = self.lookup.name.trim_end_matches('.');
        let name = name.strip_suffix(".cluster.local").unwrap_or(name);
        let name = name.strip_suffix(".svc").unwrap_or(name);
        let parts: Vec<&str> = name.split('.').collect();
        match parts.as_slice() {
            [service] => self.of_service(service, self.namespace),
            [pod, service] if self.get(Kind::Service, self.namespace, service).is_some() => {
                self.of_pod(pod, service, self.namespace)
            }
            [service, namespace] if self.get(Kind::Namespace, "", namespace).is_some() => {
                self.of_service(service, namespace)
            }
            [pod, service] if self.get(Kind::Pod, self.namespace, pod).is_some() => {
                self.no_service(service, Some(pod), self.namespace)
            }
            [pod, service, namespace] if self.get(Kind::Service, namespace, service).is_some() => {
                self.of_pod(pod, service, namespace)
            }
            [pod, service, namespace] if self.get(Kind::Namespace, "", namespace).is_some() => {
                self.no_service(service, Some(pod), namespace)
            }
            _ => NameReason::NotOfTheCluster { name: self.lookup.name.clone(), asked: self.key() },
        }
    }

    /// What the answer is about if there is nothing of that name: who asked.
    fn key(&self) -> Key {
        self.lookup.pod.clone().unwrap_or_else(|| Key::new(Kind::Namespace, "", self.namespace))
    }

    fn of_service(&self, service: &str, namespace: &str) -> NameReason {
        if let Some(found) = self.get(Kind::Service, namespace, service) {
            return self.unpublished(found);
        }
        let pod = self.get(Kind::Pod, namespace, service);
        let subdomain = pod.map(|pod| pod.spec().str_at(&["subdomain"])).unwrap_or_default();
        if let Some(home) = self.get(Kind::Service, namespace, subdomain).filter(|_| pod.is_some()) {
            let (pod, name) = (service.to_owned(), self.lookup.name.clone());
            let full = format!("{service}.{}", home.metadata.name);
            let line = self.lookup.with(&full);
            return NameReason::NeedsItsService { name, pod, service: home.key(), line };
        }
        self.no_service(service, None, namespace)
    }

    /// There is no Service of this name: which one is nearest?
    fn no_service(&self, service: &str, pod: Option<&str>, namespace: &str) -> NameReason {
        let asked = |set: &&Rc<Object>| api::apps::StatefulSet(set).service_name() == service;
        let set = self.cluster.store().list(Kind::StatefulSet, namespace).find(asked).map(|set| set.key());
        let all = self.cluster.store().list(Kind::Service, namespace);
        let near = all.filter(|known| known.metadata.name != "kubernetes").min_by_key(|known| {
            let known = known.metadata.name.as_str();
            let is_part = service.contains(known) || known.contains(service);
            (!is_part, distance(known, service))
        });
        let nearest = near.map(|near| {
            let host = pod.filter(|pod| self.has_name_below(pod, near)).map(|pod| format!("{pod}."));
            let full = match (namespace == self.namespace, host.unwrap_or_default()) {
                (true, host) => format!("{host}{}", near.metadata.name),
                (false, host) => format!("{host}{}.{namespace}", near.metadata.name),
            };
            (near.key(), self.lookup.with(&full))
        });
        NameReason::NoSuchService {
            name: self.lookup.name.clone(),
            service: Key::new(Kind::Service, namespace, service),
            set,
            nearest,
        }
    }

    /// Whether a Pod has a name of its own below a Service.
    fn has_name_below(&self, pod: &str, service: &Object) -> bool {
        let pod = self.get(Kind::Pod, &service.metadata.namespace, pod);
        pod.is_some_and(|pod| pod.spec().str_at(&["subdomain"]) == service.metadata.name)
    }

    fn of_pod(&self, pod: &str, service: &str, namespace: &str) -> NameReason {
        let name = self.lookup.name.clone();
        let (pod_key, service_key) =
            (Key::new(Kind::Pod, namespace, pod), Key::new(Kind::Service, namespace, service));
        let Some(service) = self.cluster.store().get(&service_key) else {
            return NameReason::NotOfTheCluster { name, asked: self.key() };
        };
        if service.spec().str_at(&["clusterIP"]) != "None" {
            let line = self.lookup.with(&service.metadata.name);
            return NameReason::ServiceIsNotHeadless { name, service: service_key, line };
        }
        let Some(found) = self.cluster.store().get(&pod_key) else {
            return NameReason::PodIsNotThere { name, pod: pod_key };
        };
        let subdomain = found.spec().str_at(&["subdomain"]);
        if subdomain != service.metadata.name {
            let right = self.get(Kind::Service, namespace, subdomain).filter(|_| !subdomain.is_empty());
            let line = match right {
                Some(right) => self.lookup.with(&format!("{pod}.{}", right.metadata.name)),
                None => self.lookup.with(&service.metadata.name),
            };
            let subdomain = subdomain.to_owned();
            return NameReason::SubdomainIsNotTheService {
                name,
                pod: pod_key,
                service: service_key,
                subdomain,
                line,
            };
        }
        if !selects(service, found) {
            return NameReason::ServiceSelectsNoSuchPod { name, pod: pod_key, service: service_key };
        }
        NameReason::PodIsNotReady { name, pod: pod_key }
    }

    /// A Service that exists without an address: which of its Pods is the first that is not Ready?
    fn unpublished(&self, service: &Rc<Object>) -> NameReason {
        let name = self.lookup.name.clone();
        let pods = self.cluster.store().list(Kind::Pod, &service.metadata.namespace);
        let pods: Vec<Key> = pods.filter(|pod| selects(service, pod)).map(|pod| pod.key()).collect();
        NameReason::NoReadyEndpoint { name, service: service.key(), pods }
    }
}

/// Whether a Service selects a Pod.
fn selects(service: &Object, pod: &Object) -> bool {
    let labels = service.spec().map_at(&["selector"]).into_iter().flatten();
    let wanted: Vec<(&String, &str)> =
        labels.map(|(label, value)| (label, value.as_str().unwrap_or(""))).collect();
    !wanted.is_empty() && wanted.iter().all(|(label, value)| pod.metadata.label(label) == *value)
}

/// How many letters have to be put in, taken out or replaced to make one name of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, x) in a.bytes().enumerate() {
        let mut before = at;
        let mut last = at + 1;
        for (slot, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let here = (before + usize::from(x != y)).min(last + 1).min(*slot + 1);
            before = std::mem::replace(slot, here);
            last = here;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_of_names_counts_letters() {
        for (a, b, letters) in
            [("web", "web", 0), ("web", "wbe", 2), ("nginx", "ngnix", 2), ("a", "abc", 2), ("", "ab", 2)]
        {
            assert_eq!(distance(a, b), letters, "{a} {b}");
        }
    }
}
