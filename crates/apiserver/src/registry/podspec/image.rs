//! Image references: which tag one names, and what that means for pulling.
//!
//! Models: `pkg/util/parsers.ParseImageName` over `github.com/distribution/reference`.

/// `Always` for `latest` (said or meant), else `IfNotPresent`; also for what is no reference.
pub(crate) fn default_pull_policy(image: &str) -> &'static str {
    if tag(image) == Some("latest") { "Always" } else { "IfNotPresent" }
}

/// The tag; `latest` if neither a tag nor a digest is given; `None` for a digest alone or for
/// what cannot be read.
fn tag(image: &str) -> Option<&str> {
    let (rest, digest) = image.split_once('@').map_or((image, None), |(rest, d)| (rest, Some(d)));
    let last_slash = rest.rfind('/').map_or(0, |at| at + 1);
    let last = rest.get(last_slash..)?;
    let (name, tag) = match last.find(':') {
        Some(at) => (rest.get(..last_slash + at)?, last.get(at + 1..)),
        None => (rest, None),
    };
    if !is_name(name) || !tag.is_none_or(is_tag) {
        return None;
    }
    match (tag, digest) {
        (Some(tag), _) => Some(tag),
        (None, None) => Some("latest"),
        (None, Some(_)) => None,
    }
}

fn is_tag(tag: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|c| word(c) || c == '.' || c == '-')
}

/// An optional registry, then lower-case components.
fn is_name(name: &str) -> bool {
    let path = match name.split_once('/') {
        Some((registry, path)) if is_registry(registry) => path,
        _ => name,
    };
    path.split('/').all(is_component)
}

fn is_registry(text: &str) -> bool {
    let named =
        text.contains(['.', ':']) || text == "localhost" || text.contains(|c: char| c.is_ascii_uppercase());
    named && text.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c))
}

/// Letters and digits with single separators between them: `.`, `_`, `__` or dashes.
fn is_component(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bad_run =
        |run: &str| !run.is_empty() && !matches!(run, "." | "_" | "__") && run.contains(|c| c != '-');
    text.starts_with(plain)
        && text.ends_with(plain)
        && text.chars().all(|c| plain(c) || "._-".contains(c))
        && !text.split(plain).any(bad_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latest_is_pulled_always() {
        for (image, policy) in [
            ("nginx", "Always"),
            ("nginx:latest", "Always"),
            ("nginx:1.7.9", "IfNotPresent"),
            ("registry.example:5000/team/app", "Always"),
            ("registry.example:5000/team/app:v1", "IfNotPresent"),
            ("nginx@sha256:0123", "IfNotPresent"),
            ("nginx:latest@sha256:0123", "Always"),
            ("Nginx", "IfNotPresent"),
            ("", "IfNotPresent"),
        ] {
            assert_eq!(default_pull_policy(image), policy, "{image}");
        }
    }
}
