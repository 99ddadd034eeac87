//! Resource requirements: what containers may ask for, and what a Pod asks for in sum.
//!
//! Models: `ValidateContainerResourceRequirements`, `validatePodResources`;
//! `k8s.io/component-helpers/resource` (`PodRequests`, `PodLimits`).

use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use apimachinery::{ErrorList, Path, Quantity};
use serde_json::Value;

use crate::registry::content::{self, NOT_NEGATIVE};
use crate::registry::golang::internal;
use crate::registry::objectmeta::invalid_each;
use crate::registry::place::Place;

/// Amounts by resource name.
pub(crate) type ResourceList = SortedMap<String, Quantity>;

/// Names that quotas and limits may count without a prefix.
const STANDARD: [&str; 20] = [
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
];

/// Names that are counted in whole numbers.
const INTEGER: [&str; 9] = [
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && content::qualified_name(&format!("requests.{name}")).is_empty()
}

/// Whether limits above requests are possible: `IsOvercommitAllowed`.
pub(crate) fn may_overcommit(name: &str) -> bool {
    is_native(name) && !is_huge_page(name)
}

/// Whether quotas know the name: `IsStandardQuotaResourceName`.
pub(crate) fn is_standard_quota_name(name: &str) -> bool {
    (STANDARD.contains(&name) && name != "storage")
        || is_huge_page(name)
        || name.starts_with("requests.hugepages-")
}

/// `validateResourceName`.
pub(crate) fn validate_resource_name(errors: &mut ErrorList, name: &str, path: &Path) -> bool {
    let messages = content::qualified_name(name);
    if !messages.is_empty() {
        invalid_each(errors, path, name, messages);
        return false;
    }
    let standard = STANDARD.contains(&name) || is_huge_page(name) || name.starts_with("requests.hugepages-");
    if !name.contains('/') && !standard {
        errors.invalid(path, name, "must be a standard resource type or fully qualified");
        return false;
    }
    true
}

/// `validateContainerResourceName`.
pub(crate) fn validate_container_resource_name(errors: &mut ErrorList, name: &str, path: &Path) {
    validate_resource_name(errors, name, path);
    if !name.contains('/') {
        if !matches!(name, "cpu" | "memory" | "ephemeral-storage") && !is_huge_page(name) {
            errors.invalid(path, name, "must be a standard resource for containers");
        }
    } else if !is_native(name) && !is_extended(name) {
        errors.invalid(path, name, "doesn't follow extended resource name standard");
    }
}

/// `ValidateResourceQuantityValue`.
pub(crate) fn validate_quantity(errors: &mut ErrorList, name: &str, amount: Quantity, path: &Path) {
    if amount.sign() < 0 {
        errors.invalid(path, amount.to_string(), NOT_NEGATIVE);
    }
    if (INTEGER.contains(&name) || is_extended(name)) && !amount.is_whole() {
        errors.invalid(path, amount.to_string(), "must be an integer");
    }
}

/// The amounts of a JSON map, without what is not a quantity: that was refused before.
pub(crate) fn resource_list(value: Option<&Value>) -> ResourceList {
    let map = value.and_then(Value::as_object);
    map.into_iter().flatten().filter_map(|(k, v)| Some((k.clone(), Quantity::from_value(v)?))).collect()
}

/// Requirements of a container: `ValidateContainerResourceRequirements`.
pub(crate) fn validate_container_resources(errors: &mut ErrorList, resources: &Place<'_>, claims: &[&str]) {
    validate_requirements(errors, resources, validate_container_resource_name);
    validate_claims(errors, resources, claims);
}

fn validate_requirements(
    errors: &mut ErrorList,
    resources: &Place<'_>,
    check_name: fn(&mut ErrorList, &str, &Path),
) {
    let limits = resource_list(resources.value.at(&["limits"]));
    let requests = resource_list(resources.value.at(&["requests"]));
    let limits_path = resources.at("limits");
    for (name, amount) in &limits {
        let path = limits_path.key(name);
        check_name(errors, name, &path);
        validate_quantity(errors, name, *amount, &path);
        validate_huge_page(errors, name, *amount, &path);
    }
    let requests_path = resources.at("requests");
    for (name, amount) in &requests {
        let path = requests_path.key(name);
        check_name(errors, name, &path);
        validate_quantity(errors, name, *amount, &path);
        validate_against_limit(errors, name, *amount, limits.get(name), (&requests_path, &limits_path));
        validate_huge_page(errors, name, *amount, &path);
    }
    let any = |test: fn(&str) -> bool| limits.keys().chain(requests.keys()).any(|name| test(name));
    if any(is_huge_page) && !any(|name| matches!(name, "cpu" | "memory")) {
        errors.forbidden(&resources.path, "HugePages require cpu or memory");
    }
}

fn validate_against_limit(
    errors: &mut ErrorList,
    name: &str,
    amount: Quantity,
    limit: Option<&Quantity>,
    (requests, limits): (&Path, &Path),
) {
    match limit {
        Some(limit) if amount != *limit && !may_overcommit(name) => {
            errors.invalid(requests, amount.to_string(), format!("must be equal to {name} limit of {limit}"));
        }
        Some(limit) if amount > *limit => {
            let detail = format!("must be less than or equal to {name} limit of {limit}");
            errors.invalid(requests, amount.to_string(), detail);
        }
        None if !may_overcommit(name) => {
            errors.required(limits, "Limit must be set for non overcommitable resources");
        }
        _ => {}
    }
}

fn validate_huge_page(errors: &mut ErrorList, name: &str, amount: Quantity, path: &Path) {
    let Some(size) = name.strip_prefix("hugepages-") else { return };
    let size = Quantity::parse(size).unwrap_or(Quantity::ZERO);
    if size.value() == 0 || amount.value() % size.value() != 0 {
        let detail = format!("{amount} is not positive integer multiple of {name}");
        errors.invalid(path, amount.to_string(), detail);
    }
}

fn validate_claims(errors: &mut ErrorList, resources: &Place<'_>, claims: &[&str]) {
    let mut seen: SortedSet<String> = SortedSet::new();
    for claim in resources.list("claims") {
        let (name, request) = (claim.str("name"), claim.str("request"));
        if name.is_empty() {
            errors.required(&claim.path, "");
        } else if seen.contains(name) {
            errors.duplicate(&claim.path, name);
        } else {
            if !request.is_empty() {
                invalid_each(errors, &claim.at("request"), request, content::dns_label(request));
            }
            let key = if request.is_empty() { name.to_owned() } else { format!("{name}/{request}") };
            let overlaps = request.is_empty()
                && seen.iter().any(|other| other.split_once('/').is_some_and(|(whole, _)| whole == name));
            if overlaps || !seen.insert(key.clone()) {
                errors.duplicate(&claim.path, key);
            }
        }
        if !name.is_empty() && !claims.contains(&name) {
            let detail = if claims.is_empty() {
                "must be one of the names in pod.spec.resourceClaims which is empty".to_owned()
            } else {
                format!("must be one of the names in pod.spec.resourceClaims: {}", claims.join(", "))
            };
            errors.push(apimachinery::FieldErrorKind::NotFound, &claim.path, name.into(), detail);
        }
    }
}

/// `validatePodResourceClaims`.
pub(crate) fn validate_resource_claims(errors: &mut ErrorList, spec: &Place<'_>) {
    let mut names = SortedSet::new();
    for claim in spec.list("resourceClaims") {
        let name = claim.str("name");
        if name.is_empty() {
            errors.required(&claim.at("name"), "");
        } else if !names.insert(name) {
            errors.duplicate(&claim.at("name"), name);
        } else {
            invalid_each(errors, &claim.at("name"), name, content::dns_label(name));
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        let detail = match sources.iter().filter(|member| claim.has(member)).count() {
            0 => "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            1 => "",
            _ => "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
        };
        if !detail.is_empty() {
            errors.invalid_printed(&claim.path, internal::compact("PodResourceClaim", claim.value), detail);
        }
        for member in sources {
            if let Some(name) = claim.text(member) {
                invalid_each(errors, &claim.at(member), name, content::dns_subdomain(name));
            }
        }
    }
}

/// Requirements of the whole Pod: `validatePodResources`.
pub(crate) fn validate_pod_resources(errors: &mut ErrorList, spec: &Place<'_>, claims: &[&str]) {
    let Some(resources) = spec.get("resources") else { return };
    if resources.has("claims") {
        errors.forbidden(&resources.at("claims"), "claims may not be set for Resources at pod-level");
    }
    validate_requirements(errors, &resources, |errors, name, path| {
        if validate_resource_name(errors, name, path)
            && !matches!(name, "cpu" | "memory")
            && !is_huge_page(name)
        {
            errors.not_supported(path, name, &["cpu", "hugepages-", "memory"]);
        }
    });
    validate_claims(errors, &resources, claims);
    let requests = resource_list(resources.value.at(&["requests"]));
    for (name, sum) in container_requests(spec.value) {
        let own = requests.get(&name).copied().unwrap_or(Quantity::ZERO);
        if sum > own {
            let detail = format!("must be greater than or equal to aggregate container requests of {sum}");
            errors.invalid(&resources.at("requests").key(&name), own.to_string(), detail);
        }
    }
    let limits = resource_list(resources.value.at(&["limits"]));
    for container in spec.list("containers") {
        for (name, limit) in resource_list(container.value.at(&["resources", "limits"])) {
            if let Some(whole) = limits.get(&name).filter(|whole| limit > **whole) {
                let index = container.path.as_str().trim_start_matches(spec.at("").as_str());
                let path = Path::new(format!("{}.{index}[{name}].limits", resources.path.as_str()));
                let detail = format!("must be less than or equal to pod limits of {whole}");
                errors.invalid(&path, limit.to_string(), detail);
            }
        }
    }
}

fn add_all(sums: &mut ResourceList, amounts: &ResourceList) {
    for (name, amount) in amounts {
        let sum = sums.entry(name.clone()).or_insert(Quantity::ZERO);
        *sum = sum.plus(*amount);
    }
}

fn raise_to(sums: &mut ResourceList, amounts: &ResourceList) {
    for (name, amount) in amounts {
        let sum = sums.entry(name.clone()).or_insert(*amount);
        *sum = (*sum).max(*amount);
    }
}

/// What all containers need together: the running ones in sum, or an init container if it needs
/// more beside the sidecars started before it.
fn aggregate(spec: &Value, side: &str) -> ResourceList {
    let mut sums = ResourceList::new();
    for container in spec.list_at(&["containers"]) {
        add_all(&mut sums, &resource_list(container.at(&["resources", side])));
    }
    let (mut sidecars, mut init) = (ResourceList::new(), ResourceList::new());
    for container in spec.list_at(&["initContainers"]) {
        let mut own = resource_list(container.at(&["resources", side]));
        if container.str_at(&["restartPolicy"]) == "Always" {
            add_all(&mut sums, &own);
            add_all(&mut sidecars, &own);
            own.clone_from(&sidecars);
        } else {
            add_all(&mut own, &sidecars);
        }
        raise_to(&mut init, &own);
    }
    raise_to(&mut sums, &init);
    sums
}

/// Requests of all containers: `AggregateContainerRequests`.
pub(crate) fn container_requests(spec: &Value) -> ResourceList {
    aggregate(spec, "requests")
}

/// What a Pod asks for, with its overhead: what it says itself, else what its containers ask for.
fn pod_amounts(spec: &Value, side: &str) -> ResourceList {
    let mut sums = aggregate(spec, side);
    for (name, amount) in resource_list(spec.at(&["resources", side])) {
        sums.insert(name, amount);
    }
    let overhead = resource_list(spec.at(&["overhead"]));
    for (name, amount) in overhead {
        match sums.get_mut(&name) {
            Some(sum) => *sum = sum.plus(amount),
            None if side == "requests" => drop(sums.insert(name, amount)),
            None => {}
        }
    }
    sums
}

/// `PodRequests`.
pub(crate) fn pod_requests(spec: &Value) -> ResourceList {
    pod_amounts(spec, "requests")
}

/// `PodLimits`.
pub(crate) fn pod_limits(spec: &Value) -> ResourceList {
    pod_amounts(spec, "limits")
}
