//! `kubectl diff`: compares the live object with what `apply` would make of it.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/diff`, GNU `diff -u -N`.

use api::{Key, Object};
use apimachinery::value::{remove_at, set_at};
use apimachinery::{Reason, Time, yaml};
use apiserver::{Actor, Body, Patch, Request, Subresource, Verb, WriteOptions};

use crate::Invocation;
use crate::apply::patch_for;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::manifest::{self, Resource};
use crate::world::World;

/// Lines around a change.
const CONTEXT: usize = 3;

/// Begins the verb. Its exit code is 1 if something differs, and higher if something is wrong.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if !call.args.positional.is_empty() {
        let words = call.args.positional.join(" ");
        return failed(errors::usage("diff", &format!("Unexpected args: [{words}]")), 2);
    }
    if call.args.is_on("force-conflicts") && !call.args.is_on("server-side") {
        return failed(errors::line("--force-conflicts only works with --server-side"), 2);
    }
    once(move |world, out| {
        let Some(manifest) = manifest::read_or_say(&call, world, out) else { return 2 };
        let mut failures = manifest.failures;
        let mut differs = false;
        for resource in &manifest.resources {
            match pair(&call, resource, world) {
                Ok((live, merged)) => differs |= show(&resource.key, &live, &merged, world.now(), out),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() { i32::from(differs) } else { errors::say(&failures, out) + 1 }
    })
}

/// The object as it is and as it would be, as YAML; no text if it is not there.
fn pair(call: &Invocation, resource: &Resource, world: &mut dyn World) -> Result<(String, String), Failure> {
    let server_side = call.args.is_on("server-side");
    let options = WriteOptions {
        dry_run: true,
        field_manager: call.args.field_manager(),
        force: call.args.is_on("force-conflicts"),
        ..WriteOptions::default()
    };
    let live = match world.request(Request::get(&Actor::user(), resource.key.clone())) {
        Ok(answer) => answer.into_object(),
        Err(status) if status.reason == Reason::NotFound => None,
        Err(status) => return Err(status.into()),
    };
    let namespace = if resource.key.kind.info().namespaced { &*resource.key.namespace } else { "" };
    // The annotation of `apply` is no part of the difference.
    let mut modified = resource.value.clone();
    remove_at(&mut modified, &["metadata", "annotations", crate::annotation::LAST_APPLIED]);
    if modified.pointer("/metadata/annotations").is_none() {
        set_at(&mut modified, &["metadata", "annotations"], serde_json::json!({}));
    }
    if !namespace.is_empty() {
        set_at(&mut modified, &["metadata", "namespace"], namespace.into());
    }
    let verb = if server_side {
        let mut value = resource.value.clone();
        if !namespace.is_empty() {
            set_at(&mut value, &["metadata", "namespace"], namespace.into());
        }
        Verb::Patch(Patch::Apply(value), Subresource::None, options)
    } else {
        match &live {
            Some(live) => {
                Verb::Patch(Patch::StrategicMerge(patch_for(live, &modified)), Subresource::None, options)
            }
            None => Verb::Create(Body::Untyped(modified), options),
        }
    };
    let request = Request { actor: Actor::user(), key: resource.key.clone(), verb };
    let merged = world.request(request)?.into_object();
    let text = |object: Option<&Object>| object.map_or_else(String::new, |o| yaml::emit(&o.to_value()));
    Ok((text(live.as_deref()), text(merged.as_deref())))
}

fn show(key: &Key, live: &str, merged: &str, now: Time, out: &mut Output) -> bool {
    if live == merged {
        return false;
    }
    let info = key.kind.info();
    let version =
        if info.group.is_empty() { "v1".to_owned() } else { format!("{}.{}", info.group, info.version) };
    let file = format!("{version}.{}.{}.{}", info.name, key.namespace, key.name);
    let (old, new) = (format!("/tmp/LIVE-0/{file}"), format!("/tmp/MERGED-0/{file}"));
    let moment = now.rfc3339().replace('T', " ").replace('Z', ".000000000 +0000");
    out.say(&format!("diff -u -N {old} {new}\n--- {old}\t{moment}\n+++ {new}\t{moment}"));
    let (old, new): (Vec<&str>, Vec<&str>) = (live.lines().collect(), merged.lines().collect());
    out.stdout.push_str(&unified(&old, &new));
    true
}

/// A line that stays (` `), goes (`-`) or comes (`+`).
type Line<'a> = (char, &'a str);

/// The lines of both texts, along a longest common subsequence.
fn lines<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let wide = new.len() + 1;
    let mut common = vec![0_usize; (old.len() + 1) * wide];
    let at = |table: &[usize], i: usize, j: usize| table.get(i * wide + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(slot) = common.get_mut(i * wide + j) {
                *slot = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => return all,
            (Some(a), Some(b)) if a == b => {
                all.push((' ', *a));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                all.push(('-', *a));
                i += 1;
            }
            (_, Some(b)) => {
                all.push(('+', *b));
                j += 1;
            }
            (Some(_), None) => return all,
        }
    }
}

/// Hunks with their context, as `diff -u` writes them; empty if the texts are equal.
pub fn unified(old: &[&str], new: &[&str]) -> String {
    let all = lines(old, new);
    let changed: Vec<usize> = all.iter().enumerate().filter(|(_, l)| l.0 != ' ').map(|(at, _)| at).collect();
    let mut hunks: Vec<(usize, usize)> = Vec::new();
    for at in changed {
        let (from, to) = (at.saturating_sub(CONTEXT), (at + CONTEXT + 1).min(all.len()));
        match hunks.last_mut() {
            Some((_, end)) if from <= *end => *end = to,
            _ => hunks.push((from, to)),
        }
    }
    let mut text = String::new();
    for (from, to) in hunks {
        let count = |lines: &[Line], without: char| lines.iter().filter(|l| l.0 != without).count();
        let (before, rest) = all.split_at(from);
        let (inside, _) = rest.split_at(to - from);
        let range = |skipped: char| {
            let (start, length) = (count(before, skipped), count(inside, skipped));
            match length {
                0 => format!("{start},0"),
                1 => (start + 1).to_string(),
                _ => format!("{},{length}", start + 1),
            }
        };
        text.extend(["@@ -", &range('+'), " +", &range('-'), " @@\n"]);
        for (mark, line) in inside {
            text.push(*mark);
            text.extend([line, "\n"]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // As GNU diff prints them.
    #[test]
    fn hunks_are_those_of_diff() {
        let old = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let new = ["a", "b", "c", "d", "x", "f", "g", "h", "i"];
        assert_eq!(unified(&old, &new), "@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+x\n f\n g\n h\n+i\n");
        assert_eq!(unified(&[], &["a"]), "@@ -0,0 +1 @@\n+a\n");
        assert_eq!(unified(&["a"], &["b"]), "@@ -1 +1 @@\n-a\n+b\n");
    }
}
