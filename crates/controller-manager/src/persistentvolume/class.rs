//! What the volume controllers read of StorageClasses.

use std::rc::Rc;

use api::core::Claim;
use api::{Kind, Object};
use client::Seen;

/// The name of the class that a claim or a volume asks for; `""` if it asks for none.
pub fn name_of(object: &Object) -> &str {
    Claim(object).class().unwrap_or("")
}

/// The class object of a claim, if there is one.
pub fn of_claim<'a>(claim: &Object, seen: &Seen<'a>) -> Option<&'a Rc<Object>> {
    let name = name_of(claim);
    if name.is_empty() { None } else { seen.find(Kind::StorageClass, "", name) }
}

/// Whether claims of this class wait for a Pod: `volumeBindingMode: WaitForFirstConsumer`.
pub fn waits_for_consumer(class: &Object) -> bool {
    class.field("volumeBindingMode").as_str() == Some("WaitForFirstConsumer")
}

/// The provisioner that a class names.
pub fn provisioner(class: &Object) -> &str {
    class.field("provisioner").as_str().unwrap_or("")
}

/// The default class: of those annotated as such the newest, and of those of one age the first by name
/// (`GetDefaultClass`).
pub fn default<'a>(seen: &Seen<'a>) -> Option<&'a Rc<Object>> {
    let marked = |class: &&Rc<Object>| {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .iter()
            .any(|name| class.metadata.annotation(name) == "true")
    };
    seen.list(Kind::StorageClass, "").filter(marked).max_by(|a, b| {
        let made = a.metadata.creation_timestamp.cmp(&b.metadata.creation_timestamp);
        made.then_with(|| b.metadata.name.cmp(&a.metadata.name))
    })
}
