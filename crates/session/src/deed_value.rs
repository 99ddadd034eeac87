//! A deed as JSON, for what is kept of a session: `{"at_micros": 0, "act": {"Apply": {…}}}`.
//!
//! Written by hand, as [`Fault`]'s is, to keep the page small.

use apimachinery::value::ValueExt;
use cluster::Fault;
use serde_json::{Map, Value};

use crate::script::{Act, Deed};

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Object(members.collect::<Map<_, _>>())
}

impl From<Deed> for Value {
    fn from(deed: Deed) -> Self {
        let (name, facts) = match deed.act {
            Act::Command { line, files } => {
                let files = files.into_iter().map(|(name, text)| Self::from(vec![name, text])).collect();
                ("Command", object([("line", line.into()), ("files", Self::Array(files))]))
            }
            Act::Apply { name, text } => ("Apply", object([("name", name.into()), ("text", text.into())])),
            Act::Fault { fault, text } => ("Fault", object([("fault", fault.into()), ("text", text.into())])),
        };
        object([("at_micros", deed.at_micros.into()), ("act", object([(name, facts)]))])
    }
}

impl TryFrom<Value> for Deed {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let at_micros = value.i64_at(&["at_micros"]).ok_or("no moment")?;
        let act = value.map_at(&["act"]).and_then(|parts| parts.iter().next());
        let (name, facts) = act.ok_or("not an act")?;
        let text = |member: &str| facts.str_at(&[member]).to_owned();
        let act = match name.as_str() {
            "Command" => {
                let file = |parts: &Value| {
                    let part = |at: usize| parts.get(at).and_then(Value::as_str).unwrap_or_default();
                    (part(0).to_owned(), part(1).to_owned())
                };
                Act::Command {
                    line: text("line"),
                    files: facts.list_at(&["files"]).iter().map(file).collect(),
                }
            }
            "Apply" => Act::Apply { name: text("name"), text: text("text") },
            "Fault" => {
                let fault = facts.at(&["fault"]).cloned().unwrap_or_default();
                Act::Fault { fault: Fault::try_from(fault)?, text: text("text") }
            }
            _ => return Err("no such act"),
        };
        Ok(Self { at_micros, act })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let acts = [
            Act::Command {
                line: "kubectl apply -f a.yaml".to_owned(),
                files: vec![("a.yaml".to_owned(), "kind: Pod\n".to_owned())],
            },
            Act::Apply { name: "a.yaml".to_owned(), text: "kind: Pod\n".to_owned() },
            Act::Fault { fault: Fault::PowerOff { node: "node-1".to_owned() }, text: "off".to_owned() },
        ];
        for act in acts {
            let deed = Deed { at_micros: 1_500_000, act };
            let text = serde_json::to_string(&deed).unwrap();
            assert_eq!(serde_json::from_str::<Deed>(&text).unwrap(), deed, "{text}");
        }
        assert!(serde_json::from_str::<Deed>(r#"{"at_micros": 0, "act": {"Dance": {}}}"#).is_err());
    }
}
