//! What each action does.

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Lang;
use cluster::Fault;
use scene::Missing;
use session::examples::{EXAMPLES, headless_service, storage_class};
use yew::Context;

use crate::action::{Action, Jump, LowerTab, Region};
use crate::app::App;
use crate::platform::{dom, storage};
use crate::prompt::Prompt;
use crate::view::FaultChoice;
use crate::words::tag;

impl App {
    /// Does it; returns whether the page is to be drawn again.
    pub(crate) fn act(&mut self, action: Action, ctx: &Context<Self>) -> bool {
        if self.is_kept_waiting(&action, ctx) {
            return true;
        }
        match action {
            Action::Frame(_) => return false,
            Action::Arrived(part, outcome) => self.arrived(part, outcome, ctx),
            Action::FetchAgain(part) => self.fetch_again(part, ctx),
            Action::Recordings(text) => self.show_recording(text.as_deref()),
            Action::Step(at) => self.show_step(at),
            Action::PlayPause if self.playing => self.playing = false,
            Action::PlayPause => self.go_on(ctx),
            Action::Speed(speed) => self.speed = speed,
            Action::Jump(jump) => self.jump(jump),
            Action::Edit(text) => self.edit(text, ctx),
            Action::Diagnose => {
                self.diagnose();
                self.keep();
            }
            Action::Apply => self.apply(ctx),
            Action::OpenDocument(at) => {
                self.session.documents.open = at;
                self.show_document();
            }
            Action::LoadExample(at) => self.load_example(at),
            Action::Command(line) => self.command(&line, ctx),
            Action::Create(missing) => self.create_missing(&missing, ctx),
            Action::Fault(choice) => self.fault(choice, ctx),
            Action::SwitchBranch(at) => {
                self.session.switch_branch(at);
                self.keep();
            }
            Action::Partition(partition) => self.move_partition(partition),
            Action::Line(_)
            | Action::Type(_)
            | Action::Recall(_)
            | Action::Search
            | Action::TakeFound
            | Action::Complete
            | Action::Interrupt
            | Action::ClearTerminal
            | Action::FocusTerminal => self.at_terminal(action),
            Action::Reveal(..)
            | Action::Select(_)
            | Action::SelectOrdinal(_)
            | Action::SelectSet(_)
            | Action::LowerTab(_)
            | Action::Region(_)
            | Action::FocusRegion(_)
            | Action::Language
            | Action::Theme
            | Action::Keys(_)
            | Action::Leave
            | Action::Resized => self.look(action),
        }
        true
    }

    /// What changes the line at the terminal, or its screen.
    fn at_terminal(&mut self, action: Action) {
        match action {
            Action::Line(line) => self.prompt.set(line, self.session.terminal.history()),
            Action::Type(line) => self.type_line(line),
            Action::Search => self.prompt.search(self.session.terminal.history()),
            Action::TakeFound => self.prompt.take_found(),
            Action::Recall(older) => self.prompt.recall(older, self.session.terminal.history()),
            Action::Complete => {
                let offers = self.session.complete(&self.prompt.line);
                self.prompt.take_offers(offers);
            }
            Action::Interrupt => {
                let before = self.current_text();
                self.session.interrupt();
                self.prompt = Prompt::default();
                self.show_if_other(&before);
            }
            Action::ClearTerminal => self.session.terminal.clear(),
            _ => self.go_to_terminal(),
        }
    }

    fn go_to_terminal(&mut self) {
        self.lower = LowerTab::Terminal;
        self.region = Region::Terminal;
        self.focus_wanted = Some("#terminal-input");
    }

    fn type_line(&mut self, line: String) {
        self.prompt = Prompt::of(line);
        self.go_to_terminal();
    }

    /// Types the partition into the manifest that the set on stage came from, or else the command that sets it.
    fn move_partition(&mut self, partition: i64) {
        let Some(set) = self.scene.0.sets.get(self.set).map(|set| set.key.clone()) else { return };
        let documents = &self.session.documents;
        let order = std::iter::once(documents.open).chain(0..documents.all.len());
        let typed = order.into_iter().find_map(|at| {
            let text = &documents.all.get(at)?.text;
            session::manifest::with_partition(text, &set, partition).map(|(text, place)| (at, text, place))
        });
        let Some((at, text, place)) = typed else {
            let patch =
                format!(r#"{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}"#);
            let namespace = match &*set.namespace {
                "default" => String::new(),
                other => format!(" -n {other}"),
            };
            self.type_line(format!("kubectl patch sts {}{namespace} -p '{patch}'", set.name));
            return;
        };
        if at != self.session.documents.open {
            self.session.documents.open = at;
            self.show_document();
        }
        let place = text.get(..place).map_or(0, |before| before.encode_utf16().count());
        if let Some(editor) = self.editor() {
            editor.set_text(&text);
            let end = place + partition.to_string().len();
            editor.show(end, end);
        }
        if let Some(document) = self.session.documents.current_mut() {
            document.text = text;
        }
        self.diagnose();
        self.keep();
    }

    /// What changes only how the page looks.
    fn look(&mut self, action: Action) {
        match action {
            Action::Reveal(from, to) => {
                if let Some(editor) = self.editor() {
                    editor.reveal(from, to);
                }
            }
            Action::Select(key) => self.selected = key,
            Action::SelectOrdinal(ordinal) => self.select_ordinal(ordinal),
            Action::SelectSet(at) => self.set = at,
            Action::LowerTab(tab) => self.lower = tab,
            Action::Region(region) => self.show_region(region),
            Action::FocusRegion(back) => dom::focus_next(&[".left", "#stage", ".side", ".tl"], back),
            Action::Language => self.next_language(),
            Action::Theme => self.next_theme(),
            Action::Keys(open) => self.keys_open = open,
            Action::Leave => self.keep(),
            _ => self.measure(),
        }
    }

    fn jump(&mut self, jump: Jump) {
        self.playing = false;
        let origin = self.session.timeline().origin();
        match jump {
            Jump::Start => self.session.seek(origin),
            Jump::Now => self.session.seek(self.session.timeline().head().now()),
            Jump::PreviousDecision => self.session.previous_decision(),
            Jump::NextDecision => self.session.next_decision(),
            Jump::PreviousInput => self.session.seek_flag(false),
            Jump::NextInput => self.session.seek_flag(true),
            Jump::To(micros) => {
                let since = Duration::from_micros(u64::try_from(micros).unwrap_or(0));
                self.session.seek(origin + since);
            }
        }
    }

    fn edit(&mut self, text: String, ctx: &Context<Self>) {
        if let Some(document) = self.session.documents.current_mut() {
            document.text = text;
        }
        self.diagnose_later(ctx);
    }

    fn apply(&mut self, ctx: &Context<Self>) {
        let before = self.current_text();
        self.session.apply();
        self.show_if_other(&before);
        if self.session.terminal.last_exit() != 0 {
            self.lower = LowerTab::Terminal;
        } else if self.region == Region::Yaml {
            self.region = Region::Stage;
        }
        self.diagnose();
        self.keep();
        self.go_on(ctx);
    }

    fn command(&mut self, line: &str, ctx: &Context<Self>) {
        self.prompt = Prompt::default();
        if line.trim() == "clear" {
            self.session.terminal.clear();
            return;
        }
        let before = self.current_text();
        self.session.command(line);
        self.lower = LowerTab::Terminal;
        self.keep();
        if !self.show_if_other(&before) {
            self.diagnose();
        }
        if self.session.terminal.document().is_some() && self.region == Region::Terminal {
            self.region = Region::Yaml;
        }
        self.go_on(ctx);
    }

    /// A command may open a document, or close it. Returns whether it did.
    fn show_if_other(&mut self, before: &(String, String)) -> bool {
        let other = self.current_text() != *before;
        if other {
            self.show_document();
        }
        other
    }

    fn load_example(&mut self, at: usize) {
        let Some(example) = EXAMPLES.get(at) else { return };
        self.example = at;
        self.session = session::Session::new(session::laboratory(), Some(*example));
        self.selected = None;
        self.set = 0;
        self.playing = false;
        self.timeline = crate::view::TimelineView { end: 45_000_000, ..Default::default() };
        self.show_document();
        self.keep();
    }

    fn select_ordinal(&mut self, ordinal: i64) {
        let scene = self.scene.0.clone();
        let column = scene.sets.get(self.set).and_then(|s| s.columns.iter().find(|c| c.ordinal == ordinal));
        if let Some(column) = column {
            let namespace = scene.sets.get(self.set).map_or("default".into(), |s| s.key.namespace.clone());
            self.selected = Some(Key::new(Kind::Pod, namespace, column.name.as_str()));
        }
    }

    fn create_missing(&mut self, missing: &Missing, ctx: &Context<Self>) {
        let (name, text) = match missing {
            Missing::StorageClass(name) => (format!("{name}.yaml"), storage_class(name)),
            Missing::Service(name) => {
                let sets = self.session.cluster().store().list(Kind::StatefulSet, "");
                let mut users = sets.filter(|set| api::apps::StatefulSet(set).service_name() == name);
                let labels = users.next().map(|set| match_labels(set)).unwrap_or_default();
                (format!("{name}.yaml"), headless_service(name, &labels))
            }
        };
        // The person goes on with the document that is open; this one is a tab beside it.
        self.session.documents.add(&name, &text);
        self.session.apply_text(&name, &text);
        self.keep();
        self.go_on(ctx);
    }

    fn fault(&mut self, choice: FaultChoice, ctx: &Context<Self>) {
        let pod = |key: &Key| (key.namespace.to_string(), key.name.to_string());
        let (fault, text) = match choice {
            FaultChoice::Crash(key) => {
                let (namespace, name) = pod(&key);
                let text = format!("crash {name}");
                (Fault::CrashContainer { namespace, pod: name, container: String::new(), exit_code: 1 }, text)
            }
            FaultChoice::Ready(key, ready) => {
                let (namespace, name) = pod(&key);
                let text = if ready { format!("{name} ready again") } else { format!("{name} not ready") };
                (Fault::ForceReady { namespace, pod: name, ready: (!ready).then_some(false) }, text)
            }
            FaultChoice::Image(image, behaviour) => {
                let text = format!("{image} {}", if behaviour.is_empty() { "as usual" } else { behaviour });
                (Fault::SetImageBehaviour { image, behaviour: behaviour.to_owned() }, text)
            }
            FaultChoice::PowerOff(node) => {
                (Fault::PowerOff { node: node.clone() }, format!("power off {node}"))
            }
            FaultChoice::PowerOn(node) => (Fault::PowerOn { node: node.clone() }, format!("power on {node}")),
        };
        self.session.fault(fault, &text);
        self.keep();
        self.go_on(ctx);
    }

    fn show_region(&mut self, region: Region) {
        self.region = region;
        self.lower = if region == Region::Terminal { LowerTab::Terminal } else { self.lower };
    }

    fn next_language(&mut self) {
        self.lang = match self.lang {
            Lang::En => Lang::ZhCn,
            Lang::ZhCn => Lang::En,
        };
        storage::keep_word("lang", tag(self.lang));
        self.tell_words();
        let label = self.session.documents.current().map_or("", |d| d.name.as_str()).to_owned();
        if let Some(editor) = self.editor() {
            editor.set_lang(tag(self.lang), &label);
        }
    }

    fn next_theme(&mut self) {
        let dark = !dom::is_dark();
        let theme = if dark { "dark" } else { "light" };
        dom::set_root_attribute("data-theme", theme);
        storage::keep_word("theme", theme);
        if let Some(editor) = self.editor() {
            editor.set_theme(dark);
        }
    }
}

fn match_labels(set: &api::Object) -> Vec<(String, String)> {
    use apimachinery::value::ValueExt;
    let labels = set.spec().map_at(&["selector", "matchLabels"]).into_iter().flatten();
    labels.map(|(key, value)| (key.clone(), value.as_str().unwrap_or("").to_owned())).collect()
}
