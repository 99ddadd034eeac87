//! What is there after a StatefulSet has been deleted: its claims by design, its Pods for a while.

use std::rc::Rc;

use api::apps::{StatefulSet, parent_and_ordinal};
use api::core::Claim;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;
use client::{Both, Explain, Explanation, FactState, Outlook};

use super::view::{Said, View};

/// A set that is gone, and what it has left.
#[derive(Debug, Clone)]
struct Gone {
    set: Key,
    /// Its claims, by name, and how many of them are bound.
    claims: Vec<Key>,
    bound: usize,
    /// What lies on their volumes, in bytes.
    bytes: usize,
    /// Pods that are still there, and whether they are leaving.
    pods: Vec<Key>,
    are_leaving: bool,
    /// When the last of them is killed at the latest.
    until: Option<String>,
    service: Option<Key>,
    /// The labels by which its claims can be deleted: `app=nginx`.
    selector: String,
    first: i64,
}

/// What is left of a set that is not there any more, if it ever was.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let change = view.run.decisions().gone(view.now).find(|change| change.key == *key)?;
    Some(told(view, change).0)
}

/// The set that was removed last: when that was, what is left of it, and whether anything is.
pub(super) fn latest<'v>(view: &View<'v>) -> Option<(u64, Said<'v>, bool)> {
    let change = view.run.decisions().gone(view.now).find(|change| view.object(&change.key).is_none())?;
    let (said, is_anything_left) = told(view, change);
    Some((change.revision, said, is_anything_left))
}

/// What is left of a set, with the record of its removal, from which it is told how it came to this; and whether
/// anything is left.
fn told<'v>(view: &View<'v>, change: &Change) -> (Said<'v>, bool) {
    let gone = Gone::of(view, change);
    let is_anything_left = !gone.claims.is_empty() || !gone.pods.is_empty();
    let records = view.run.records();
    let at = records.binary_search_by_key(&change.cause, |record| record.id).ok();
    (Said { record: at.and_then(|at| records.get(at)), ..Said::seen(gone) }, is_anything_left)
}

/// Whether a claim is of one of a set's templates.
fn is_claim_of(set: &Object, claim: &str) -> bool {
    StatefulSet(set).claim_templates().iter().any(|template| {
        let prefix = format!("{}-{}-", template.str_at(&["metadata", "name"]), set.metadata.name);
        claim.strip_prefix(prefix.as_str()).is_some_and(|ordinal| ordinal.parse::<u32>().is_ok())
    })
}

fn bytes_on(view: &View<'_>, volume: &str) -> usize {
    let disks = view.cluster().disks();
    let lines = disks.files(volume).flat_map(|file| disks.lines(volume, file));
    lines.map(|line| line.text.len()).sum()
}

impl Gone {
    fn of(view: &View<'_>, change: &Change) -> Self {
        let set = change.object();
        let (namespace, name) = (set.metadata.namespace.as_str(), set.metadata.name.as_str());
        let claims: Vec<&Rc<Object>> = view
            .store()
            .list(Kind::PersistentVolumeClaim, namespace)
            .filter(|claim| is_claim_of(set, &claim.metadata.name))
            .collect();
        let of_set = |pod: &&Rc<Object>| {
            parent_and_ordinal(&pod.metadata.name).is_some_and(|(parent, _)| parent == name)
                && pod.metadata.controller().is_none_or(|owner| owner.uid == set.metadata.uid)
        };
        let pods: Vec<&Rc<Object>> = view.store().list(Kind::Pod, namespace).filter(of_set).collect();
        let deadlines = pods.iter().filter_map(|pod| pod.metadata.deletion_timestamp);
        let service = Key::new(Kind::Service, namespace, StatefulSet(set).service_name());
        let labels = StatefulSet(set).selector().map_at(&["matchLabels"]).into_iter().flatten();
        let labels: Vec<String> =
            labels.map(|(label, value)| format!("{label}={}", value.as_str().unwrap_or(""))).collect();
        Self {
            set: set.key(),
            bound: claims.iter().filter(|claim| Claim(claim).phase() == "Bound").count(),
            bytes: claims.iter().map(|claim| bytes_on(view, Claim(claim).volume_name())).sum(),
            claims: claims.iter().map(|claim| claim.key()).collect(),
            are_leaving: pods.iter().all(|pod| pod.metadata.is_deleting()),
            until: deadlines.max().filter(|at| *at > view.now).map(|at| view.clock(at)),
            pods: pods.iter().map(|pod| pod.key()).collect(),
            service: view.object(&service).map(|service| service.key()),
            selector: labels.join(","),
            first: StatefulSet(set).start(),
        }
    }

    fn sentence(&self) -> Both {
        let name = &self.set.name;
        let (pods, pods_zh) = match (self.pods.len(), self.are_leaving) {
            (0, _) => (String::new(), String::new()),
            (1, true) => (", and its Pod goes with it".to_owned(), "，它的 Pod 也跟着终止".to_owned()),
            (n, true) => (format!(", and its {n} Pods go with it"), format!("，它的 {n} 个 Pod 也跟着终止")),
            (1, false) => {
                (", and its Pod runs on without it".to_owned(), "，它的 Pod 继续独自运行".to_owned())
            }
            (n, false) => {
                (format!(", and its {n} Pods run on without it"), format!("，它的 {n} 个 Pod 继续独自运行"))
            }
        };
        let (claims, claims_zh) = match self.claims.len() {
            0 => (String::new(), String::new()),
            1 => ("1 claim is kept, with its data".to_owned(), "，1 个申领和里面的数据都还在".to_owned()),
            n => (format!("{n} claims are kept, with their data"), format!("，{n} 个申领和里面的数据都还在")),
        };
        let claims = match (claims.as_str(), pods.as_str()) {
            ("", _) => claims,
            (_, "") => format!(", {claims}"),
            _ => format!("; {claims}"),
        };
        if self.pods.is_empty() && self.claims.is_empty() {
            return [
                format!("{name} is deleted, and nothing of it is left."),
                format!("{name} 已删除，什么都没留下。"),
            ];
        }
        [format!("{name} is deleted{pods}{claims}."), format!("{name} 已删除{pods_zh}{claims_zh}。")]
    }

    fn next(&self) -> Option<Both> {
        let (name, first) = (&self.set.name, self.first);
        if let (Some(until), true) = (&self.until, self.are_leaving) {
            return Some([
                format!(
                    "Whichever ends first is gone first, at {until} at the latest. What is kept remains."
                ),
                format!("谁先退出谁先消失，最迟在 {until}。保留的东西都会留下。"),
            ]);
        }
        let claim = self.claims.first().filter(|_| self.pods.is_empty())?;
        let namespace = match &*claim.namespace {
            "default" => String::new(),
            other => format!(" -n {other}"),
        };
        let line = format!("kubectl delete pvc -l {}{namespace}", self.selector);
        Some([
            format!(
                "If you create {name} again, {name}-{first} comes first and finds what its predecessor wrote. To delete the data on purpose: {line}."
            ),
            format!(
                "再创建 {name} 时，{name}-{first} 先来，能读到上一个 {name}-{first} 写的内容。确实不要数据了：{line}。"
            ),
        ])
    }
}

const RETENTION: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention";

impl Explain for Gone {
    fn explain(&self) -> Explanation {
        let name = if self.claims.is_empty() { "SetDeleted" } else { "SetDeletedClaimsKept" };
        let rule = match (self.pods.is_empty(), self.are_leaving, self.claims.is_empty()) {
            (false, true, _) => [
                "Pods of a deleted set go all at once, in no order. Order is a promise of scaling, not of deletion: scale to 0 first if it matters.",
                "StatefulSet 删除后，它的 Pod 同时终止，没有先后。顺序是扩缩容的承诺，不是删除的：在意顺序，就先缩到 0。",
            ],
            (false, false, _) => [
                "With --cascade=orphan the Pods stay. A set that is created with the same selector adopts them.",
                "--cascade=orphan 会留下 Pod。再创建选择器相同的 StatefulSet，就会收养它们。",
            ],
            (true, _, false) => [
                "By design: whenDeleted is Retain unless the set says otherwise. Data is never deleted as a side effect.",
                "这是有意的：whenDeleted 默认是 Retain，StatefulSet 从不顺带删除数据。",
            ],
            (true, _, true) => [
                "A set's Pods and revisions go with it. It has left no claims.",
                "StatefulSet 的 Pod 和修订跟着它一起删除。它没有留下申领。",
            ],
        };
        let mut explanation = Explanation::deed(name, &self.set, self.sentence(), rule, RETENTION);
        if let Some(claim) = self.claims.first() {
            let (all, bound, bytes) = (self.claims.len(), self.bound, self.bytes);
            let text = [
                format!("claims: {all}, {bound} of them Bound, {bytes} B in all"),
                format!("申领 {all} 个，其中 {bound} 个 Bound，共 {bytes} B"),
            ];
            explanation = explanation.fact(FactState::Satisfied, claim, text);
        }
        if let Some(service) = &self.service {
            let text = [
                format!("the Service {} is still there", service.name),
                format!("Service {} 还在", service.name),
            ];
            explanation = explanation.fact(FactState::Satisfied, service, text);
        }
        if let Some(pod) = self.pods.first() {
            let n = self.pods.len();
            let text = if self.are_leaving {
                [format!("Pods that are terminating: {n}"), format!("正在终止的 Pod：{n} 个")]
            } else {
                [format!("Pods without an owner: {n}"), format!("没有属主的 Pod：{n} 个")]
            };
            explanation = explanation.fact(FactState::NotYet, pod, text);
        }
        match self.next() {
            Some(next) => explanation.next(next).outlook(Outlook::Passes),
            None => explanation,
        }
    }
}
