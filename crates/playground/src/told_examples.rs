//! What the gallery says and shows of each example, in both languages.

use apimachinery::Lang;

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Both(pub &'static str, pub &'static str);

impl Both {
    /// In one of them.
    pub const fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.0,
            Lang::ZhCn => self.1,
        }
    }
}

/// What a piece of a life looks like, in the gallery's small pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Waits.
    Pending,
    /// Is being created.
    Creating,
    /// Is Ready, with the first template.
    Ready,
    /// Is Ready, with the second one.
    Updated,
    /// Leaves.
    Leaving,
    /// Fails again and again.
    Failing,
    /// Nobody knows.
    Unknown,
}

/// A piece of a life: its look, and from where to where it goes, of 100.
pub type Piece = (Look, i32, i32);

/// An example, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it shows.
    pub name: Both,
    /// In one sentence, with what is to be done.
    pub sentence: Both,
    /// A word beside it.
    pub note: Both,
    /// The lives of its Pods.
    pub lives: &'static [&'static [Piece]],
}

/// The same order as `session::examples::EXAMPLES`.
const ALL: [Told; 7] = [
    Told {
        name: Both("Three in a row", "三个依次来"),
        sentence: Both(
            "Creation in order, names, claims. You create the class.",
            "按顺序创建，名字和申领各归各的。StorageClass 要自己建。",
        ),
        note: Both("note 003", "笔记 003"),
        lives: &[
            &[(Look::Pending, 0, 3), (Look::Creating, 3, 21), (Look::Ready, 21, 100)],
            &[(Look::Pending, 17, 20), (Look::Creating, 20, 41), (Look::Ready, 41, 100)],
            &[(Look::Pending, 38, 41), (Look::Creating, 41, 60), (Look::Ready, 60, 100)],
        ],
    },
    Told {
        name: Both("Canary by partition", "用分区做金丝雀"),
        sentence: Both(
            "Apply both files: only web-2 gets the new image.",
            "两个文件依次应用，只有 web-2 换成新镜像。",
        ),
        note: Both("3 Pods, 2 files", "3 个 Pod，2 个文件"),
        lives: &[
            &[(Look::Ready, 0, 100)],
            &[(Look::Ready, 0, 100)],
            &[
                (Look::Ready, 0, 34),
                (Look::Leaving, 34, 42),
                (Look::Creating, 44, 58),
                (Look::Updated, 58, 100),
            ],
        ],
    },
    Told {
        name: Both("A bad image, taken back", "坏镜像，撤回来"),
        sentence: Both(
            "Why applying the good file again does not heal it.",
            "再应用一次好的文件，为什么还是恢复不了。",
        ),
        note: Both("stuck on purpose", "故意卡住"),
        lives: &[
            &[(Look::Ready, 0, 100)],
            &[(Look::Ready, 0, 100)],
            &[
                (Look::Ready, 0, 24),
                (Look::Leaving, 24, 31),
                (Look::Creating, 32, 39),
                (Look::Failing, 39, 100),
            ],
        ],
    },
    Told {
        name: Both("No default class", "没有默认的 StorageClass"),
        sentence: Both("A claim that waits for ever.", "一个永远等不到卷的申领。"),
        note: Both("stuck on purpose", "故意卡住"),
        lives: &[&[(Look::Pending, 0, 100)]],
    },
    Told {
        name: Both("A node goes silent", "节点失去联系"),
        sentence: Both(
            "Select a node and power it off: its Pod cannot come back.",
            "选中一个节点，让它断电：上面的 Pod 回不来了。",
        ),
        note: Both("3 Pods", "3 个 Pod"),
        lives: &[
            &[(Look::Ready, 0, 100)],
            &[(Look::Ready, 0, 36), (Look::Unknown, 36, 100)],
            &[(Look::Ready, 0, 100)],
        ],
    },
    Told {
        name: Both("Parallel, twelve at once", "并行，十二个一起来"),
        sentence: Both("What you gain, what you give up.", "得到什么，放弃什么。"),
        note: Both("12 Pods", "12 个 Pod"),
        lives: &[
            &[(Look::Pending, 0, 6), (Look::Creating, 6, 24), (Look::Ready, 24, 100)],
            &[(Look::Pending, 0, 6), (Look::Creating, 6, 29), (Look::Ready, 29, 100)],
            &[(Look::Pending, 0, 6), (Look::Creating, 6, 34), (Look::Ready, 34, 100)],
        ],
    },
    Told {
        name: Both("A set without disks", "不带磁盘的集合"),
        sentence: Both(
            "Names and records only; then the same set asks for disks.",
            "先只有名字和 DNS 记录，再让同一个集合要磁盘。",
        ),
        note: Both("note 000, 3 files", "笔记 000，3 个文件"),
        lives: &[
            &[(Look::Creating, 0, 14), (Look::Ready, 14, 100)],
            &[(Look::Creating, 14, 28), (Look::Ready, 28, 100)],
            &[(Look::Creating, 28, 42), (Look::Ready, 42, 100)],
        ],
    },
];

/// An example as it is told, by its place.
pub fn told(at: usize) -> &'static Told {
    static FIRST: &Told = &ALL[0];
    ALL.get(at).unwrap_or(FIRST)
}

/// Which examples fit what was typed: each of its words stands somewhere in what is told of them.
pub fn found(query: &str, lang: Lang) -> Vec<usize> {
    let query = query.to_lowercase();
    let fits = |told: &Told| {
        let says = [told.name, told.sentence, told.note].map(|text| text.of(lang)).join(" ").to_lowercase();
        query.split_whitespace().all(|word| says.contains(word))
    };
    ALL.iter().enumerate().filter(|(_, told)| fits(told)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use session::examples::EXAMPLES;

    use super::*;

    #[test]
    fn every_example_is_told() {
        assert_eq!(ALL.len(), EXAMPLES.len());
        let named = |slug: &str| EXAMPLES.iter().position(|example| example.slug == slug).map(told);
        assert_eq!(named("note-003").map(|told| told.note.0), Some("note 003"));
        assert_eq!(named("canary").map(|told| told.name.0), Some("Canary by partition"));
        assert_eq!(named("bad-image").map(|told| told.name.0), Some("A bad image, taken back"));
        assert_eq!(named("no-class").map(|told| told.name.0), Some("No default class"));
        assert_eq!(named("silent-node").map(|told| told.name.0), Some("A node goes silent"));
        assert_eq!(named("parallel").map(|told| told.name.0), Some("Parallel, twelve at once"));
        assert_eq!(named("note-000").map(|told| told.note.0), Some("note 000, 3 files"));
    }

    #[test]
    fn examples_are_found_by_typing() {
        let names =
            |query, lang| -> Vec<&str> { found(query, lang).iter().map(|at| told(*at).name.0).collect() };
        assert_eq!(names("stuck", Lang::En), ["A bad image, taken back", "No default class"]);
        assert_eq!(names("Image good", Lang::En), ["A bad image, taken back"]);
        assert_eq!(names("金丝雀", Lang::ZhCn), ["Canary by partition"]);
        assert_eq!(names(" ", Lang::En).len(), ALL.len());
        assert!(names("nothing of this", Lang::En).is_empty());
    }
}
