//! Why a budget allows a disruption, or does not.

use api::Key;
use client::{Explain, Explanation, FactState};

use super::status::Counted;

/// A reason of the disruption controller.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the numbers that the status shows
pub enum DisruptionReason {
    /// Some Pods may be evicted.
    AllowsDisruptions { budget: Key, allowed: i64, healthy: i64, desired: i64 },
    /// No Pod may be evicted.
    ForbidsDisruptions { budget: Key, healthy: i64, desired: i64 },
    /// A Pod was marked as a target, and nobody has deleted it.
    ClearsStaleTarget { pod: Key },
}

impl DisruptionReason {
    /// The reason of a count.
    pub(crate) fn of(budget: Key, counted: &Counted) -> Self {
        let Counted { healthy, desired, allowed, .. } = *counted;
        if allowed > 0 {
            Self::AllowsDisruptions { budget, allowed, healthy, desired }
        } else {
            Self::ForbidsDisruptions { budget, healthy, desired }
        }
    }
}

const BUDGETS: &str =
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets";
const CONDITIONS: &str =
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions";

const RULE: [&str; 2] = [
    "Allowed are the healthy Pods beyond those that the budget wants. Only evictions ask: kubectl delete, scaling and rolling updates do not.",
    "允许驱逐的数量 = 健康的 Pod 数 − 预算要求的数量。只有驱逐会看预算，kubectl delete、缩容和滚动更新都不看。",
];

fn numbers(healthy: i64, desired: i64) -> [String; 2] {
    [format!("{healthy} healthy, {desired} wanted"), format!("健康 {healthy} 个，要求 {desired} 个")]
}

impl Explain for DisruptionReason {
    fn explain(&self) -> Explanation {
        match self {
            Self::AllowsDisruptions { budget, allowed, healthy, desired } => Explanation::deed(
                "AllowsDisruptions",
                budget,
                [
                    format!("{} lets {allowed} of its Pods be evicted.", budget.name),
                    format!("{} 允许驱逐 {allowed} 个 Pod。", budget.name),
                ],
                RULE,
                BUDGETS,
            )
            .fact(FactState::Satisfied, budget, numbers(*healthy, *desired)),
            Self::ForbidsDisruptions { budget, healthy, desired } => Explanation::deed(
                "ForbidsDisruptions",
                budget,
                [
                    format!(
                        "{} lets no Pod be evicted: {healthy} are healthy, it wants {desired}.",
                        budget.name
                    ),
                    format!("{} 不允许驱逐：健康的 Pod 有 {healthy} 个，要求 {desired} 个。", budget.name),
                ],
                RULE,
                BUDGETS,
            )
            .fact(FactState::NotYet, budget, numbers(*healthy, *desired)),
            Self::ClearsStaleTarget { pod } => Explanation::deed(
                "ClearsStaleTarget",
                pod,
                [
                    format!("{} is no target of a disruption any more: nobody has deleted it.", pod.name),
                    format!("{} 不再标记为中断目标：一直没有谁删除它。", pod.name),
                ],
                [
                    "Who disrupts a Pod marks it first. If it is not being deleted two minutes later, the mark is taken back.",
                    "要中断 Pod 的组件会先打标记。两分钟后还没有删除，标记就撤回。",
                ],
                CONDITIONS,
            ),
        }
    }
}
