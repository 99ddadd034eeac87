//! Reads a script from its text.

use std::fmt;
use std::rc::Rc;

use apimachinery::Lang;
use apimachinery::value::ValueExt;
use cluster::Fault;
use serde_json::Value;

use super::{Left, Limits, Line, MARK, Script, VERSION, options};
use crate::act::{Act, Deed};
use crate::documents::Document;
use crate::laboratory::of_version;

/// Documents that a script may have.
const DOCUMENTS_MAX: usize = 100;
/// Branches that a script may have.
const BRANCHES_MAX: usize = 100;

/// Why a text is refused as a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is longer than is allowed.
    TooLong {
        /// How long it may be, in bytes.
        most: usize,
    },
    /// It is no script: no JSON, or without the version.
    NoScript,
    /// A later release of the page wrote it.
    Newer,
    /// A member is not as it should be, or asks for more than is allowed.
    Wrong {
        /// Where: `deeds[3].at`.
        place: String,
        /// What should stand there.
        wanted: String,
    },
}

impl Refused {
    /// What is the matter, for a person.
    pub fn sentence(&self, lang: Lang) -> String {
        let zh = lang == Lang::ZhCn;
        match self {
            Self::TooLong { most } => {
                let most = most >> 20;
                if zh {
                    format!("脚本超过 {most} MiB，因此没有打开。")
                } else {
                    format!("The script is longer than {most} MiB, so it was not opened.")
                }
            }
            Self::NoScript if zh => "这里没有可以打开的脚本，链接可能不完整。".to_owned(),
            Self::NoScript => "There is no script to open; part of the link may be missing.".to_owned(),
            Self::Newer if zh => "这个脚本由更新的版本写成，请在最新的页面里打开。".to_owned(),
            Self::Newer => "A later release wrote this script; open it in the latest page.".to_owned(),
            Self::Wrong { place, wanted } if zh => format!("脚本的 {place} 无法读取，需要：{wanted}。"),
            Self::Wrong { place, wanted } => {
                format!("The script cannot be read at {place}: it needs {wanted}.")
            }
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { most } => write!(f, "longer than {most} bytes"),
            Self::NoScript => f.write_str("no script"),
            Self::Newer => f.write_str("written by a later release"),
            Self::Wrong { place, wanted } => write!(f, "{place}: {wanted}"),
        }
    }
}

fn wrong(place: impl Into<String>, wanted: impl Into<String>) -> Refused {
    Refused::Wrong { place: place.into(), wanted: wanted.into() }
}

/// What is at hand while a script is read.
struct Reader<'v> {
    texts: &'v [Value],
    limits: Limits,
    /// Deeds that may still come.
    deeds_left: usize,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// Why the text is no script, or what in it asks for more than `limits`.
    pub fn read(text: &str, limits: Limits) -> Result<Self, Refused> {
        if text.len() > limits.bytes {
            return Err(Refused::TooLong { most: limits.bytes });
        }
        let value: Value = serde_json::from_str(text).map_err(|_| Refused::NoScript)?;
        let version = value.at(&[MARK]).and_then(Value::as_u64).ok_or(Refused::NoScript)?;
        if version > VERSION {
            return Err(Refused::Newer);
        }
        let mut reader = Reader { texts: value.list_at(&["texts"]), limits, deeds_left: limits.deeds };
        let given = value.at(&["cluster"]).unwrap_or(&Value::Null);
        let cluster = options::read_over(of_version(version), given);
        let documents = value.list_at(&["documents"]);
        if documents.len() > DOCUMENTS_MAX {
            return Err(wrong("documents", format!("at most {DOCUMENTS_MAX}")));
        }
        let branches = value.list_at(&["branches"]);
        if branches.len() > BRANCHES_MAX {
            return Err(wrong("branches", format!("at most {BRANCHES_MAX}")));
        }
        Ok(Self {
            cluster: Some(cluster.map_err(|message| wrong("cluster", message))?),
            documents: documents
                .iter()
                .enumerate()
                .map(|(at, each)| reader.document(at, each))
                .collect::<Result<_, _>>()?,
            open: value.i64_at(&["open"]).and_then(|open| usize::try_from(open).ok()).unwrap_or(0),
            line: reader.line("", &value)?,
            branches: branches
                .iter()
                .enumerate()
                .map(|(at, each)| reader.left(&format!("branches[{at}]."), each))
                .collect::<Result<_, _>>()?,
            cursor: value.at(&["cursor"]).map(|cursor| reader.moment("cursor", cursor)).transpose()?,
            lang: match value.str_at(&["lang"]) {
                "en" => Some(Lang::En),
                "zh-CN" => Some(Lang::ZhCn),
                _ => None,
            },
            view: value.at(&["view"]).cloned(),
        })
    }
}

impl Reader<'_> {
    /// Reads a text that is given as such, or by its place in `texts`.
    fn text(&self, place: &str, value: Option<&Value>) -> Result<String, Refused> {
        let shared = |at: u64| self.texts.get(usize::try_from(at).ok()?);
        let text = value.and_then(|value| value.as_u64().map_or(Some(value), shared));
        let text = text
            .and_then(Value::as_str)
            .ok_or_else(|| wrong(place, "a text, or the place of one in texts"))?;
        Ok(text.to_owned())
    }

    /// Microseconds since 0:00.
    fn moment(&self, place: &str, value: &Value) -> Result<i64, Refused> {
        let most = i64::try_from(self.limits.span.as_micros()).unwrap_or(i64::MAX);
        let moment = value.as_i64().filter(|moment| (0..=most).contains(moment));
        moment.ok_or_else(|| wrong(place, format!("microseconds since 0:00, at most {most}")))
    }

    fn document(&self, at: usize, value: &Value) -> Result<Document, Refused> {
        let name = value.str_at(&["name"]);
        if name.is_empty() {
            return Err(wrong(format!("documents[{at}].name"), "a file name"));
        }
        let text = self.text(&format!("documents[{at}].text"), value.at(&["text"]))?;
        let applied = match value.at(&["applied"]) {
            None | Some(Value::Bool(false)) => None,
            Some(Value::Bool(true)) => Some(text.clone()),
            other => Some(self.text(&format!("documents[{at}].applied"), other)?),
        };
        Ok(Document { name: name.to_owned(), text, applied })
    }

    fn left(&mut self, place: &str, value: &Value) -> Result<Left, Refused> {
        let forked_at = self.moment(&format!("{place}at"), value.at(&["at"]).unwrap_or(&Value::Null))?;
        Ok(Left { name: value.str_at(&["name"]).to_owned(), forked_at, line: self.line(place, value)? })
    }

    fn line(&mut self, place: &str, value: &Value) -> Result<Line, Refused> {
        let list = value.list_at(&["deeds"]);
        self.deeds_left = self
            .deeds_left
            .checked_sub(list.len())
            .ok_or_else(|| wrong(format!("{place}deeds"), format!("at most {}", self.limits.deeds)))?;
        let mut deeds: Vec<Rc<Deed>> = Vec::new();
        for (at, each) in list.iter().enumerate() {
            let place = format!("{place}deeds[{at}]");
            let deed = self.deed(&place, each)?;
            if deeds.last().is_some_and(|last| last.at_micros > deed.at_micros) {
                return Err(wrong(format!("{place}.at"), "not before the deed that stands before it"));
            }
            deeds.push(Rc::new(deed));
        }
        let last = deeds.last().map_or(0, |deed| deed.at_micros);
        let until =
            value.at(&["until"]).map(|until| self.moment(&format!("{place}until"), until)).transpose()?;
        Ok(Line { deeds, until: until.unwrap_or(last).max(last) })
    }

    fn deed(&self, place: &str, value: &Value) -> Result<Deed, Refused> {
        let at_micros = self.moment(&format!("{place}.at"), value.at(&["at"]).unwrap_or(&Value::Null))?;
        let text = |member: &str| value.at(&[member]).and_then(Value::as_str).map(str::to_owned);
        let act = if let Some(name) = text("apply") {
            Act::Apply { name, text: self.text(&format!("{place}.text"), value.at(&["text"]))? }
        } else if let Some(edited) = value.at(&["edited"]) {
            Act::Edited { text: self.text(&format!("{place}.edited"), Some(edited))? }
        } else if value.bool_at(&["interrupt"]) == Some(true) {
            Act::Interrupt
        } else if let Some(fault) = value.at(&["fault"]) {
            let fault = Fault::try_from(fault.clone()).map_err(|why| wrong(format!("{place}.fault"), why))?;
            Act::Fault { fault, text: text("says").unwrap_or_default() }
        } else if let Some(line) = text("line") {
            let omitted = value.at(&["omitted"]).and_then(Value::as_u64);
            match omitted.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX)) {
                Some(bytes) => Act::Omitted { line, bytes },
                None => Act::Line { line, files: self.files(place, value)? },
            }
        } else {
            return Err(wrong(place, "line, apply, edited, interrupt or fault"));
        };
        Ok(Deed { at_micros, act })
    }

    fn files(&self, place: &str, value: &Value) -> Result<Vec<(String, String)>, Refused> {
        let files = value.map_at(&["files"]).into_iter().flatten();
        let read = |(name, text): (&String, &Value)| {
            Ok((name.clone(), self.text(&format!("{place}.files.{name}"), Some(text))?))
        };
        files.map(read).collect()
    }
}
