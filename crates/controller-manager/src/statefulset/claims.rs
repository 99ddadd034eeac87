//! The claims of a Pod: one per template, made before the Pod, kept after it.
//!
//! Models: `stateful_pod_control.go` (`createPersistentVolumeClaims`, `recordClaimEvent`),
//! `stateful_set_utils.go` (`getPersistentVolumeClaims`).

use std::rc::Rc;

use api::apps::StatefulSet;
use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{Reason as StatusReason, Status};
use apiserver::{Answer, Request};
use client::{EventSpec, Halt, Turn};
use serde_json::Value;

use super::NAME;
use super::claim_names::claim_name;
use super::identity::pod_name;
use super::reason::StatefulSetReason;

/// The claim of a template for an ordinal, not stored yet.
pub fn new_claim(set: &Object, template: &Value, ordinal: i64) -> Object {
    let name = claim_name(set, template, ordinal);
    let mut claim = Object::new(Kind::PersistentVolumeClaim, &set.metadata.namespace, &name);
    let strings = |value: Option<&serde_json::Map<String, Value>>| -> Vec<(String, String)> {
        let pairs = value.into_iter().flatten();
        pairs.map(|(k, v)| (k.clone(), v.as_str().unwrap_or("").to_owned())).collect()
    };
    claim.metadata.labels.extend(strings(template.map_at(&["metadata", "labels"])));
    claim.metadata.labels.extend(strings(StatefulSet(set).selector().map_at(&["matchLabels"])));
    claim.metadata.annotations.extend(strings(template.map_at(&["metadata", "annotations"])));
    claim.set_field("spec", template.at(&["spec"]).cloned().unwrap_or(Value::Null));
    claim
}

/// What one claim needs before its Pod is made.
enum Need {
    Exists,
    BeingDeleted(String),
    Create(Object),
}

/// The claims of one ordinal.
pub struct Wanted {
    ordinal: i64,
    needs: Vec<Need>,
}

/// Looks up the claims of an ordinal in the cache.
pub fn look_up(set: &Object, ordinal: i64, turn: &mut Turn<'_>) -> Wanted {
    let templates: Vec<Value> = StatefulSet(set).claim_templates().to_vec();
    let mut needs = Vec::new();
    for template in &templates {
        let name = claim_name(set, template, ordinal);
        let found = turn.find(Kind::PersistentVolumeClaim, &set.metadata.namespace, &name);
        needs.push(match found {
            Some(claim) if claim.metadata.is_deleting() => Need::BeingDeleted(name),
            Some(_) => Need::Exists,
            None => Need::Create(new_claim(set, template, ordinal)),
        });
    }
    Wanted { ordinal, needs }
}

/// Makes the missing claims of some ordinals at the same time; returns for each ordinal the error that keeps
/// its Pod from being made, if any.
pub fn create(set: &Rc<Object>, wanted: &[Wanted], turn: &mut Turn<'_>) -> Result<Vec<Option<Status>>, Halt> {
    let missing = wanted.iter().flat_map(|w| w.needs.iter()).filter_map(|need| match need {
        Need::Create(claim) => Some(claim),
        Need::Exists | Need::BeingDeleted(_) => None,
    });
    let (missing, actor): (Vec<&Object>, _) = (missing.collect(), turn.actor().clone());
    let requests = missing.into_iter().map(|claim| Request::create(&actor, claim.clone()));
    let mut answers = turn.request_each(requests)?.into_iter();
    let mut errors = Vec::new();
    for ordinal in wanted {
        let pod = pod_name(set, ordinal.ordinal);
        let mut texts = Vec::new();
        for need in &ordinal.needs {
            match need {
                Need::Exists => {}
                Need::BeingDeleted(name) => texts.push(format!("pvc {name} is being deleted")),
                Need::Create(claim) => {
                    let answer = answers
                        .next()
                        .unwrap_or_else(|| Err(Status::new(StatusReason::InternalError, "no answer")));
                    if let Some(text) = record(set, claim, &pod, &answer, turn) {
                        texts.push(text);
                    }
                }
            }
        }
        errors.push(aggregate(&texts));
    }
    Ok(errors)
}

fn record(set: &Object, claim: &Object, pod: &str, answer: &Answer, turn: &mut Turn<'_>) -> Option<String> {
    let name = &claim.metadata.name;
    match answer {
        Ok(_) => {
            turn.because(StatefulSetReason::CreatesClaim {
                set: set.key(),
                claim: claim.key(),
                pod: pod.to_owned(),
            });
            let text = format!("Create Claim {name} Pod {pod} in StatefulSet {} success", set.metadata.name);
            turn.event(EventSpec::normal(set, "SuccessfulCreate", text, NAME));
            None
        }
        Err(status) => {
            if status.reason != StatusReason::AlreadyExists {
                let text = format!(
                    "Create Claim {name} for Pod {pod} in StatefulSet {} failed error: {}",
                    set.metadata.name, status.message
                );
                turn.event(EventSpec::warning(set, "FailedCreate", text, NAME));
            }
            Some(format!("failed to create PVC {name}: {}", status.message))
        }
    }
}

fn aggregate(texts: &[String]) -> Option<Status> {
    let message = match texts {
        [] => return None,
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(Status::new(StatusReason::InternalError, message))
}
