//! A workspace: a name, documents, and a session of their own. One is on stage, the others are tabs beside it.
//!
//! Each is kept under its own name in the browser's storage, as two texts: its *head* (name and documents), which can
//! be read before the engine has come, and its *run*, the session's script. What is there is what the storage has, so
//! no list can be wrong about it.

use api::Key;
use apimachinery::Lang;
use serde_json::{Value, json};
use session::examples::EXAMPLES;
use session::{Document, Documents, Session};

use crate::told_examples::told;

/// The version of a head's text.
const VERSION: u64 = 1;
/// A name has at most so many characters.
const NAME_MAX: usize = 40;

/// A workspace as it is kept: nothing where nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// Its name and documents.
    pub head: Option<String>,
    /// What was done in it, as a script; nothing if nothing was.
    pub run: Option<String>,
}

impl Texts {
    /// Whether the same was typed and done: how far time has gone, and what is open or selected, is no work.
    pub fn is_same_work(&self, other: &Self) -> bool {
        let work = |text: &Option<String>| {
            let mut value: Value = serde_json::from_str(text.as_deref()?).ok()?;
            let members = value.as_object_mut()?;
            for member in ["open", "until", "cursor", "view"] {
                members.remove(member);
            }
            Some(value)
        };
        work(&self.head) == work(&other.head) && work(&self.run) == work(&other.run)
    }
}

/// What of a workspace can be saved as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Its documents.
    Files,
    /// All that was done, with its branches.
    Run,
    /// The terminal's screen.
    Terminal,
    /// The cluster's objects.
    Objects,
    /// The answer to "why".
    Why,
}

impl Piece {
    /// How the file's name ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Files => ".yaml",
            Self::Run => ".json",
            Self::Terminal => ".txt",
            Self::Objects => "-objects.yaml",
            Self::Why => ".md",
        }
    }
}

/// Why a workspace is no longer among the tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its tab was closed.
    Closed,
    /// Something took the place of what was in it.
    Replaced,
    /// What was done in it could not be done again.
    Aside,
}

impl Cause {
    const ALL: [Self; 3] = [Self::Closed, Self::Replaced, Self::Aside];

    const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Replaced => "replaced",
            Self::Aside => "aside",
        }
    }
}

/// That a workspace is no longer among the tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Why.
    pub cause: Cause,
    /// When, as a clock on the wall says: `14:02`.
    pub at: String,
    /// Its place among those that are gone; a later one has a higher number.
    pub nth: u64,
}

/// A workspace.
#[derive(Debug)]
pub struct Space {
    /// Under which it is kept.
    pub id: String,
    /// What a person calls it; nothing if it has an example's name.
    pub name: Option<String>,
    /// The example that it began with, by its place.
    pub example: Option<usize>,
    /// It is no longer among the tabs.
    pub gone: Option<Gone>,
    /// Its session while it is not on stage; while it is, the model has it.
    pub session: Session,
    /// The session has a cluster.
    pub started: bool,
    /// What was done in an earlier visit and is not taken up yet.
    pub run: Option<String>,
    /// What was done ended an earlier visit; the person is asked before it is done again.
    pub doubted: bool,
    /// What was selected when it left the stage.
    pub selected: Option<Key>,
    /// A person has changed something in it.
    pub mine: bool,
    /// When it was last on stage, as a number that grows.
    pub seen: u64,
    /// What of it is kept, as far as this page has written or read it.
    pub written: Texts,
    /// What was kept of it before that: what this page went on from.
    pub known: Texts,
    /// What another browser tab has written since.
    pub theirs: Option<Texts>,
}

impl Space {
    /// A workspace with documents, of which none was applied.
    pub fn new(id: String, documents: Documents) -> Self {
        let mut session = Session::vacant(None);
        session.documents = documents;
        Self {
            id,
            name: None,
            example: None,
            gone: None,
            session,
            started: false,
            run: None,
            doubted: false,
            selected: None,
            mine: false,
            seen: 0,
            written: Texts::default(),
            known: Texts::default(),
            theirs: None,
        }
    }

    /// One with an example's documents. Its name in the storage is the example's, so that two pages that open it keep
    /// one between them; `id` is another one, if that is taken.
    pub fn of_example(at: usize, id: Option<String>) -> Self {
        let example = EXAMPLES.get(at);
        let id = id.or_else(|| Some(example?.slug.to_owned())).unwrap_or_default();
        Self { example: example.map(|_| at), ..Self::new(id, documents_of(at)) }
    }

    /// What was kept of one; nothing if the text cannot be read.
    pub fn read(id: &str, texts: Texts) -> Option<Self> {
        let head: Value = serde_json::from_str(texts.head.as_deref()?).ok()?;
        if head.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let all = head.get("documents")?.as_array()?;
        let document = |value: &Value| {
            let applied = match value.get("applied") {
                Some(Value::Bool(true)) => text(value, "text"),
                _ => text(value, "applied"),
            };
            Some(Document { name: text(value, "name")?, text: text(value, "text")?, applied })
        };
        let all = all.iter().map(document).collect::<Option<Vec<_>>>()?;
        let open = head.get("open").and_then(Value::as_u64).and_then(|open| usize::try_from(open).ok());
        let slug = text(&head, "example");
        let gone = head.get("gone").and_then(|gone| {
            let cause = text(gone, "cause")?;
            let cause = Cause::ALL.into_iter().find(|known| known.name() == cause)?;
            Some(Gone { cause, at: text(gone, "at")?, nth: gone.get("nth")?.as_u64()? })
        });
        let mut space = Self::new(id.to_owned(), Documents::of(all, open.unwrap_or(0)));
        space.name = text(&head, "name");
        space.example = EXAMPLES.iter().position(|example| Some(example.slug) == slug.as_deref());
        space.gone = gone;
        space.run.clone_from(&texts.run);
        space.written = texts;
        space.mine = space.is_touched(&space.session.documents, space.has_deeds());
        Some(space)
    }

    /// Its head as a text, with the documents as they are.
    pub fn head(&self, documents: &Documents) -> String {
        let all = documents.all.iter().map(|document| {
            let mut value = json!({"name": document.name, "text": document.text});
            if let (Some(applied), Value::Object(members)) = (&document.applied, &mut value) {
                let same = *applied == document.text;
                let applied = if same { Value::Bool(true) } else { applied.as_str().into() };
                members.insert("applied".to_owned(), applied);
            }
            value
        });
        let mut head = json!({
            "version": VERSION,
            "open": documents.open,
            "documents": all.collect::<Vec<_>>(),
        });
        let mut put = |name: &str, value: Value| {
            if let Value::Object(members) = &mut head {
                members.insert(name.to_owned(), value);
            }
        };
        if let Some(name) = &self.name {
            put("name", name.as_str().into());
        }
        if let Some(example) = self.example.and_then(|at| EXAMPLES.get(at)) {
            put("example", example.slug.into());
        }
        if let Some(Gone { cause, at, nth }) = &self.gone {
            put("gone", json!({"cause": cause.name(), "at": at, "nth": nth}));
        }
        head.to_string()
    }

    /// Whether the run that is still to be taken up has deeds: then it needs the whole program.
    pub fn has_deeds(&self) -> bool {
        self.run.as_ref().is_some_and(|text| text.contains("\"deeds\""))
    }

    /// Whether a person has changed something: an untouched example can be had again at any time.
    pub fn is_touched(&self, documents: &Documents, has_deeds: bool) -> bool {
        let as_given = || {
            let Some(example) = self.example.and_then(|at| EXAMPLES.get(at)) else {
                return documents.all.iter().all(|document| document.text.trim().is_empty());
            };
            let given = example.files.iter().map(|(name, text)| (*name, *text));
            documents.all.iter().map(|document| (document.name.as_str(), document.text.as_str())).eq(given)
        };
        has_deeds || !as_given()
    }

    /// What it is called, in a language.
    pub fn label(&self, lang: Lang) -> String {
        let given = self.name.clone();
        let of_example = || self.example.map(|at| told(at).name.of(lang).to_owned());
        given.or_else(of_example).unwrap_or_else(|| self.id.clone())
    }
}

/// What went last, while undoing is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// What it was called.
    pub name: String,
    /// Why it went.
    pub cause: Cause,
    /// Documents in it.
    pub files: usize,
    /// What a person did in it.
    pub inputs: usize,
    /// Under which name it is kept.
    pub id: String,
    /// The document whose text was replaced.
    pub document: Option<Document>,
}

/// What is said of workspaces above the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What was done in one of this name could not be done again, or was stopped; it is kept aside.
    Aside(String),
    /// The same after a mistake of ours: the last deed was left out.
    StepBack(String),
    /// So many are there that this release cannot read; they stay as they are.
    Unreadable(usize),
    /// Another browser tab has changed this one.
    Elsewhere(String),
    /// Another browser tab has changed it, too, so this one goes on under this name.
    Split(String),
    /// There are as many tabs as there can be.
    Full,
}

/// An example's documents.
fn documents_of(at: usize) -> Documents {
    let files = EXAMPLES.get(at).map_or(&[][..], |example| example.files);
    Documents::of(files.iter().map(|(name, text)| Document::new(name, text)).collect(), 0)
}

/// A name as it is taken: without blanks around it, and not too long.
pub fn as_name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|letter| !letter.is_control()).take(NAME_MAX).collect();
    Some(name).filter(|name| !name.is_empty())
}

/// The next name of the same kind: `my set`, `my set (2)`, `my set (3)`.
pub fn next_name(name: &str, taken: &[String]) -> String {
    let stem = name
        .rsplit_once(" (")
        .filter(|(_, rest)| rest.strip_suffix(')').is_some_and(|number| number.parse::<u32>().is_ok()));
    let stem = stem.map_or(name, |(stem, _)| stem);
    let names = (2..).map(|number: u32| format!("{stem} ({number})"));
    names.take(taken.len() + 1).find(|name| !taken.contains(name)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_on_counting() {
        let taken = ["my set".to_owned(), "my set (2)".to_owned()];
        assert_eq!(next_name("my set", &taken), "my set (3)");
        assert_eq!(next_name("my set (2)", &taken), "my set (3)");
        assert_eq!(next_name("web (old)", &[]), "web (old) (2)");
        assert_eq!(as_name("  a\tb  "), Some("ab".to_owned()));
        assert_eq!(as_name("   "), None);
    }

    #[test]
    fn time_that_goes_by_is_no_work() {
        let texts = |head: &str, run: &str| Texts { head: Some(head.to_owned()), run: Some(run.to_owned()) };
        let deeds =
            |until: i64| format!(r#"{{"deeds":[{{"at":0,"line":"x"}}],"ordinal":1,"until":{until}}}"#);
        let one = texts(r#"{"version":1,"open":0,"documents":[]}"#, &deeds(5));
        assert!(one.is_same_work(&texts(r#"{"version":1,"open":1,"documents":[]}"#, &deeds(9))));
        assert!(!one.is_same_work(&texts(r#"{"version":1,"open":0,"documents":[]}"#, r#"{"ordinal":1}"#)));
        assert!(!one.is_same_work(&texts(r#"{"version":1,"open":0,"documents":[1]}"#, &deeds(5))));
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let mut space = Space::of_example(1, None);
        space.name = Some("my canary".to_owned());
        space.gone = Some(Gone { cause: Cause::Replaced, at: "14:02".to_owned(), nth: 7 });
        if let Some(document) = space.session.documents.all.first_mut() {
            document.applied = Some("before".to_owned());
        }
        let head = space.head(&space.session.documents);
        let texts = Texts { head: Some(head.clone()), run: None };
        let again = Space::read("x", texts).expect("our own text");
        assert_eq!((&again.name, again.example, &again.gone), (&space.name, Some(1), &space.gone));
        assert_eq!(again.session.documents, space.session.documents);
        assert_eq!(again.head(&again.session.documents), head);
        for text in ["", "{", "[]", r#"{"version":2,"documents":[]}"#, r#"{"version":1,"documents":[{}]}"#] {
            let texts = Texts { head: Some(text.to_owned()), run: None };
            assert!(Space::read("x", texts).is_none(), "{text}");
        }
    }
}
