//! The formats of names, keys and values, and how Kubernetes says that one is broken.
//!
//! Models: `k8s.io/apimachinery/pkg/util/validation`, `…/api/validate/content`. The older checks
//! count "characters", the newer ones of label keys and values "bytes".

use std::net::IpAddr;

/// What is wrong with a value; empty if nothing is.
pub(crate) type Messages = Vec<&'static str>;

/// A check of names; the flag says that characters will be appended to the name.
pub(crate) type NameCheck = fn(&str, bool) -> Messages;

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const SUBDOMAIN_UNDERSCORE: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
const PREFIX_SUBDOMAIN: &str = "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const KEY_NAME: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const KEY: &str = "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const HTTP_HEADER: &str = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
/// `must be between 1 and 65535, inclusive`.
pub(crate) const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";
/// `must be greater than or equal to 0`.
pub(crate) const NOT_NEGATIVE: &str = "must be greater than or equal to 0";
/// `field is immutable`.
pub(crate) const IMMUTABLE: &str = "field is immutable";

fn lower(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Whether a text begins and ends with a character of `edge`, and all between are of `inner`.
fn framed(text: &str, edge: fn(u8) -> bool, inner: fn(u8) -> bool) -> bool {
    match text.as_bytes() {
        [] => false,
        [one] => edge(*one),
        [first, middle @ .., last] => edge(*first) && edge(*last) && middle.iter().copied().all(inner),
    }
}

fn is_label(text: &str) -> bool {
    framed(text, lower, |c| lower(c) || c == b'-')
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_key_name(text: &str) -> bool {
    framed(text, |c| c.is_ascii_alphanumeric(), |c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
}

/// `IsDNS1123Label`.
pub(crate) fn dns_label(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.len() > 63 {
        out.push("must be no more than 63 characters");
    }
    if !is_label(value) {
        out.push(if is_subdomain(value) { "must not contain dots" } else { LABEL });
    }
    out
}

/// `IsDNS1123Subdomain`.
pub(crate) fn dns_subdomain(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.len() > 253 {
        out.push("must be no more than 253 characters");
    }
    if !is_subdomain(value) {
        out.push(SUBDOMAIN);
    }
    out
}

/// `IsDNS1123SubdomainWithUnderscore`, for search paths.
pub(crate) fn dns_subdomain_underscore(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.len() > 253 {
        out.push("must be no more than 253 characters");
    }
    let part = |text: &str| {
        let text = text.strip_prefix('_').unwrap_or(text);
        framed(text, lower, |c| lower(c) || c == b'-' || c == b'_')
    };
    if !value.split('.').all(part) {
        out.push(SUBDOMAIN_UNDERSCORE);
    }
    out
}

/// A name to which characters will be appended may end in a dash: `maskTrailingDash`.
fn masked(name: &str, prefix: bool) -> String {
    match name.strip_suffix('-') {
        Some(rest) if prefix && !rest.is_empty() => {
            let kept = rest.char_indices().next_back().map_or(0, |(at, _)| at);
            format!("{}a", rest.get(..kept).unwrap_or(""))
        }
        _ => name.to_owned(),
    }
}

/// `NameIsDNSSubdomain`.
pub(crate) fn name_is_subdomain(name: &str, prefix: bool) -> Messages {
    if prefix { dns_subdomain(&masked(name, prefix)) } else { dns_subdomain(name) }
}

/// `NameIsDNSLabel`.
pub(crate) fn name_is_label(name: &str, prefix: bool) -> Messages {
    if prefix { dns_label(&masked(name, prefix)) } else { dns_label(name) }
}

/// `IsQualifiedName`, also the format of label keys.
pub(crate) fn qualified_name(value: &str) -> Messages {
    let mut out = Messages::new();
    let mut parts = value.split('/');
    let name = match (parts.next(), parts.next(), parts.next()) {
        (Some(name), None, _) => name,
        (Some(prefix), Some(name), None) => {
            if prefix.is_empty() {
                out.push("prefix part must be non-empty");
            } else {
                if prefix.len() > 253 {
                    out.push("prefix part must be no more than 253 bytes");
                }
                if !is_subdomain(prefix) {
                    out.push(PREFIX_SUBDOMAIN);
                }
            }
            name
        }
        _ => return vec![KEY],
    };
    if name.is_empty() {
        out.push("name part must be non-empty");
    } else if name.len() > 63 {
        out.push("name part must be no more than 63 bytes");
    }
    if !is_key_name(name) {
        out.push(KEY_NAME);
    }
    out
}

/// `IsValidLabelValue`.
pub(crate) fn label_value(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.len() > 63 {
        out.push("must be no more than 63 bytes");
    }
    if !value.is_empty() && !is_key_name(value) {
        out.push(LABEL_VALUE);
    }
    out
}

/// `IsValidPortName`.
pub(crate) fn port_name(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.len() > 15 {
        out.push("must be no more than 15 characters");
    }
    if value.is_empty() || !value.bytes().all(|c| lower(c) || c == b'-') {
        out.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !value.bytes().any(|c| c.is_ascii_lowercase()) {
        out.push("must contain at least one letter (a-z)");
    }
    if value.contains("--") {
        out.push("must not contain consecutive hyphens");
    }
    if value.starts_with('-') || value.ends_with('-') {
        out.push("must not begin or end with a hyphen");
    }
    out
}

/// Whether a number is a port.
pub(crate) fn is_port(number: i64) -> bool {
    (1..=65535).contains(&number)
}

/// `IsRelaxedEnvVarName`.
pub(crate) fn env_name(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.is_empty() {
        out.push("environment variable name must be non-empty");
    }
    if value.chars().any(|c| !matches!(c, ' '..='~') || c == '=') {
        out.push(
            "a valid environment variable name must consist only of printable ASCII characters other than '='",
        );
    }
    out
}

/// `IsConfigMapKey`.
pub(crate) fn config_map_key(value: &str) -> Messages {
    let mut out = Messages::new();
    if value.len() > 253 {
        out.push("must be no more than 253 characters");
    }
    if value.is_empty() || !value.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._".contains(&c)) {
        out.push(CONFIG_KEY);
    }
    if value == "." {
        out.push("must not be '.'");
    } else if value == ".." {
        out.push("must not be '..'");
    } else if value.starts_with("..") {
        out.push("must not start with '..'");
    }
    out
}

/// `IsHTTPHeaderName`.
pub(crate) fn http_header(value: &str) -> Messages {
    let good = !value.is_empty() && value.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    if good { Messages::new() } else { vec![HTTP_HEADER] }
}

/// `IsValidPercent`.
pub(crate) fn percent(value: &str) -> Messages {
    let digits = value.strip_suffix('%').unwrap_or("");
    let good = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    if good { Messages::new() } else { vec![PERCENT] }
}

/// What is said of a text that is not a range of addresses.
pub(crate) const CIDR: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/// Whether a text is a range of addresses: `10.9.8.0/24`.
pub(crate) fn is_cidr(text: &str) -> bool {
    text.split_once('/').is_some_and(|(address, bits)| {
        let most = match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return false,
        };
        bits.parse::<u32>().is_ok_and(|bits| bits <= most)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_as_recorded() {
        assert_eq!(dns_label("Web"), [LABEL]);
        assert_eq!(dns_label(&"w".repeat(64)), ["must be no more than 63 characters"]);
        assert_eq!(dns_label("a.b"), ["must not contain dots"]);
        assert_eq!(label_value(&"m".repeat(64)), ["must be no more than 63 bytes"]);
        assert!(label_value("").is_empty());
        assert_eq!(qualified_name("a/b/c"), [KEY]);
        assert!(qualified_name("example.com/My_Name").is_empty());
    }

    #[test]
    fn a_prefix_may_end_in_a_dash() {
        assert!(name_is_subdomain("web-", true).is_empty());
        assert_eq!(name_is_subdomain("web-", false), [SUBDOMAIN]);
    }

    #[test]
    fn checks_small_formats() {
        assert!(port_name("web").is_empty());
        assert_eq!(port_name("80"), ["must contain at least one letter (a-z)"]);
        assert!(percent("50%").is_empty() && !percent("%").is_empty());
        assert!(config_map_key("a.b_c-d").is_empty() && !config_map_key("a/b").is_empty());
        assert!(env_name("A B-1").is_empty() && !env_name("A=B").is_empty());
    }
}
