//! What is said of a mistake in a manifest besides the server's own words, and what mends it, in both languages.

use apimachinery::Lang;

use crate::edits::Edit;

/// What is the matter, where we know what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// Something like this was meant.
    DidYouMean(String),
    /// The value is none of those that are allowed.
    NoSuchValue(String),
    /// The field is none of those that stand here.
    NoSuchField(String),
    /// A field is to be written.
    Required(String),
    /// The selector does not select the Pods of the template.
    SelectorMismatch,
    /// These fields stay as they were made.
    Immutable(String),
    /// A number, or a truth value, is to be written.
    WantsPlain,
    /// A text is to be written.
    WantsText,
    /// A tab stands where blanks are to.
    Tab,
}

/// What a quick fix does; a page has a button for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixLabel {
    /// It writes this instead.
    ChangeTo(String),
    /// It takes a field out.
    Remove(String),
    /// It writes a field that lacks.
    Insert(String),
    /// The template gets the selector's labels.
    CopyLabels,
    /// The selector gets the template's labels.
    SelectLabels,
    /// What may not change is as the cluster has it.
    TakeBack,
    /// It types the commands that make the object anew.
    Recreate,
    /// It puts blanks in the place of tabs.
    Blanks,
}

/// How a quick fix mends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// By changes of the text.
    Edits(Vec<Edit>),
    /// By a command line, which is typed and not run.
    Type(String),
}

/// Something that mends a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickFix {
    /// What it does.
    pub label: FixLabel,
    /// How.
    pub remedy: Remedy,
}

impl Hint {
    /// The sentence, with what is written in code in it.
    pub fn sentence(&self, lang: Lang) -> String {
        let [en, zh] = match self {
            Self::DidYouMean(word) => [format!("Did you mean {word}?"), format!("是不是想写 {word}？")],
            Self::NoSuchValue(word) => {
                [format!("{word} is none of the allowed values."), format!("{word} 不在允许的取值里。")]
            }
            Self::NoSuchField(name) => {
                [format!("There is no field {name} here."), format!("这里没有 {name} 这个字段。")]
            }
            Self::Required(name) => [format!("{name} is required here."), format!("这里必须写 {name}。")],
            Self::SelectorMismatch => [
                "The selector does not select the Pods of its template.".to_owned(),
                "选择器选不中模板里的 Pod。".to_owned(),
            ],
            Self::Immutable(names) => [
                format!("{names} cannot change in an object that exists."),
                format!("对象创建之后，{names} 就不能改了。"),
            ],
            Self::WantsPlain => [
                "This is a text; without quotes it is what is wanted.".to_owned(),
                "这是文本；去掉引号才是这里要的类型。".to_owned(),
            ],
            Self::WantsText => [
                "A text is wanted here: put it in quotes.".to_owned(),
                "这里要的是文本，请加引号。".to_owned(),
            ],
            Self::Tab => [
                "YAML is indented with blanks, not with tabs.".to_owned(),
                "YAML 用空格缩进，不能用 Tab。".to_owned(),
            ],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }
}

impl FixLabel {
    /// The words of its button.
    pub fn text(&self, lang: Lang) -> String {
        let [en, zh] = match self {
            Self::ChangeTo(word) => [format!("Change to {word}"), format!("改成 {word}")],
            Self::Remove(name) => [format!("Remove {name}"), format!("删掉 {name}")],
            Self::Insert(member) => [format!("Write {member}"), format!("补上 {member}")],
            Self::CopyLabels => [
                "Copy the selector's labels into the template".to_owned(),
                "把选择器的标签抄进模板".to_owned(),
            ],
            Self::SelectLabels => {
                ["Select by the template's labels".to_owned(), "选择器改用模板的标签".to_owned()]
            }
            Self::TakeBack => {
                ["Take it back to what the cluster has".to_owned(), "改回集群里的样子".to_owned()]
            }
            Self::Recreate => [
                "Type the commands that make it anew, Pods kept".to_owned(),
                "输入重建它的命令（Pod 不动）".to_owned(),
            ],
            Self::Blanks => ["Indent with blanks".to_owned(), "改用空格缩进".to_owned()],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }
}
