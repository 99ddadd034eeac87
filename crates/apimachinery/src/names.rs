//! What names, labels and ports may look like, in Kubernetes' words.
//!
//! Models: `k8s.io/apimachinery/pkg/util/validation`.

/// What Kubernetes says of a bad DNS label.
pub const DNS_LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
/// What Kubernetes says of a bad DNS subdomain.
pub const DNS_SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
/// What Kubernetes says of a bad label value.
pub const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
/// What Kubernetes says of a bad name in a label's key.
pub const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
/// What Kubernetes says of a bad name of an environment variable.
pub const ENV_NAME: &str =
    "a valid environment variable name must consist only of printable ASCII characters other than '='";
/// What Kubernetes says of a bad key of a ConfigMap or Secret.
pub const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

fn is_label_shape(text: &str) -> bool {
    let edge = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && bytes.iter().all(|c| edge(*c) || *c == b'-')
        && bytes.first().is_some_and(|c| edge(*c))
        && bytes.last().is_some_and(|c| edge(*c))
}

fn is_subdomain_shape(text: &str) -> bool {
    text.split('.').all(is_label_shape)
}

/// Mixed case, dots and underscores inside: label values and name parts of keys.
fn is_qualified_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(c))
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
}

/// `must be no more than 63 characters`.
pub fn too_long(max: usize) -> String {
    format!("must be no more than {max} characters")
}

/// What is wrong with a DNS label: the name of a StatefulSet, Service, volume or container. Empty if nothing
/// is.
pub fn dns_label(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 63 {
        errors.push(too_long(63));
    }
    if !is_label_shape(text) {
        errors.push(if is_subdomain_shape(text) {
            "must not contain dots".to_owned()
        } else {
            DNS_LABEL.to_owned()
        });
    }
    errors
}

/// What is wrong with a DNS subdomain: the name of most objects. Empty if nothing is.
pub fn dns_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 253 {
        errors.push(too_long(253));
    }
    if !is_subdomain_shape(text) {
        errors.push(DNS_SUBDOMAIN.to_owned());
    }
    errors
}

/// What is wrong with the value of a label.
pub fn label_value(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 63 {
        errors.push("must be no more than 63 bytes".to_owned());
    }
    if !text.is_empty() && !is_qualified_shape(text) {
        errors.push(LABEL_VALUE.to_owned());
    }
    errors
}

/// What is wrong with a key of a label or annotation, a finalizer or a resource name: `[prefix/]name`.
pub fn qualified_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => *name,
        [prefix, name] => {
            if prefix.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            } else {
                errors.extend(dns_subdomain(prefix).into_iter().map(|e| format!("prefix part {e}")));
            }
            *name
        }
        _ => {
            return vec![format!(
                "a qualified name {} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
                NAME_PART.trim_start_matches("name part ")
            )];
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        errors.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_qualified_shape(name) {
        errors.push(NAME_PART.to_owned());
    }
    errors
}

/// What is wrong with the name of a port: it has at most 15 characters and at least one letter, as `web`.
pub fn port_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 15 {
        errors.push(too_long(15));
    }
    if !text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-') {
        errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !text.bytes().any(|c| c.is_ascii_lowercase()) {
        errors.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        errors.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        errors.push("must not begin or end with a hyphen".to_owned());
    }
    errors
}

/// What is wrong with the name of an environment variable.
pub fn env_name(text: &str) -> Vec<String> {
    let ok = !text.is_empty() && text.bytes().all(|c| (0x20..0x7f).contains(&c) && c != b'=');
    if ok { Vec::new() } else { vec![ENV_NAME.to_owned()] }
}

/// What is wrong with a key of a ConfigMap or Secret.
pub fn config_key(text: &str) -> Vec<String> {
    let ok = !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    if ok { Vec::new() } else { vec![CONFIG_KEY.to_owned()] }
}

/// The five characters after a `generateName`, drawn from `random`.
pub fn suffix(mut random: impl FnMut() -> u32) -> String {
    let alphabet = crate::hash::SAFE_ALPHABET;
    (0..5)
        .map(|_| {
            let at = random() as usize % alphabet.len();
            char::from(alphabet.get(at).copied().unwrap_or(b'b'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_refused_in_kubernetes_words() {
        assert_eq!(dns_label("web-0"), Vec::<String>::new());
        assert_eq!(dns_label("Web"), [DNS_LABEL]);
        assert_eq!(dns_label("a.b"), ["must not contain dots"]);
        assert_eq!(dns_label(&"a".repeat(64)), ["must be no more than 63 characters"]);
        assert_eq!(label_value(&"a".repeat(64)), ["must be no more than 63 bytes"]);
        assert_eq!(qualified_name("app.kubernetes.io/name"), Vec::<String>::new());
        assert_eq!(
            port_name("-1"),
            ["must contain at least one letter (a-z)", "must not begin or end with a hyphen"]
        );
    }
}
