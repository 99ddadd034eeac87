//! Writes a script as its one canonical text.
//!
//! Members are in alphabetical order, without blanks, and what is as usual is left out. A long text that occurs more
//! than once stands in `texts`, and a number in its place.

use std::rc::Rc;

use apimachinery::Lang;
use apimachinery::sorted::SortedMap;
use serde_json::{Map, Value};

use super::{Left, Line, MARK, Script, VERSION, options};
use crate::act::{Act, Deed};
use crate::laboratory::version_of;

/// A text of fewer bytes is not worth a place in `texts`.
const SHARED_MIN: usize = 32;

/// The texts of a script: how often each occurs, and its place among those that are shared.
struct Texts<'s> {
    counts: SortedMap<&'s str, usize>,
    shared: Vec<&'s str>,
}

impl<'s> Texts<'s> {
    fn of(script: &'s Script) -> Self {
        let mut all: Vec<&str> = Vec::new();
        for document in &script.documents {
            all.push(&document.text);
            all.extend(document.applied.as_deref());
        }
        let lines = std::iter::once(&script.line).chain(script.branches.iter().map(|left| &left.line));
        for deed in lines.flat_map(|line| &line.deeds) {
            match &deed.act {
                Act::Line { files, .. } => all.extend(files.iter().map(|(_, text)| text.as_str())),
                Act::Apply { text, .. } | Act::Edited { text } => all.push(text),
                Act::Interrupt
                | Act::Fault { .. }
                | Act::Omitted { .. }
                | Act::Start { .. }
                | Act::Feed { .. }
                | Act::End { .. }
                | Act::Direct(_) => {}
            }
        }
        let mut texts = Self { counts: SortedMap::new(), shared: Vec::new() };
        for text in all {
            let count = texts.counts.entry(text).or_insert(0);
            *count += 1;
            if *count == 2 && text.len() >= SHARED_MIN {
                texts.shared.push(text);
            }
        }
        texts
    }

    fn value(&self, text: &str) -> Value {
        let place = self.shared.iter().position(|shared| *shared == text);
        place.map_or_else(|| text.into(), Into::into)
    }
}

impl Script {
    /// The canonical text of this script.
    pub fn to_text(&self) -> String {
        self.to_value().to_string()
    }

    fn to_value(&self) -> Value {
        let texts = Texts::of(self);
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put(MARK, self.cluster.as_ref().map_or(VERSION, version_of).into());
        let cluster = self.cluster.as_ref().map(options::write).unwrap_or_default();
        if !cluster.is_empty() {
            put("cluster", cluster.into());
        }
        if !self.documents.is_empty() {
            let documents = self.documents.iter().map(|document| {
                let mut members = object([("name", document.name.as_str().into())]);
                members.insert("text".to_owned(), texts.value(&document.text));
                let applied = document.applied.as_ref().map(|applied| {
                    if *applied == document.text { true.into() } else { texts.value(applied) }
                });
                members.extend(applied.map(|applied| ("applied".to_owned(), applied)));
                Value::Object(members)
            });
            put("documents", documents.collect());
        }
        if self.open != 0 {
            put("open", self.open.into());
        }
        for (name, value) in line(&self.line, &texts) {
            put(&name, value);
        }
        if !self.branches.is_empty() {
            put("branches", self.branches.iter().map(|left| branch(left, &texts)).collect());
        }
        if let Some(cursor) = self.cursor {
            put("cursor", cursor.into());
        }
        if let Some(lang) = self.lang {
            put(
                "lang",
                match lang {
                    Lang::En => "en",
                    Lang::ZhCn => "zh-CN",
                }
                .into(),
            );
        }
        if let Some(view) = &self.view {
            put("view", view.clone());
        }
        if !texts.shared.is_empty() {
            put("texts", texts.shared.iter().copied().map(Value::from).collect());
        }
        Value::Object(members)
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn branch(left: &Left, texts: &Texts<'_>) -> Value {
    let mut members = line(&left.line, texts);
    members.insert("at".to_owned(), left.forked_at.into());
    members.insert("name".to_owned(), left.name.as_str().into());
    Value::Object(members)
}

fn line(line: &Line, texts: &Texts<'_>) -> Map<String, Value> {
    let mut members = Map::new();
    let deeds: Vec<Value> = line.deeds.iter().filter_map(|each| deed(each, texts)).collect();
    if !deeds.is_empty() {
        members.insert("deeds".to_owned(), deeds.into());
    }
    if line.until != 0 {
        members.insert("until".to_owned(), line.until.into());
    }
    members
}

/// A deed; nothing for those that programs do, which have no place in a person's script.
fn deed(deed: &Rc<Deed>, texts: &Texts<'_>) -> Option<Value> {
    let mut members = match &deed.act {
        Act::Line { line, files } if files.is_empty() => object([("line", line.as_str().into())]),
        Act::Line { line, files } => {
            let files: Map<_, _> =
                files.iter().map(|(name, text)| (name.clone(), texts.value(text))).collect();
            object([("line", line.as_str().into()), ("files", files.into())])
        }
        Act::Apply { name, text } => object([("apply", name.as_str().into()), ("text", texts.value(text))]),
        Act::Edited { text } => object([("edited", texts.value(text))]),
        Act::Interrupt => object([("interrupt", true.into())]),
        Act::Fault { fault, text } => {
            object([("fault", fault.clone().into()), ("says", text.as_str().into())])
        }
        Act::Omitted { line, bytes } => {
            object([("omitted", (*bytes).into()), ("line", line.as_str().into())])
        }
        Act::Start { .. } | Act::Feed { .. } | Act::End { .. } | Act::Direct(_) => return None,
    };
    members.insert("at".to_owned(), deed.at_micros.into());
    Some(Value::Object(members))
}
