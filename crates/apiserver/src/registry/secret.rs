//! Secrets.
//!
//! Models: `ValidateSecret`, `ValidateSecretUpdate`, `SetDefaults_Secret`, the conversion of
//! `stringData`.

use api::Object;
use apimachinery::base64::Alphabet;
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{ErrorList, FieldErrorKind, Path, jsonsyntax};
use serde_json::Value;

use super::configmap::{DATA_SIZE_MAX, validate_immutable_data};
use super::content;
use super::objectmeta::{invalid_each, validate_immutable, validate_object_meta_update};
use super::strategy::Strategy;

pub(crate) struct SecretStrategy;

/// The keys that a type requires.
fn required_keys(ty: &str) -> &'static [&'static str] {
    match ty {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        _ => &[],
    }
}

impl Strategy for SecretStrategy {
    fn defaults(&self, object: &mut Object) {
        if object.field("type").as_str().unwrap_or("").is_empty() {
            object.set_field("type", "Opaque".into());
        }
        let plain = object.field("stringData").clone();
        object.set_field("stringData", Value::Null);
        for (key, text) in plain.as_object().into_iter().flatten() {
            let encoded = Alphabet::Standard.encode(text.as_str().unwrap_or("").as_bytes());
            set_at(object.field_mut("data"), &[key], encoded.into());
        }
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let (path, data) = (Path::new("data"), object.field("data"));
        let mut size = 0;
        for (key, value) in data.as_object().into_iter().flatten() {
            invalid_each(errors, &path.key(key), key, content::config_map_key(key));
            size += Alphabet::Standard.decode(value.as_str().unwrap_or("")).map_or(0, |bytes| bytes.len());
        }
        if size > DATA_SIZE_MAX {
            let detail = format!("may not be more than {DATA_SIZE_MAX} bytes");
            errors.push(FieldErrorKind::TooLong, &path, Value::Null, detail);
        }
        let ty = object.field("type").as_str().unwrap_or("");
        for key in required_keys(ty) {
            if data.get(key).is_none() {
                errors.required(&path.key(key), "");
            }
        }
        let config = data.get(".dockerconfigjson").and_then(Value::as_str).and_then(plain);
        if let Some(config) = config.filter(|_| ty == "kubernetes.io/dockerconfigjson")
            && let Some(why) = jsonsyntax::problem(&config)
        {
            errors.invalid(&path.key(".dockerconfigjson"), "<secret contents redacted>", why);
        }
        if ty == "kubernetes.io/basic-auth"
            && data.get("username").is_none()
            && data.get("password").is_none()
        {
            errors.required(&path.key("username"), "");
            errors.required(&path.key("password"), "");
        }
        let account = "kubernetes.io/service-account.name";
        if ty == "kubernetes.io/service-account-token" && object.metadata.annotation(account).is_empty() {
            errors.required(&Path::new("metadata.annotations").key(account), "");
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        validate_immutable(errors, new.field("type"), old.field("type"), &Path::new("type"));
        validate_immutable_data(errors, new, old, &["data"]);
        self.validate(errors, new);
    }

    fn warnings(&self, new: &Object, _old: Option<&Object>) -> Vec<String> {
        if new.field("type").as_str() != Some("kubernetes.io/tls") {
            return Vec::new();
        }
        let lacks = |key: &str| {
            let text = new.field("data").str_at(&[key]);
            plain(text).is_none_or(|text| !text.contains("-----BEGIN "))
        };
        let missing =
            [("tls.crt", "certificate"), ("tls.key", "key")].into_iter().find(|(key, _)| lacks(key));
        Vec::from_iter(missing.map(|(_, name)| format!("tls: failed to find any PEM data in {name} input")))
    }
}

/// The text that base64 stands for, if it is text.
fn plain(text: &str) -> Option<String> {
    String::from_utf8(Alphabet::Standard.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use api::Kind;
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_strings_become_data() {
        let mut secret = Object::new(Kind::Secret, "default", "s");
        secret.set_field("stringData", json!({"a": "hello", "b": "", "c": "xy"}));
        SecretStrategy.defaults(&mut secret);
        assert_eq!(secret.field("data"), &json!({"a": "aGVsbG8=", "b": "", "c": "eHk="}));
        assert!(secret.field("stringData").is_null());
        assert_eq!(secret.field("type"), "Opaque");
    }
}
