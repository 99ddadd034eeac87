//! Workspaces as they are drawn: tabs, the gallery, the way back, what is said of them.

use apimachinery::Lang;

use super::{LANGUAGES, has, html, in_language, names, text};
use crate::regions::page::Copied;
use crate::regions::{EditorAction, PageAction, SpacesAction};
use crate::space::Said;
use crate::stories::{Storage, Visit};

const MINE: &str = "kind: Service\nmetadata:\n  name: mine\nspec:\n  ports: [{port: 80}]\n";

#[test]
fn a_tab_has_a_name_says_whose_it_is_and_can_be_closed() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Edit(MINE.to_owned())).act(SpacesAction::Example(1));
    let told = [
        (Lang::En, "Three in a row", "Canary by partition", "yours", "Close Canary by partition"),
        (Lang::ZhCn, "三个依次来", "用分区做金丝雀", "你的", "关闭 用分区做金丝雀"),
    ];
    for (lang, mine, shown, yours, close) in told {
        let html = in_language(&mut visit, lang);
        let top =
            html.split("class=\"wtabs\"").nth(1).and_then(|rest| rest.split("</nav>").next()).expect("tabs");
        assert!(text(top).contains(mine) && text(top).contains(shown), "{top}");
        let said = names(top, "");
        assert_eq!(said.iter().filter(|name| *name == yours).count(), 1, "only the first is one's own");
        assert!(said.contains(&close.to_owned()), "{said:?}");
        assert_eq!(top.matches("aria-current=\"page\"").count(), 1);
    }
    visit.act(SpacesAction::Renaming(true));
    for (lang, name) in LANGUAGES.into_iter().zip(["Name of this workspace", "这个工作区的名字"]) {
        let html = in_language(&mut visit, lang);
        assert!(has(&names(&html, ""), name) && html.contains("id=\"space-name\""));
    }
}

#[test]
fn the_gallery_tells_of_every_example_and_of_what_can_be_had_again() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Edit(MINE.to_owned())).act(EditorAction::Diagnose);
    let mine = visit.id_of("Three in a row");
    visit.act(SpacesAction::Close(mine)).act(SpacesAction::Gallery(true));
    let told = [
        (Lang::En, ["A node goes silent", "Open files...", "closed, 14:02", "Import a run..."]),
        (Lang::ZhCn, ["节点失去联系", "打开文件……", "14:02 关闭", "导入一次运行……"]),
    ];
    for (lang, said) in told {
        let text = text(&in_language(&mut visit, lang));
        for said in said {
            assert!(text.contains(said), "{said}\n{text}");
        }
    }
    visit.act(SpacesAction::Search("nothing like it".to_owned()));
    for (lang, said) in LANGUAGES.into_iter().zip(["No example fits.", "没有符合的示例。"]) {
        assert!(text(&in_language(&mut visit, lang)).contains(said));
    }
}

#[test]
fn what_went_stands_in_a_bar_with_the_way_back() {
    let mut visit = Visit::with_web();
    let mine = visit.id_of("Three in a row");
    visit.act(SpacesAction::Close(mine));
    let told = [
        (Lang::En, "was closed: 2 files, 2 inputs.", "Undo"),
        (Lang::ZhCn, "已关闭：2 个文件，2 次操作。", "撤销"),
    ];
    for (lang, went, undo) in told {
        let html = in_language(&mut visit, lang);
        let bar = html.split("class=\"undo\"").nth(1).expect("a bar");
        assert!(text(bar).contains(went) && text(bar).contains(undo), "{}", text(bar));
    }
}

#[test]
fn what_became_of_a_workspace_is_said() {
    let mut visit = Visit::started();
    let name = || "web".to_owned();
    let told = [
        (Said::Aside(name()), "kept aside under +", "另存在 + 里"),
        (Said::StepBack(name()), "back by one step", "退回了一步"),
        (Said::Unreadable(1), "cannot read one workspace", "1 个工作区"),
        (Said::Unreadable(3), "cannot read 3 workspaces", "3 个工作区"),
        (Said::Elsewhere(name()), "Another browser tab has changed “web”", "另一个浏览器标签页改了“web”"),
        (Said::Split(name()), "Yours goes on as “web”", "改名为“web”"),
        (Said::Full, "There are 40 tabs", "已经有 40 个标签页"),
    ];
    for (said, english, chinese) in told {
        visit.model.spaces.said = Some(said);
        for (lang, words) in [(Lang::En, english), (Lang::ZhCn, chinese)] {
            let html = in_language(&mut visit, lang);
            let bar = html.split("role=\"alert\"").nth(1).and_then(|rest| rest.split("</div>").next());
            assert!(bar.is_some_and(|bar| text(bar).contains(words)), "{words}");
        }
    }
}

#[test]
fn what_ended_a_visit_is_asked_about() {
    let mut storage = Storage::default();
    storage.leave(Visit::with_web());
    storage.kept.insert("Began".to_owned(), "note-003".to_owned());
    let mut visit = storage.visit();
    let told = [
        (Lang::En, ["The last visit ended", "Open the documents only", "Try again", "Copy a report"]),
        (Lang::ZhCn, ["页面就停了", "只打开文档", "再试一次", "复制报告"]),
    ];
    for (lang, said) in told {
        let html = in_language(&mut visit, lang);
        let bar = html.split("role=\"alert\"").nth(1).and_then(|rest| rest.split("</div>").next());
        let bar = text(bar.expect("a bar"));
        assert!(said.iter().all(|said| bar.contains(said)), "{bar}");
    }
}

#[test]
fn what_can_be_saved_is_a_menu_and_a_long_link_is_a_file_instead() {
    let mut visit = Visit::with_web();
    visit.act(SpacesAction::Export(true));
    let told = [
        (Lang::En, ["This tab", "Objects", "The run", "Why, in words"], "Save a file instead"),
        (Lang::ZhCn, ["这个标签页", "对象", "这次运行", "为什么，写成文字"], "改为保存文件"),
    ];
    for (lang, rows, _) in told {
        let html = in_language(&mut visit, lang);
        let menu = text(html.split("exppop").nth(1).expect("a menu"));
        assert!(rows.iter().all(|row| menu.contains(row)), "{menu}");
    }
    visit.act(PageAction::LinkCopied(Copied::Long(9_123)));
    for (lang, _, instead) in told {
        let said = text(&in_language(&mut visit, lang));
        assert!(said.contains("9123") && said.contains(instead));
    }
    visit.act(SpacesAction::Export(false));
    assert!(!html(&visit.model).contains("exppop"));
}
