//! What deny.toml allows is all that the build holds, and all that it allows is needed.

use std::collections::{BTreeMap, BTreeSet};

use tests::metadata::{Package, packages};
use tests::repository::read;

#[test]
fn every_licence_is_allowed() {
    let allowed = strings_of("licenses", "allow");
    let mut used = BTreeSet::new();
    for package in packages() {
        let chosen = choose(&package.license, &allowed);
        let (name, licence) = (&package.name, &package.license);
        let chosen =
            chosen.unwrap_or_else(|| panic!("{name} is under `{licence}`, which deny.toml does not allow"));
        used.extend(chosen);
    }
    let idle: Vec<_> = allowed.difference(&used).collect();
    assert!(idle.is_empty(), "allowed, but no crate needs it: {idle:?}");
}

#[test]
fn no_crate_is_there_twice_without_a_reason() {
    let skipped = strings_of("bans", "crate");
    assert_eq!(
        skipped.len(),
        strings_of("bans", "reason").len(),
        "a skipped crate without a reason of its own"
    );
    let mut versions: BTreeMap<String, Vec<Package>> = BTreeMap::new();
    for package in packages() {
        versions.entry(package.name.clone()).or_default().push(package);
    }
    let mut idle = skipped.clone();
    for (name, found) in versions.into_iter().filter(|(_, found)| found.len() > 1) {
        let ids = found.iter().map(|package| format!("{name}@{}", package.version)).collect::<Vec<_>>();
        let counted = ids.iter().filter(|id| !skipped.contains(*id)).count();
        assert!(
            counted <= 1,
            "{} are in the build: agree on one, or give a reason in deny.toml",
            ids.join(", ")
        );
        idle.retain(|id| !ids.contains(id));
    }
    assert!(idle.is_empty(), "no longer there twice, strike from deny.toml: {idle:?}");
}

#[test]
fn every_crate_comes_from_the_registry() {
    let registries = strings_of("sources", "allow-registry");
    for package in packages() {
        let registry =
            package.source.as_deref().map(|source| source.trim_start_matches("registry+").to_owned());
        let known = registry.as_ref().is_none_or(|registry| registries.contains(registry));
        assert!(known, "{} comes from {registry:?}", package.name);
    }
}

/// The licences that make an expression true, or nothing. `OR` takes the first side that works.
fn choose(expression: &str, allowed: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let text = expression.trim().replace('/', " OR ");
    if let Some((left, right)) = split_outside_brackets(&text, " OR ") {
        return choose(left, allowed).or_else(|| choose(right, allowed));
    }
    if let Some((left, right)) = split_outside_brackets(&text, " AND ") {
        let mut both = choose(left, allowed)?;
        both.extend(choose(right, allowed)?);
        return Some(both);
    }
    let single = text.trim();
    if let Some(inner) = single.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return choose(inner, allowed);
    }
    allowed.get(single).map(|licence| BTreeSet::from([licence.clone()]))
}

fn split_outside_brackets<'text>(text: &'text str, word: &str) -> Option<(&'text str, &'text str)> {
    let outside = |head: &str| head.matches('(').count() == head.matches(')').count();
    let places = text.match_indices(word).map(|(place, _)| text.split_at(place));
    let (left, right) = { places }.find(|(head, _)| outside(head))?;
    Some((left, right.strip_prefix(word)?))
}

/// The strings that stand after `key =` in a section of deny.toml: of one list, or of each inline table.
fn strings_of(section: &str, key: &str) -> BTreeSet<String> {
    let file = read("deny.toml");
    let lines = file.lines().filter(|line| !line.trim_start().starts_with('#'));
    let inside = lines.skip_while(|line| line.trim() != format!("[{section}]")).skip(1);
    let text: String =
        inside.take_while(|line| !line.starts_with('[')).map(|line| format!("{line}\n")).collect();
    let assignment = format!("{key} = ");
    let after = text.split(&assignment).skip(1);
    after
        .flat_map(|rest| if rest.starts_with('[') { list(rest) } else { strings(rest).take(1).collect() })
        .collect()
}

fn list(rest: &str) -> Vec<String> {
    strings(rest.split(']').next().unwrap_or_default()).collect()
}

fn strings(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().map(|line| line.split(" #").next().unwrap_or_default());
    lines.flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned)
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned()]);
    let chosen =
        |expression| choose(expression, &allowed).map(|set| set.into_iter().collect::<Vec<_>>().join("+"));
    assert_eq!(chosen("Apache-2.0/MIT").as_deref(), Some("MIT"));
    assert_eq!(chosen("(MIT OR Apache-2.0) AND Unicode-3.0").as_deref(), Some("MIT+Unicode-3.0"));
    assert_eq!(chosen("MIT AND GPL-3.0"), None);
    assert_eq!(chosen(""), None);
}
