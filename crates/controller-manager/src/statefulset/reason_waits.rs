//! What the StatefulSet controller says while it waits, or is refused.

use api::{Key, Kind};
use apimachinery::Lang;
use client::{Both, Explanation, FactState, Outlook, Reason};

use super::reason::{DOCS, Owed, StatefulSetReason, Waiting, short};

const ORDER: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees";
const ROLLING: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates";
const MANAGEMENT: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-management-policies";
const AVAILABLE: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#minimum-ready-seconds";
const STORAGE: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage";
const RETENTION: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention";

const ONE_BY_ONE: [&str; 2] = [
    "With OrderedReady, Pods are handled from the lowest ordinal up, and every sync stops at the first one that is not Running and Ready.",
    "OrderedReady 按序号从小到大处理 Pod，每次同步遇到第一个没有 Running 且 Ready 的就停下。",
];
const FROM_THE_TOP: [&str; 2] = [
    "A rolling update replaces one Pod at a time, from the highest ordinal down. With OrderedReady, a sync that meets a Pod that is not Running and Ready stops there, before the update.",
    "滚动更新从最大序号起，一次替换一个 Pod。OrderedReady 的同步遇到没有 Running 且 Ready 的 Pod 就停下，走不到更新那一步。",
];
const CONDEMNED: [&str; 2] = [
    "With OrderedReady, Pods beyond the range go one at a time from the highest ordinal, and only while all others are healthy.",
    "OrderedReady 下，超出范围的 Pod 从最大序号起一次删一个，而且其余的 Pod 都要健康。",
];
const RETRIED: [&str; 2] = [
    "An error ends the sync. It is tried again after 5 ms, 10 ms, 20 ms and so on, up to 1000 s.",
    "出错就结束这次同步，之后隔 5 毫秒、10 毫秒、20 毫秒……再试，最长隔 1000 秒。",
];

/// Whether a word of Kubernetes' means a container that time alone may not start.
pub(super) fn ails(word: &str) -> bool {
    word.ends_with("BackOff")
        || word.ends_with("Error")
        || word.contains("Err")
        || word.starts_with("Invalid")
}

/// How a Pod is that is not Ready, by Kubernetes' word for it.
pub(super) fn is_word(pod: &str, word: &str) -> Both {
    match word {
        "Running" => [format!("{pod} is Running, but not Ready"), format!("{pod} 是 Running，但还没就绪")],
        "Unschedulable" => {
            [format!("{pod} has no node (Unschedulable)"), format!("{pod} 还没有节点可去（Unschedulable）")]
        }
        "" => [format!("{pod} is not there"), format!("{pod} 还不存在")],
        _ => [format!("{pod} is {word}"), format!("{pod} 的状态是 {word}")],
    }
}

/// Who waits, and how it is meanwhile.
fn state(set: &Key, waiting: Option<&Waiting>, pod: &Key) -> Both {
    let (who, en, zh) = match waiting.filter(|(who, _)| who != pod) {
        Some((who, Owed::Creation)) => (who, "is not created yet", "还没有创建"),
        Some((who, Owed::Removal)) => (who, "is not deleted yet", "还没有删除"),
        Some((who, Owed::Update(..))) => (who, "stays on the old revision", "仍是旧修订"),
        None => (set, "waits", "在等待"),
    };
    [format!("{} {en}", who.name), format!("{} {zh}", who.name)]
}

/// A wait for `pod`; the rule and its page follow from what is owed to the one that waits.
fn wait(
    name: &'static str,
    (set, waiting, pod): (&Key, Option<&Waiting>, &Key),
    cause: Both,
    rule: [&'static str; 2],
    doc: &'static str,
) -> Explanation {
    let subject = waiting.map_or(set, |(who, _)| who);
    let (rule, doc) = match waiting {
        Some((_, Owed::Update(..))) => (FROM_THE_TOP, ROLLING),
        Some((_, Owed::Creation | Owed::Removal)) | None => (rule, doc),
    };
    Explanation::because(name, subject, state(set, waiting, pod), cause, rule, doc).waits_for(pod.clone())
}

/// Adds that the one that waits is outdated.
fn with_revision(explanation: Explanation, waiting: Option<&Waiting>) -> Explanation {
    let Some((pod, Owed::Update(has, wanted))) = waiting else { return explanation };
    explanation.fact(FactState::NotYet, pod, on_revision(pod, has, wanted))
}

/// Which revision a Pod is on, and which one it should have.
pub(super) fn on_revision(pod: &Key, has: &str, wanted: &str) -> Both {
    let (has, wanted) = (short(has), short(wanted));
    [
        format!("{} is on {has}, wanted {wanted}", pod.name),
        format!("{} 用的是 {has}，应为 {wanted}", pod.name),
    ]
}

/// What comes after the wait for `pod`.
fn with_turn(explanation: Explanation, waiting: Option<&Waiting>, pod: &Key) -> Explanation {
    match waiting {
        Some((who, _)) if who != pod => explanation.then([
            format!("As soon as {} is Ready it is {}'s turn.", pod.name, who.name),
            format!("{} 一就绪，就轮到 {}。", pod.name, who.name),
        ]),
        _ => explanation,
    }
}

/// A Pod that is not made, or not put right, because the API server says no.
fn refused(name: &'static str, pod: &Key, state: Both, cause: Both, doc: &'static str) -> Explanation {
    Explanation::because(name, pod, state, cause, RETRIED, doc)
        .waits_for(pod.clone())
        .outlook(Outlook::Retries)
}

fn not_created(pod: &Key) -> Both {
    [format!("{} is not created", pod.name), format!("{} 创建不了", pod.name)]
}

/// `kubectl delete pod` for a Pod.
pub(super) fn deletion(pod: &Key) -> String {
    let namespace = match &*pod.namespace {
        "default" => String::new(),
        other => format!(" -n {other}"),
    };
    let kind = Kind::Pod.info().singular;
    format!("kubectl delete {kind} {}{namespace}", pod.name)
}

impl StatefulSetReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    pub(super) fn explain_wait(&self) -> Explanation {
        match self {
            Self::WaitsForReadyPredecessor { set, pod, waiting, word } => {
                let waiting = waiting.as_ref();
                let cause = [format!("{} is not Ready", pod.name), format!("{} 还没就绪", pod.name)];
                let read = if ails(word) { FactState::Wrong } else { FactState::NotYet };
                let named = "WaitsForReadyPredecessor";
                let waits = wait(named, (set, waiting, pod), cause, ONE_BY_ONE, ORDER)
                    .fact(read, pod, is_word(&pod.name, word));
                let waits = with_turn(with_revision(waits, waiting), waiting, pod);
                if ails(word) { waits.next(ailing(&pod.name)) } else { waits }
            }
            Self::WaitsForAvailable { set, pod, waiting, seconds } => {
                let waiting = waiting.as_ref();
                let cause = [
                    format!("{} has not been Ready for {seconds} s", pod.name),
                    format!("{} 就绪还不满 {seconds} 秒", pod.name),
                ];
                let rule = [
                    "With minReadySeconds, Ready is not enough: a Pod counts when it has stayed Ready for that long.",
                    "设置了 minReadySeconds，光是 Ready 还不够，要连续就绪这么久才算数。",
                ];
                let read = [
                    format!("{} is Ready, but not for {seconds} s yet", pod.name),
                    format!("{} 已就绪，但还不满 {seconds} 秒", pod.name),
                ];
                let waits = wait("WaitsForAvailable", (set, waiting, pod), cause, rule, AVAILABLE);
                let waits = with_revision(waits.fact(FactState::NotYet, pod, read), waiting);
                match waiting {
                    Some((who, _)) if who != pod => waits.then([
                        format!("When {} has been Ready for {seconds} s, it is {}'s turn.", pod.name, who.name),
                        format!("{} 就绪满 {seconds} 秒，就轮到 {}。", pod.name, who.name),
                    ]),
                    _ => waits,
                }
            }
            Self::WaitsForTermination { set, pod, returns, waiting } => {
                let waiting = waiting.as_ref();
                let cause = [format!("{} is terminating", pod.name), format!("{} 正在终止", pod.name)];
                let rule = [
                    "A name belongs to one Pod at a time, so it must be free first. With OrderedReady nothing else is done while a Pod of the set is leaving.",
                    "同一个名字同时只能有一个 Pod，要先等它空出来。OrderedReady 下，有 Pod 正在离开时不做别的事。",
                ];
                let read = [
                    format!("{} has a deletionTimestamp", pod.name),
                    format!("{} 带有 deletionTimestamp", pod.name),
                ];
                let waits = wait("WaitsForTermination", (set, waiting, pod), cause, rule, ORDER);
                let waits = with_revision(waits.fact(FactState::NotYet, pod, read), waiting);
                if *returns {
                    waits.then([
                        format!("When {} is gone it is created again under the same name.", pod.name),
                        format!("{} 消失后，会以同样的名字重建。", pod.name),
                    ])
                } else {
                    waits
                }
            }
            Self::AllAtOnce { set, pod, ready, replicas } => Explanation::because(
                "AllAtOnce",
                set,
                [format!("{} is not complete yet", set.name), format!("{} 还没全部就绪", set.name)],
                [format!("{} is not Ready", pod.name), format!("{} 还没就绪", pod.name)],
                [
                    "With Parallel all Pods are made at once, and none of them waits for another.",
                    "Parallel 会同时创建所有 Pod，谁也不等谁。",
                ],
                MANAGEMENT,
            )
            .waits_for(pod.clone())
            .fact(
                FactState::NotYet,
                set,
                [
                    format!("{ready} of {replicas} Pods are Ready"),
                    format!("{replicas} 个 Pod 里有 {ready} 个就绪"),
                ],
            ),
            Self::UnhealthyCondemnedBlocked { pod, blocker, .. } => {
                let by = blocker.as_ref().unwrap_or(pod);
                let cause = match blocker {
                    Some(by) => [format!("{} is not healthy", by.name), format!("{} 不健康", by.name)],
                    None => ["it is not healthy".to_owned(), "它自己不健康".to_owned()],
                };
                Explanation::because(
                    "UnhealthyCondemnedBlocked",
                    pod,
                    [format!("{} is not deleted yet", pod.name), format!("{} 还没有删除", pod.name)],
                    cause,
                    CONDEMNED,
                    ORDER,
                )
                .waits_for(by.clone())
                .fact(
                    FactState::Wrong,
                    by,
                    [format!("{} is not healthy", by.name), format!("{} 不健康", by.name)],
                )
                .next([
                    format!("When {} is Ready, or has been deleted, the surplus Pods go.", by.name),
                    format!("{} 就绪之后，或者把它删掉，多余的 Pod 才会继续删除。", by.name),
                ])
            }
            Self::StaleClaimBlocks { pod, .. } => Explanation::because(
                "StaleClaimBlocks",
                pod,
                [format!("{} is not created yet", pod.name), format!("{} 还没有创建", pod.name)],
                [
                    "its claim still belongs to its predecessor".to_owned(),
                    "它的申领还归上一个 Pod 所有".to_owned(),
                ],
                [
                    "With whenScaled Delete, a claim goes with its Pod. The successor gets a fresh one, not the one on its way out.",
                    "whenScaled 为 Delete 时，申领随 Pod 一起删除。新的 Pod 要用新的申领，而不是正在删除的那个。",
                ],
                RETENTION,
            )
            .afar([
                format!("the claim of {} still belongs to its predecessor", pod.name),
                format!("{} 的申领还归上一个 Pod 所有", pod.name),
            ])
            .waits_for(pod.clone()),
            other => other.explain_deed(),
        }
    }

    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    pub(super) fn explain_refusal(&self) -> Explanation {
        match self {
            Self::WaitsForName { pod, .. } => Explanation::because(
                "WaitsForName",
                pod,
                not_created(pod),
                [
                    format!("another Pod has the name {}", pod.name),
                    format!("{} 这个名字被另一个 Pod 占着", pod.name),
                ],
                [
                    "A Pod's name is its identity. While another object has it, the creation is tried again with growing pauses, without an event.",
                    "Pod 的名字就是它的身份。名字被占时会反复重试，间隔越来越长，也没有事件。",
                ],
                DOCS,
            )
            .waits_for(pod.clone())
            .outlook(Outlook::Stays)
            .fact(
                FactState::Wrong,
                pod,
                [
                    format!("a Pod {} exists that this set does not own", pod.name),
                    format!("已经有一个 Pod {}，但它不归这个 StatefulSet 所有", pod.name),
                ],
            )
            .next([
                "Delete the other Pod, or give it the labels that the set selects.".to_owned(),
                "删掉那个 Pod，或者给它加上 StatefulSet 选择的标签。".to_owned(),
            ]),
            Self::ClaimRefused { pod, why, .. } => refused(
                "ClaimRefused",
                pod,
                not_created(pod),
                [
                    format!("its claim cannot be had: {why}"),
                    format!("它的申领有问题：{why}"),
                ],
                STORAGE,
            )
            .afar([
                format!("the claim of {} cannot be had: {why}", pod.name),
                format!("{} 的申领有问题：{why}", pod.name),
            ])
            .quote(FactState::Wrong, pod, why.clone()),
            Self::PodRefused { pod, why, .. } => refused(
                "PodRefused",
                pod,
                not_created(pod),
                [format!("the API server refuses it: {why}"), format!("API 服务器拒绝了它：{why}")],
                DOCS,
            )
            .afar([
                format!("the API server refuses {}: {why}", pod.name),
                format!("API 服务器拒绝创建 {}：{why}", pod.name),
            ])
            .quote(FactState::Wrong, pod, why.clone()),
            Self::RepairRefused { pod, why, .. } => Explanation::because(
                "RepairRefused",
                pod,
                [
                    format!("{} is not as its set wants it", pod.name),
                    format!("{} 和 StatefulSet 要求的不一致", pod.name),
                ],
                [
                    "the API server refuses the change".to_owned(),
                    "API 服务器不允许这样改".to_owned(),
                ],
                [
                    "A sync puts labels and volumes of each Pod right. The volumes of a Pod that exists cannot be changed, so the sync fails here and is tried again, up to every 1000 s.",
                    "每次同步都会把 Pod 的标签和卷改成该有的样子。已有 Pod 的卷不能改，于是同步在这里失败，之后反复重试，最长隔 1000 秒。",
                ],
                DOCS,
            )
            .afar([
                format!("{} cannot be changed as its set wants it", pod.name),
                format!("{} 没法改成 StatefulSet 要求的样子", pod.name),
            ])
            .waits_for(pod.clone())
            .quote(FactState::Wrong, pod, why.lines().next().unwrap_or_default())
            .outlook(Outlook::Stays)
            .next([
                format!("Delete {} and it comes back as the set wants it.", pod.name),
                format!("删除 {}，它会按 StatefulSet 的要求重建。", pod.name),
            ])
            .remedy(deletion(pod)),
            Self::SyncFailsBefore { set, waiting, failure } => {
                let at = failure.subject();
                let because = |lang| failure.clauses(lang).map_or_else(String::new, |clauses| clauses.afar);
                let state = state(set, Some(waiting), &at);
                let cause = [because(Lang::En), because(Lang::ZhCn)];
                let told = Explanation::because("SyncFailsBefore", &waiting.0, state, cause, RETRIED, ORDER)
                    .waits_for(at)
                    .outlook(failure.outlook());
                let told = match (failure.next(Lang::En), failure.next(Lang::ZhCn)) {
                    (Some(en), Some(zh)) => told.next([en, zh]),
                    _ => told,
                };
                match failure.remedy() {
                    Some(line) => told.remedy(line),
                    None => told,
                }
            }
            other => other.explain_deed(),
        }
    }
}

/// What happens next to a Pod whose container does not start.
fn ailing(pod: &str) -> Both {
    [
        format!(
            "If the template is wrong, correct it and then delete {pod} yourself: while {pod} is not Ready, no sync gets as far as the update."
        ),
        format!("如果是模板写错了：先改对，再手动删除 {pod}。{pod} 没就绪，同步就走不到更新那一步。"),
    ]
}
