//! Every text of the page, in both languages: a missing one does not compile.

use apimachinery::Lang;

macro_rules! words {
    ($words:ident: $($(#[$doc:meta])* $name:ident: $en:literal, $zh:literal;)*) => {
        /// The fixed texts.
        #[derive(Debug)]
        #[allow(missing_docs)] // each text says itself what it is
        pub struct $words { $($(#[$doc])* pub $name: &'static str,)* }

        impl PartialEq for $words {
            /// There is one of each language.
            fn eq(&self, other: &Self) -> bool {
                std::ptr::eq(self, other)
            }
        }

        static EN: $words = $words { $($name: $en,)* };
        static ZH_CN: $words = $words { $($name: $zh,)* };

        impl $words {
            /// The texts in a language.
            pub fn of(lang: apimachinery::Lang) -> &'static Self {
                match lang {
                    apimachinery::Lang::En => &EN,
                    apimachinery::Lang::ZhCn => &ZH_CN,
                }
            }

            /// Whether they are English, where the order of words differs from language to language.
            pub(crate) fn is_english(&self) -> bool {
                *self == EN
            }
        }
    };
}
pub(crate) use words;

words! { Words:
    apply: "Apply", "应用";
    terminal: "Terminal", "终端";
    events: "Events", "事件";
    no_problems: "No problems", "没有问题";
    line: "Line", "第";
    line_end: ".", " 行。";
    ready: "Ready", "就绪";
    of: "of", "/";
    current: "current", "当前修订";
    update: "update", "目标修订";
    old: "old", "旧修订";
    only: "revision", "修订";
    why: "Why", "为什么";
    what_read: "What the controller read", "控制器读到了什么";
    how_came: "How it came to this", "怎么走到这一步";
    what_next: "What happens next", "接下来";
    documentation: "Kubernetes documentation", "Kubernetes 文档";
    nothing_to_explain: "Nothing is waiting.", "现在没有谁在等待。";
    nothing_to_explain_hint: "Select a Pod, a claim or a record to ask about it.", "选中一个 Pod、申领或记录，就能问它为什么。";
    language: "Language: 中文", "语言：English";
    theme: "Theme", "主题";
    keys: "Keyboard", "键盘";
    play: "Play", "播放";
    pause: "Pause", "暂停";
    previous_decision: "Previous decision", "上一个决定";
    next_decision: "Next decision", "下一个决定";
    speed: "Speed", "速度";
    timeline: "Timeline", "时间线";
    stage: "Stage", "舞台";
    to_now: "Back to now", "回到现在";
    recording: "Recording", "录制";
    recording_loading: "Loading the recording", "正在加载录制";
    recording_missing: "There is no such recording, or it could not be loaded.", "没有这份录制，或者没能加载。";
    recording_without_kubelets: "No kubelet runs in this cluster: steps of the recording stand for it. What you do here is not kept.", "这个集群里没有 kubelet，由录制的步骤代劳。你在这里做的事不会保存。";
    recording_not_kept: "What you do here is not kept.", "你在这里做的事不会保存。";
    parity: "Parity", "一致性";
    parity_hint: "What a real Kubernetes did, played on this engine", "真实的 Kubernetes 做过什么，用这个引擎重放一遍";
    all_recordings: "All recordings", "全部录制";
    to_laboratory: "To the laboratory", "回到实验室";
    step: "Step", "步骤";
    previous_step: "Previous step", "上一步";
    next_step: "Next step", "下一步";
    real_cluster: "The real Kubernetes v1.36.3", "真实的 Kubernetes v1.36.3";
    this_engine: "Here", "这里";
    the_same: "the same", "相同";
    nothing_said: "(nothing printed)", "（没有输出）";
    why_it_differs: "Why it differs:", "差异的原因：";
    past_hint: "This is the past. Acting here starts a branch; the other one is kept.", "这是过去。在这里操作会另起一条分支，原来的那条会保留。";
    forecast: "forecast: what happens if you do nothing", "预测：什么都不做会怎样";
    no_node_yet: "No node yet", "还没有节点";
    partition: "partition", "分区";
    partition_hint: "Drag, or ← →: edits partition in the YAML", "拖动，或按 ← →：修改 YAML 里的 partition";
    not_applied: "not applied", "未应用";
    held_at: "held at", "停留在";
    held: "held", "不动";
    waits: "next", "等待";
    stuck: "stuck", "卡住";
    dns: "DNS", "DNS";
    headless: "headless", "无头服务";
    claims: "Claims", "申领";
    and_disks: "and disks", "与磁盘";
    node_ready: "Ready", "Ready";
    node_not_ready: "NotReady", "NotReady";
    cordoned: "no new Pods", "不再接收新 Pod";
    create_order: "Creation order", "创建顺序";
    update_order: "Update order", "更新顺序";
    remove_order: "Removal order", "删除顺序";
    parallel_order: "All at once", "同时进行";
    done: "done", "已完成";
    next_up: "now", "轮到它";
    blocks_all: "blocks every sync", "同步停在这里";
    up_to_date: "up to date", "已是目标修订";
    scaled_away: "scaled away", "已缩容";
    waits_for: "waits for", "等待";
    nothing_running: "Nothing is running yet.", "还没有任何东西在运行。";
    nothing_running_hint: "asks for Pods. Apply it and the first one comes.", "里写着要哪些 Pod。应用它，第一个就会出现。";
    start_over: "Start from note 003", "从笔记 003 开始";
    type_this: "Type", "输入";
    touch_keys: "Keys for touch screens", "触屏按键";
    older: "Older command", "上一条命令";
    newer: "Newer command", "下一条命令";
    other_pods: "Other Pods", "其他 Pod";
    missing_more_one: "more thing is missing", "项也缺着";
    missing_more_many: "more things are missing", "项也缺着";
    missing_one: "thing is missing", "项缺失";
    missing_many: "things are missing", "项缺失";
    first_blocks: "the first one blocks", "第一项卡住了";
    delete: "Delete", "删除";
    branches: "Branches", "分支";
    type_command: "kubectl, nslookup, help", "kubectl、nslookup、help";
    no_events: "No events yet. Apply something.", "还没有事件。先应用点什么。";
    mistake: "Ordinal made a mistake, and stopped.", "Ordinal 出了错，停下了。";
    mistake_hint: "Your YAML, your commands and the timeline are safe up to", "这些都还在：你的 YAML、命令，以及此前的时间线，直到";
    mistake_step: ". Going back one step usually works.", "。退回一步通常就好。";
    recover: "Back to", "回到";
    report: "The report", "报告全文";
    copy_report: "Copy a report", "复制报告";
    skip_to_stage: "Skip to the stage", "跳到舞台";
    decision_one: "decision", "个决定";
    decision_many: "decisions", "个决定";
    pod_one: "Pod", "个 Pod";
    pod_many: "Pods", "个 Pod";
    comma: ", ", "，";
    input_one: "input", "次操作";
    input_many: "inputs", "次操作";
    problem_one: "problem", "个问题";
    problem_many: "problems", "个问题";
    changed_one: "line changed since it was applied", "行在上次应用后有改动";
    changed_many: "lines changed since it was applied", "行在上次应用后有改动";
    drift_one: "line differs from the cluster", "行和集群里的不同";
    drift_many: "lines differ from the cluster", "行和集群里的不同";
    wrap: "Wrap lines", "自动换行";
    grip_left: "Width of the editor", "编辑器宽度";
    grip_lower: "Height of the terminal", "终端高度";
    kept_by: "kept by", "仍被占用：";
    pulling: "pulling", "正在拉取";
    starting: "starting", "正在启动";
    no_node_fits: "no node fits", "没有合适的节点";
    not_ready_yet: "not Ready yet", "还没就绪";
    exit: "exit", "退出码";
    silent: "is silent", "没有回应";
    wrote: "wrote", "写入";
    more_lines: "more", "条更多";
    pods_beyond: "more Pods, not drawn", "个 Pod 未画出";
    title: "Ordinal: a StatefulSet laboratory", "Ordinal：StatefulSet 实验室";
    manifests: "Manifests and terminal", "清单与终端";
    clear_selection: "Clear the selection", "取消选中";
    close: "Close", "关闭";
    rule_name: "The rule's name in the code", "规则在代码里的名字";
    queue: "Who waits for whom", "谁在等谁";
    go_there: "Go to this moment", "跳到这一刻";
    terminal_output: "Terminal output", "终端输出";
    running: "running, Ctrl-C ends it", "正在运行，Ctrl-C 结束";
    editing: "kubectl edit waits: change the document and apply it; Ctrl-C gives up", "kubectl edit 在等：改好文档后点“应用”，Ctrl-C 放弃";
    search_history: "search the commands typed so far", "搜索输入过的命令";
    unapplied: "differs from what was applied", "和上次应用的不一样";
    regions: "Regions", "区域";
    this_branch: "this branch", "当前分支";
    other_branch: "the other branch", "另一条分支";
    key_faults: "faults, then one letter", "故障，再按一个字母";
    key_palette: "faults by typing", "键入查找故障";
    key_play: "play, pause", "播放、暂停";
    key_decisions: "previous, next decision", "上一个、下一个决定";
    key_inputs: "previous, next input", "上一次、下一次操作";
    key_ends: "start, now", "开头、现在";
    key_ordinal: "select that ordinal", "选中这个序号";
    key_region: "next region", "下一个区域";
    key_beside: "on the stage: to what lies beside", "在舞台上：移到旁边的对象";
    key_escape: "clear the selection", "取消选中";
    image_never_ready: "Image: never answers its readiness probe", "镜像：永远不回应就绪探针";
    faults: "Faults", "故障";
    in_force: "in force", "生效中";
    image_crashes: "Image: crashes after 5 s", "镜像：启动 5 秒后崩溃";
    image_slow: "Image: answers after 20 s", "镜像：20 秒后才有应答";
    image_as_usual: "Image: as usual", "镜像：恢复正常";
    kept_in_tab: "Kept in this tab only: the browser's storage is off or full.", "浏览器的存储不可用或已满，内容只保留在这个标签页里。";
    zoom: "Zoom", "缩放";
    zoom_in: "Zoom in", "放大";
    zoom_out: "Zoom out", "缩小";
    fit: "Fit", "全部";
    fit_hint: "Show all of the run", "显示整个过程";
    follow: "Follow", "跟随";
    follow_hint: "Keep the cursor and the Pod whose turn it is in sight", "让光标和正在行动的 Pod 保持可见";
    key_zoom: "timeline: zoom in, out, fit", "时间线：放大、缩小、显示全部";
    overview: "Overview", "总览";
    window: "Part of time that is shown", "显示的时间段";
    window_start: "Start of what is shown", "显示的起点";
    window_end: "End of what is shown", "显示的终点";
    lanes: "Lanes", "泳道";
    forecast_short: "forecast", "预测";
    forecast_rest: "forecast: nothing changes", "预测：不会有变化";
    kept: "kept", "保留";
    cannot_end: "deleted, cannot end", "已删除，但结束不了";
    off_unnoticed: "powered off, unnoticed", "已断电，还没被发现";
    node_lost: "node is silent", "节点没有回应";
    copy_link: "Copy link to this moment", "复制此刻的链接";
    link_copied: "Link copied", "链接已复制";
    link_refused: "The browser does not let the page copy. This is the link:", "浏览器不让页面复制。链接在这里：";
    link_not_made: "This browser cannot make such a link.", "这个浏览器生成不了这种链接。";
    link_too_long: "There is more than 1 MiB of text here, too much for a link.", "这里的内容超过 1 MiB，放不进链接。";
    shared_opening: "Opening the shared session", "正在打开别人分享的会话";
    shared_hint: "Somebody shared this session. What you do here is not kept.", "这是别人分享的会话，你在这里做的事不会保存。";
    link_damaged: "The link is damaged: part of it is missing or changed.", "链接坏了：有一部分丢失或被改动过。";
    link_too_large: "The link holds more than 1 MiB of text, so it is not opened.", "链接里的内容超过 1 MiB，所以没有打开。";
    link_unsupported: "This browser cannot open such a link.", "这个浏览器打不开这种链接。";
    engine_coming: "The simulator is on its way. What you asked for happens when it is here.", "模拟器还在加载，到了就照你说的做。";
    replaying: "Doing again what you did here before.", "正在重做你之前在这里做过的事。";
    stop_here: "Stop here", "停在这里";
    slower: "This is as fast as it goes here:", "这里最快只能到：";
    engine_missing: "The simulator could not be loaded. What you typed is still here.", "模拟器没能加载。你输入的内容都还在。";
    try_again: "Try again", "再试一次";
    describe: "Describe", "查看详情";
    scale_up: "Scale up", "扩容";
    scale_down: "Scale down", "缩容";
    restart_rollout: "Restart", "滚动重启";
    loose_volumes: "Volumes left behind", "留下的卷";
    sets: "StatefulSets", "StatefulSet";
    so_believed: "so Kubernetes believes", "Kubernetes 还这么以为";
    believed_short: "believed", "据称";
    process_ended: "ended, its object goes next", "进程已结束，等对象删除";
    ended_short: "ended", "已结束";
    silent_short: "silent", "无回应";
    is_silent: "It is silent.", "它没有回应。";
    powered_off: "powered off", "已断电";
    is_powered_off: "Powered off.", "已断电。";
    kubelet_stopped: "kubelet stopped", "kubelet 已停";
    not_known_yet: "Kubernetes does not know yet.", "Kubernetes 还不知道。";
    and: " and ", "、";
    no_pod: "no Pod", "没有 Pod";
    disk_kept: "disk kept", "磁盘还在";
    berths: "Berths", "泊位";
    held_by_disks: "held by disks", "由磁盘占着";
    no_node: "No node", "无节点";
    no_order: "No order", "没有先后";
    now: "Now", "此刻";
    more_pods: "more", "个";
    attached_to: "attached to", "仍挂载在";
    is_deleted: "is deleted", "已删除";
    is_being_deleted: "is being deleted", "正在删除";
    loose_claims: "Claims of no set", "不属于任何集合的申领";
    claim_one: "claim", "个申领";
    claim_many: "claims", "个申领";
    look_up: "Look up its name", "查它的名字";
}

/// Sentences with something in them, whose order differs from language to language.
impl Words {
    /// `8.8 s of grace left`.
    pub fn grace(&self, left: &str) -> String {
        if self.is_english() { format!("{left} of grace left") } else { format!("宽限还剩 {left}") }
    }

    /// `8.8 s left`.
    pub fn left(&self, left: &str) -> String {
        if self.is_english() { format!("{left} left") } else { format!("还剩 {left}") }
    }

    /// `retry in 12 s`.
    pub fn again(&self, after: &str) -> String {
        if self.is_english() { format!("retry in {after}") } else { format!("{after}后重试") }
    }

    /// `kubectl counts line 5, from the --- before.`
    pub fn counted_line(&self, told: usize) -> String {
        if self.is_english() {
            format!("kubectl says line {told}: it counts from the --- before.")
        } else {
            format!("kubectl 说的是第 {told} 行：它从前面的 --- 数起。")
        }
    }

    /// `33 s on node-2`.
    pub fn for_on(&self, long: &str, node: &str) -> String {
        if self.is_english() { format!("{long} on {node}") } else { format!("就绪 {long}，{node}") }
    }

    /// `pulling, 2.1 of 3.6 s`.
    pub fn part_of(&self, what: &str, done: &str, whole: &str) -> String {
        let (number, unit) = (done.split(' ').next().unwrap_or(done), whole);
        if self.is_english() {
            format!("{what}, {number} of {unit}")
        } else {
            format!("{what}，{number} / {unit}")
        }
    }

    /// ` asks for three Pods. Apply it and web-0 comes first.`, after a document's name.
    pub fn asks_for(&self, name: &str, replicas: i64, first: i64, parallel: bool) -> String {
        const NUMBERS: [&str; 11] =
            ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        let english = self.is_english();
        let number = usize::try_from(replicas).ok().and_then(|n| NUMBERS.get(n)).copied();
        let number = number.map_or_else(|| replicas.to_string(), str::to_owned);
        let pods = if replicas == 1 { self.pod_one } else { self.pod_many };
        match (replicas, parallel, english) {
            (..=0, _, true) => format!("asks for {name} without Pods."),
            (..=0, _, false) => format!("里的 {name} 不要任何 Pod。"),
            (1, _, true) => format!("asks for one Pod, {name}-{first}."),
            (1, _, false) => format!("要 1 个 Pod：{name}-{first}。"),
            (_, true, true) => format!("asks for {number} {pods}. Apply it and all of them come at once."),
            (_, true, false) => format!("要 {replicas} 个 Pod。应用后，它们会同时创建。"),
            (_, false, true) => format!("asks for {number} {pods}. Apply it and {name}-{first} comes first."),
            (_, false, false) => format!("要 {replicas} 个 Pod。应用后，最先出现的是 {name}-{first}。"),
        }
    }
}

/// A number with its noun: `1 decision`, `14 decisions`, `14 个决定`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The language's tag for `lang` attributes.
pub fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::ZhCn => "zh-CN",
    }
}

/// A clock reading since 0:00: `0:38.9`, `1:02:03.4`.
pub fn clock(micros: i64) -> String {
    let tenths = micros.max(0) / 100_000;
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    if minutes >= 60 {
        format!("{}:{:02}:{seconds:02}.{tenth}", minutes / 60, minutes % 60)
    } else {
        format!("{minutes}:{seconds:02}.{tenth}")
    }
}

/// A clock reading in whole seconds: `0:05`.
pub fn clock_seconds(micros: i64) -> String {
    let text = clock(micros);
    text.split('.').next().unwrap_or("").to_owned()
}

/// A span for people: `8.8 s`, `33 s`, `1 m 29 s`; `1 分 29 秒`.
pub fn span(micros: i64, lang: Lang) -> String {
    let (minute, second) = match lang {
        Lang::En => ("m", "s"),
        Lang::ZhCn => ("分", "秒"),
    };
    let tenths = micros.max(0) / 100_000;
    let seconds = tenths / 10;
    if seconds < 10 {
        format!("{}.{} {second}", seconds, tenths % 10)
    } else if seconds < 60 {
        format!("{seconds} {second}")
    } else {
        format!("{} {minute} {} {second}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_spans_read_as_people_write_them() {
        assert_eq!(clock(38_900_000), "0:38.9");
        assert_eq!(clock(3_723_400_000), "1:02:03.4");
        assert_eq!(span(8_800_000, Lang::En), "8.8 s");
        assert_eq!(span(33_000_000, Lang::En), "33 s");
        assert_eq!(span(89_000_000, Lang::ZhCn), "1 分 29 秒");
    }

    #[test]
    fn what_a_document_asks_for_is_said_in_words() {
        let said = |replicas, parallel| Words::of(Lang::En).asks_for("web", replicas, 0, parallel);
        assert_eq!(said(3, false), "asks for three Pods. Apply it and web-0 comes first.");
        assert_eq!(said(12, true), "asks for 12 Pods. Apply it and all of them come at once.");
        assert_eq!(said(1, false), "asks for one Pod, web-0.");
        assert_eq!(Words::of(Lang::En).part_of("pulling", "2.1 s", "3.6 s"), "pulling, 2.1 of 3.6 s");
    }
}
