//! How a person refers to an object: `pod/web-1`, or with a namespace in front `other/pod/web-1`.

use api::{Key, Kind};

/// The kind of this name, as kubectl takes it.
///
/// # Errors
/// There is no such kind.
pub fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_resource(name).ok_or_else(|| format!("the server doesn't have a resource type \"{name}\""))
}

/// The object that is meant.
///
/// # Errors
/// The reference is not of this form, or there is no such kind.
pub fn read(reference: &str) -> Result<Key, String> {
    let parts: Vec<&str> = reference.split('/').collect();
    let (namespace, named, name) = match parts.as_slice() {
        [named, name] => ("default", *named, *name),
        [namespace, named, name] => (*namespace, *named, *name),
        _ => return Err(format!("\"{reference}\" is not `kind/name`")),
    };
    let kind = kind(named)?;
    Ok(Key::new(kind, if kind.info().namespaced { namespace } else { "" }, name))
}

/// The reference to an object.
pub fn write(key: &Key) -> String {
    match &*key.namespace {
        "" | "default" => key.to_string(),
        namespace => format!("{namespace}/{key}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let keys = [
            Key::new(Kind::Pod, "default", "web-1"),
            Key::new(Kind::StatefulSet, "other", "web"),
            Key::new(Kind::Node, "", "node-1"),
        ];
        let texts = ["pod/web-1", "other/statefulset/web", "node/node-1"];
        for (key, text) in keys.iter().zip(texts) {
            assert_eq!((write(key).as_str(), read(text).as_ref()), (text, Ok(key)));
        }
        assert!(read("web-1").is_err() && read("a/b/c/d").is_err() && read("dance/web").is_err());
    }
}
