//! The texts of the menu of faults, which is drawn with a cluster only.

use apimachinery::Lang;
use session::faults::Group;
use session::offers::FaultKind;

/// A text in English and Chinese.
type Both = [&'static str; 2];

/// What is said of a fault.
#[derive(Debug, Clone, Copy)]
pub struct FaultText {
    /// Its key in the menu.
    pub letter: &'static str,
    /// What it is called.
    name: Both,
    /// What it does; `{}` stands for a number of seconds or a node.
    does: Both,
    /// What is so while it is in force, and what its undo is called; nothing if it does not last.
    lasts: Option<[Both; 2]>,
}

const fn text(letter: &'static str, name: Both, does: Both, lasts: Option<[Both; 2]>) -> FaultText {
    FaultText { letter, name, does, lasts }
}

/// The text of a language.
pub const fn pick(lang: Lang, [en, zh]: Both) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::ZhCn => zh,
    }
}

impl FaultText {
    /// What it is called.
    pub const fn name(self, lang: Lang) -> &'static str {
        pick(lang, self.name)
    }

    /// What it does.
    pub const fn does(self, lang: Lang) -> &'static str {
        pick(lang, self.does)
    }

    /// What is so while it is in force.
    pub fn is(self, lang: Lang) -> &'static str {
        self.lasts.map_or(self.name(lang), |[is, _]| pick(lang, is))
    }

    /// What its undo is called.
    pub fn undo(self, lang: Lang) -> &'static str {
        self.lasts.map_or(self.name(lang), |[_, undo]| pick(lang, undo))
    }
}

/// What is said of a fault.
#[allow(clippy::too_many_lines)] // a table
pub fn of(what: FaultKind) -> FaultText {
    match what {
        FaultKind::Delete => {
            text("D", ["Delete", "删除"], ["SIGTERM, then its grace of {} s", "SIGTERM，再给 {} 秒"], None)
        }
        FaultKind::DeleteByForce => text(
            "K",
            ["Delete by force", "强制删除"],
            ["frees the name; it may still run", "名字立刻空出，它也许还在跑"],
            None,
        ),
        FaultKind::Evict => {
            text("E", ["Evict", "驱逐"], ["asks the disruption budget first", "先问中断预算"], None)
        }
        FaultKind::LoseReadiness => text(
            "R",
            ["Lose readiness", "失去就绪"],
            ["its name leaves DNS", "它的名字离开 DNS"],
            Some([["not Ready by force", "被强制为未就绪"], ["Regain readiness", "恢复就绪"]]),
        ),
        FaultKind::Crash => text(
            "C",
            ["Crash", "让它崩溃"],
            ["exit 1; the kubelet restarts it", "退出码 1，kubelet 会重启它"],
            None,
        ),
        FaultKind::RunOutOfMemory => text(
            "O",
            ["Run out of memory", "内存耗尽"],
            ["OOMKilled, exit 137", "OOMKilled，退出码 137"],
            None,
        ),
        FaultKind::Hang => text(
            "L",
            ["Hang", "卡死"],
            ["answers no probe, hears no SIGTERM", "探针没有回应，听不到 SIGTERM"],
            Some([["hangs", "卡死"], ["Let it go on", "让它继续"]]),
        ),
        FaultKind::IgnoreSigterm => text(
            "T",
            ["Ignore SIGTERM", "无视 SIGTERM"],
            ["whole grace, then SIGKILL", "等满宽限期才 SIGKILL"],
            Some([["ignores SIGTERM", "无视 SIGTERM"], ["Hear SIGTERM again", "重新理会 SIGTERM"]]),
        ),
        FaultKind::BreakImage => text(
            "I",
            ["Break the image", "弄坏镜像"],
            ["every pull fails from now on", "从现在起每次拉取都失败"],
            Some([["cannot be pulled", "拉不下来"], ["Mend the image", "修好镜像"]]),
        ),
        FaultKind::SlowImage => text(
            "W",
            ["Slow image", "拉取变慢"],
            ["each pull takes 20 s", "每次拉取要 20 秒"],
            Some([["takes 20 s to pull", "拉取要 20 秒"], ["Usual speed", "恢复速度"]]),
        ),
        FaultKind::PowerOff => text(
            "P",
            ["Power off", "断电"],
            ["silent at once; noticed after 50 s", "立刻沉默，50 秒后才被发现"],
            Some([["powered off", "已断电"], ["Power on", "通电"]]),
        ),
        FaultKind::CutNetwork => text(
            "N",
            ["Cut off the network", "断网"],
            ["runs on, but nobody hears it", "照常运行，但谁也听不到"],
            Some([["cut off", "已断网"], ["Connect again", "恢复网络"]]),
        ),
        FaultKind::Cordon => text(
            "B",
            ["Cordon", "停止调度"],
            ["no new Pods", "不再接收新 Pod"],
            Some([["cordoned", "停止调度"], ["Uncordon", "恢复调度"]]),
        ),
        FaultKind::Drain => {
            text("G", ["Drain", "排空"], ["evicts its Pods one by one", "逐个驱逐它的 Pod"], None)
        }
        FaultKind::StopProvisioners => text(
            "V",
            ["No provisioner", "没有制备器"],
            ["new claims stay Pending", "新申领一直 Pending"],
            Some([["no provisioner", "没有制备器"], ["Start it again", "重新启动"]]),
        ),
        FaultKind::FillDisk => text(
            "F",
            ["Disk full", "磁盘写满"],
            ["no space left on device", "写入报 no space left on device"],
            Some([["disk full", "磁盘已满"], ["Free some space", "腾出空间"]]),
        ),
        FaultKind::HoldVolume => text(
            "H",
            ["Will not detach", "卷卸不下来"],
            ["the volume stays on {}", "卷留在 {} 上"],
            Some([["does not detach", "卸不下来"], ["Let it go", "放开卷"]]),
        ),
        FaultKind::StopControllers => text(
            "M",
            ["Stop the controllers", "停掉控制器"],
            ["nobody creates or replaces", "没人创建，也没人补上"],
            Some([["controllers stopped", "控制器已停"], ["Start them again", "重新启动"]]),
        ),
        FaultKind::StopScheduler => text(
            "S",
            ["Stop the scheduler", "停掉调度器"],
            ["new Pods stay Pending", "新 Pod 一直 Pending"],
            Some([["scheduler stopped", "调度器已停"], ["Start it again", "重新启动"]]),
        ),
        FaultKind::SlowApiServer => text(
            "A",
            ["Slow API server", "API server 变慢"],
            ["each request takes 2 s", "组件的每个请求要 2 秒"],
            Some([["slow API server", "API server 很慢"], ["Usual speed", "恢复速度"]]),
        ),
    }
}

/// What a group of the menu is called, whole and in one word.
pub const fn group(group: Group) -> [Both; 2] {
    match group {
        Group::Pod => [["Pod", "Pod"], ["Pod", "Pod"]],
        Group::Container => [["Container, image", "容器与镜像"], ["Container", "容器"]],
        Group::Node => [["Node", "节点"], ["Node", "节点"]],
        Group::Storage => [["Storage", "存储"], ["Storage", "存储"]],
        Group::ControlPlane => [["Control plane", "控制平面"], ["Control", "控制"]],
    }
}

/// What the empty field says.
pub const HINT: Both = ["Type a fault or a target: off node-3", "输入故障或目标：断电 node-3"];
/// What stands before the target.
pub const TARGET: Both = ["Target", "目标"];
/// What stands before what belongs to it.
pub const SO: Both = ["so", "于是"];
/// What the arrow keys do.
pub const CHANGE: Both = ["change it", "换目标"];
/// What Shift Enter does.
pub const TYPES: Both = ["type it into the terminal", "写到终端"];
/// What the arrow keys do in the list.
pub const CHOOSE: Both = ["choose", "选择"];
/// What is said if nothing is found.
pub const NONE: Both = ["No fault is called that.", "没有叫这个名字的故障。"];
/// The head of the list of what is in force.
pub const IN_FORCE: Both = ["In force", "生效中"];
/// What stands before a moment.
pub const SINCE: Both = ["since", "始于"];
/// What is so of an image that does something odd once it runs.
pub const IS_ODD: Both = ["behaves otherwise", "表现异常"];
