//! The texts about workspaces, in both languages.

use crate::space::{Cause, Said, Undo};
use crate::words::words;

words! { SpaceWords:
    spaces: "Workspaces", "工作区";
    examples: "Examples", "示例";
    examples_hint: "Each opens in a tab of its own. Yours stay as they are.", "每个都在新标签页打开，你的不会动。";
    open_gallery: "Open another workspace", "打开别的工作区";
    search: "Search the examples", "搜索示例";
    search_hint: "canary, stuck, parallel", "金丝雀、卡住、并行";
    nothing_found: "No example fits.", "没有符合的示例。";
    open_files: "Open files...", "打开文件……";
    paste_yaml: "Paste YAML", "粘贴 YAML";
    empty_tab: "Empty tab", "空标签页";
    drop_hint: "or drop files anywhere on the page", "或者把文件拖到页面上";
    import_run: "Import a run...", "导入一次运行……";
    empty_name: "new", "新建";
    pasted_name: "pasted", "粘贴的内容";
    mine: "yours", "你的";
    rename: "Rename", "重命名";
    name: "Name of this workspace", "这个工作区的名字";
    close_tab: "Close", "关闭";
    can_be_had: "Can be had again", "可以找回";
    undo: "Undo", "撤销";
    open_old: "Open the old one in a tab", "在新标签页打开旧的";
    show_theirs: "Show that one", "看那一份";
    only_documents: "Open the documents only", "只打开文档";
    again: "Try again", "再试一次";
    copy_report: "Copy a report", "复制报告";
    doubted: "The last visit ended while what you did here was being done again. Your documents are here.", "上次打开时，重做你做过的事没有做完，页面就停了。文档都在。";
    export: "Export", "导出";
    this_tab: "This tab", "这个标签页";
    this_moment: "This moment", "这一刻";
    to_pass_on: "To pass on", "传给别人";
    files: "Files", "文件";
    files_hint: "as they are in the editor", "编辑器里的样子";
    run: "The run", "这次运行";
    run_hint: "opens here again, with branches", "能在这里重新打开，分支都在";
    terminal: "The terminal", "终端";
    terminal_hint: "what you typed and what it said", "输入过什么，输出了什么";
    objects: "Objects", "对象";
    objects_hint: "as the cluster has them", "集群里的样子";
    why: "Why, in words", "为什么，写成文字";
    why_hint: "the sentence, the facts, the chain", "结论、依据、来龙去脉";
    link: "A link", "链接";
    link_hint: "to this moment, without branches", "指向这一刻，不带分支";
    copies: "copies", "复制";
    save_file: "Save a file instead", "改为保存文件";
    full: "There are 40 tabs, which is as many as there can be. Close one first.", "已经有 40 个标签页，不能再多了。先关掉一个。";
}

impl SpaceWords {
    /// `The link has 9,000 characters.`
    pub fn long_link(&self, letters: usize) -> String {
        if self.is_english() {
            format!("The link has {letters} characters; most chats cut it at 8000. It was not copied.")
        } else {
            format!("链接有 {letters} 个字符，多数聊天工具只留前 8000 个，所以没有复制。")
        }
    }

    /// `closed, 14:02`.
    pub fn gone(&self, cause: Cause, at: &str) -> String {
        match (cause, self.is_english()) {
            (Cause::Closed, true) => format!("closed, {at}"),
            (Cause::Closed, false) => format!("{at} 关闭"),
            (Cause::Replaced, true) => format!("replaced, {at}"),
            (Cause::Replaced, false) => format!("{at} 被替换"),
            (Cause::Aside, true) => format!("kept aside, {at}"),
            (Cause::Aside, false) => format!("{at} 另存"),
        }
    }

    /// ` was closed: 2 files, 4 inputs.`, after a name.
    pub fn went(&self, undo: &Undo) -> String {
        let Undo { files, inputs, cause, .. } = undo;
        let many = |n: usize| if n == 1 { "" } else { "s" };
        let verb = match cause {
            Cause::Closed => ["was closed", "已关闭"],
            Cause::Replaced | Cause::Aside => ["was replaced", "被替换了"],
        };
        match (self.is_english(), *inputs) {
            (true, 0) => format!(" {}: {files} file{}.", verb[0], many(*files)),
            (true, n) => format!(" {}: {files} file{}, {n} input{}.", verb[0], many(*files), many(n)),
            (false, 0) => format!(" {}：{files} 个文件。", verb[1]),
            (false, n) => format!(" {}：{files} 个文件，{n} 次操作。", verb[1]),
        }
    }

    /// What is said above the stage.
    pub fn said(&self, said: &Said) -> String {
        let english = self.is_english();
        match said {
            Said::Aside(name) if english => {
                format!("What you did in “{name}” is not done again. It is kept aside under +.")
            }
            Said::Aside(name) => format!("“{name}”里做过的事没有重做，已另存在 + 里。"),
            Said::StepBack(name) if english => {
                format!("“{name}” is back by one step. The whole of it is kept aside under +.")
            }
            Said::StepBack(name) => format!("“{name}”退回了一步，完整的一份另存在 + 里。"),
            Said::Unreadable(1) if english => {
                "This release cannot read one workspace that is kept here. It stays as it is.".to_owned()
            }
            Said::Unreadable(n) if english => {
                format!("This release cannot read {n} workspaces that are kept here. They stay as they are.")
            }
            Said::Unreadable(n) => format!("这里存着 {n} 个工作区，这个版本读不了，会原样保留。"),
            Said::Elsewhere(name) if english => {
                format!(
                    "Another browser tab has changed “{name}”. What you do here goes on in a tab of its own."
                )
            }
            Said::Elsewhere(name) => {
                format!("另一个浏览器标签页改了“{name}”。你在这里接着做，会另起一个标签页。")
            }
            Said::Split(name) if english => {
                format!("Another browser tab has changed this workspace, too. Yours goes on as “{name}”.")
            }
            Said::Split(name) => {
                format!("另一个浏览器标签页也改了这个工作区。你的这份改名为“{name}”，两份都在。")
            }
            Said::Full => self.full.to_owned(),
        }
    }
}
