//! What is said of a name that does not resolve.

use api::Key;
use client::{Both, Explain, Explanation, FactState};

/// Why a name does not resolve.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each is a sentence below
pub(crate) enum NameReason {
    NoSuchService { name: String, service: Key, set: Option<Key>, nearest: Option<(Key, String)> },
    NeedsItsService { name: String, pod: String, service: Key, line: String },
    SubdomainIsNotTheService { name: String, pod: Key, service: Key, subdomain: String, line: String },
    ServiceIsNotHeadless { name: String, service: Key, line: String },
    ServiceSelectsNoSuchPod { name: String, pod: Key, service: Key },
    NoReadyEndpoint { name: String, service: Key, pods: Vec<Key> },
    PodIsNotThere { name: String, pod: Key },
    PodIsNotReady { name: String, pod: Key },
    NotOfTheCluster { name: String, asked: Key },
}

const NETWORK_ID: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id";
const DNS: &str = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/";
const HEADLESS: &str = "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services";

const POD_NAMES: [&str; 2] = [
    "A Pod has a name of its own below a headless Service that selects it and that its subdomain names: POD.SERVICE.",
    "无头服务选中了某个 Pod，而且 Pod 的 subdomain 就是这个服务的名字，Pod 才有自己的域名：POD.SERVICE。",
];
const READY_ONLY: [&str; 2] = [
    "Only Ready Pods have a record, unless the Service has publishNotReadyAddresses.",
    "只有就绪的 Pod 才有解析记录，除非 Service 设了 publishNotReadyAddresses。",
];

fn unresolved(name: &str) -> Both {
    [format!("{name} does not resolve"), format!("{name} 解析不了")]
}

fn because(
    rule_name: &'static str,
    (name, subject): (&str, &Key),
    cause: Both,
    rule: [&'static str; 2],
    doc: &'static str,
) -> Explanation {
    Explanation::because(rule_name, subject, unresolved(name), cause, rule, doc)
}

impl Explain for NameReason {
    #[allow(clippy::too_many_lines)] // a table: one arm a rule
    fn explain(&self) -> Explanation {
        match self {
            Self::NoSuchService { name, service, set, nearest } => {
                let called = &service.name;
                let cause = match nearest {
                    Some((near, _)) => [
                        format!("no Service is called {called}; this one is called {}", near.name),
                        format!("没有叫 {called} 的 Service，这里的叫 {}", near.name),
                    ],
                    None => [format!("no Service is called {called}"), format!("没有叫 {called} 的 Service")],
                };
                let rule = [
                    "A Service has the name SERVICE, from other namespaces SERVICE.NAMESPACE. Nobody checks that the names in a manifest or a command exist.",
                    "Service 的域名就是它的名字，跨命名空间用 SERVICE.NAMESPACE。清单和命令里写的名字是否存在，没有谁会检查。",
                ];
                let mut told = because("NoSuchService", (name, service), cause, rule, DNS).fact(
                    FactState::Wrong,
                    service,
                    [format!("no Service {called} exists"), format!("Service {called} 不存在")],
                );
                if let Some(set) = set {
                    let text = [
                        format!("serviceName of {} is {called}", set.name),
                        format!("{} 的 serviceName 写的是 {called}", set.name),
                    ];
                    told = told.fact(FactState::Wrong, set, text);
                }
                match nearest {
                    Some((near, line)) => told
                        .fact(
                            FactState::Satisfied,
                            near,
                            [format!("Service {} exists", near.name), format!("Service {} 存在", near.name)],
                        )
                        .next([
                            format!("Ask for the name that there is: {line}"),
                            format!("换成有的名字：{line}"),
                        ])
                        .remedy(line.clone()),
                    None => told,
                }
            }
            Self::NeedsItsService { name, pod, service, line } => because(
                "NeedsItsService",
                (name, service),
                [
                    format!("a Pod has its name below its Service only: {pod}.{}", service.name),
                    format!("Pod 的域名在它的 Service 之下：{pod}.{}", service.name),
                ],
                POD_NAMES,
                NETWORK_ID,
            )
            .next([format!("Ask for the whole name: {line}"), format!("查完整的名字：{line}")])
            .remedy(line.clone()),
            Self::SubdomainIsNotTheService { name, pod, service, subdomain, line } => {
                let named = if subdomain.is_empty() {
                    [format!("{} has no subdomain", pod.name), format!("{} 没有 subdomain", pod.name)]
                } else {
                    [
                        format!("the subdomain of {} is {subdomain}, not {}", pod.name, service.name),
                        format!("{} 的 subdomain 是 {subdomain}，不是 {}", pod.name, service.name),
                    ]
                };
                because("SubdomainIsNotTheService", (name, pod), named.clone(), POD_NAMES, NETWORK_ID)
                    .fact(FactState::Wrong, pod, named)
                    .next([
                        format!("A set's serviceName becomes the subdomain of its Pods. What resolves here: {line}"),
                        format!("StatefulSet 的 serviceName 就是它的 Pod 的 subdomain。这里能解析的是：{line}"),
                    ])
                    .remedy(line.clone())
            }
            Self::ServiceIsNotHeadless { name, service, line } => because(
                "ServiceIsNotHeadless",
                (name, service),
                [
                    format!(
                        "the Service {} is not headless: it has one address for all its Pods",
                        service.name
                    ),
                    format!("Service {} 不是无头服务：所有 Pod 共用一个地址", service.name),
                ],
                [
                    "Only a headless Service (clusterIP: None) has a record for each of its Pods.",
                    "只有无头服务（clusterIP: None）才为每个 Pod 建一条记录。",
                ],
                HEADLESS,
            )
            .next([format!("Ask for the Service: {line}"), format!("查 Service 的名字：{line}")])
            .remedy(line.clone()),
            Self::ServiceSelectsNoSuchPod { name, pod, service } => because(
                "ServiceSelectsNoSuchPod",
                (name, pod),
                [
                    format!("the selector of the Service {} does not match {}", service.name, pod.name),
                    format!("Service {} 的选择器选不中 {}", service.name, pod.name),
                ],
                POD_NAMES,
                NETWORK_ID,
            ),
            Self::NoReadyEndpoint { name, service, pods } => {
                let cause = match pods.len() {
                    0 => [
                        format!("the Service {} selects no Pod that exists", service.name),
                        format!("Service {} 没有选中任何 Pod", service.name),
                    ],
                    1 => [
                        format!("the only Pod of the Service {} is not Ready", service.name),
                        format!("Service {} 唯一的 Pod 还没就绪", service.name),
                    ],
                    n => [
                        format!("none of the {n} Pods of the Service {} is Ready", service.name),
                        format!("Service {} 的 {n} 个 Pod 都没就绪", service.name),
                    ],
                };
                let told = because("NoReadyEndpoint", (name, service), cause, READY_ONLY, DNS);
                match pods.first() {
                    Some(pod) => told.waits_for(pod.clone()),
                    None => told,
                }
            }
            Self::PodIsNotThere { name, pod } => because(
                "PodIsNotThere",
                (name, pod),
                [format!("{} does not exist", pod.name), format!("{} 不存在", pod.name)],
                POD_NAMES,
                NETWORK_ID,
            )
            .waits_for(pod.clone()),
            Self::PodIsNotReady { name, pod } => because(
                "PodIsNotReady",
                (name, pod),
                [format!("{} is not Ready", pod.name), format!("{} 还没就绪", pod.name)],
                READY_ONLY,
                DNS,
            )
            .waits_for(pod.clone()),
            Self::NotOfTheCluster { name, asked } => because(
                "NotOfTheCluster",
                (name, asked),
                [
                    "no Service and no Pod of the cluster has this name".to_owned(),
                    "集群里没有叫这个名字的 Service 或 Pod".to_owned(),
                ],
                [
                    "The laboratory has no internet: names outside of the cluster do not exist here.",
                    "实验室没有外网：集群以外的名字在这里都不存在。",
                ],
                DNS,
            ),
        }
    }
}
