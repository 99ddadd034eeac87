//! `kubectl create token`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/create` (`create_token.go`).
//! Differs: arguments are checked, and nothing is signed.

use std::time::Duration;

use api::{Key, Kind};
use apiserver::{Actor, Request};

use crate::Invocation;
use crate::command::{Command, failed, planned};
use crate::errors;

/// The shortest time for which a token may be asked.
const SHORTEST: Duration = Duration::from_mins(10);

/// Begins the subcommand, with the arguments after its name.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let args = &call.args;
    let [name] = args.positional.as_slice() else {
        let text = format!("exactly one NAME is required, got {}", args.positional.len());
        return failed(errors::usage("create token", &text), 1);
    };
    let given = |flag: &str| args.value(flag).filter(|text| !text.is_empty());
    let text = match given("bound-object-kind") {
        Some("Node" | "Pod" | "Secret") if given("bound-object-name").is_none() => {
            "--bound-object-name is required if --bound-object-kind is provided"
        }
        Some("Node" | "Pod" | "Secret") => "",
        Some(_) => "supported --bound-object-kind values are Node, Pod, Secret",
        None if given("bound-object-name").is_some() => {
            "--bound-object-name can only be set if --bound-object-kind is provided"
        }
        None if given("bound-object-uid").is_some() => {
            "--bound-object-uid can only be set if --bound-object-kind is provided"
        }
        None => "",
    };
    if !text.is_empty() {
        return failed(errors::line(text), 1);
    }
    let span = args.duration("duration").filter(|span| !span.is_zero());
    let key = Key::new(Kind::ServiceAccount, call.namespace.as_str(), name.as_str());
    planned(move |world, _| {
        let failing = |text: &str| errors::line(&format!("failed to create token: {text}"));
        if let Err(status) = world.request(Request::get(&Actor::user(), key.clone())) {
            return Err(failing(&status.message));
        }
        if let Some(span) = span.filter(|span| *span < SHORTEST) {
            let problem = "may not specify a duration less than 10 minutes";
            return Err(failing(&format!(
                "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: {}: {problem}",
                span.as_secs()
            )));
        }
        Err(errors::line("create token is not part of this terminal"))
    })
}
