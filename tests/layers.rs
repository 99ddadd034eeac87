//! Layers: the manifests are the component diagram, files import each other in one direction, and the browser
//! stays behind `platform/`.

use std::collections::{BTreeMap, BTreeSet};

use tests::imports::{Arrows, arrows, circles};
use tests::metadata::own_packages;
use tests::repository::{crates, read, root, sources};
use tests::source::code_only;

/// A crate, its layer, and the highest layer that it may name in its manifest. Siblings of a layer do not
/// know each other. The same table stands in ARCHITECTURE.md, "Layers".
const LAYERS: [(&str, u8, u8); 21] = [
    ("apimachinery", 0, 0),
    ("api", 1, 0),
    ("apiserver", 2, 1),
    ("client", 3, 2),
    ("controller-manager", 4, 3),
    ("scheduler", 4, 3),
    ("kubelet", 4, 3),
    ("csi", 4, 3),
    ("coredns", 4, 3),
    ("cluster", 5, 4),
    // As a client over the wire: it knows requests and answers, no component.
    ("kubectl", 5, 2),
    ("scene", 6, 5),
    ("session", 7, 6),
    ("conformance", 8, 7),
    ("simulation", 8, 7),
    ("fuzz", 8, 7),
    ("playground", 9, 8),
    ("engine", 9, 8),
    // Commands know no crate: they build them.
    ("xtask", 9, 0),
    ("tests", 10, 8),
    ("bench", 10, 8),
];

/// Crates that speak to a browser.
const BROWSER: [&str; 5] = ["web-sys", "js-sys", "wasm-bindgen", "gloo", "yew"];

/// Crates that may name some of those beside the page.
const SPEAKING: [(&str, &[&str]); 1] = [
    // JavaScript is its interface: it binds its functions to it, and calls no browser.
    ("engine", &["wasm-bindgen", "js-sys"]),
];

/// Their names in code; `yew` itself is the page's language and may be used anywhere in it.
const EFFECTS: [&str; 4] = ["web_sys", "js_sys", "wasm_bindgen", "gloo"];

/// Circles of imports that stay, each with its reason: a folder, and the files in it that import each other.
const CIRCLES: [(&str, &[&str], &str); 3] = [
    (
        "crates/cluster/src/",
        &["agents.rs", "cluster.rs", "events.rs", "work.rs"],
        "a cluster holds what each of these keeps, and their steps change the cluster as a whole",
    ),
    (
        "crates/playground/src/",
        &[
            "model.rs",
            "past.rs",
            "regions/editor.rs",
            "regions/faults.rs",
            "regions/page.rs",
            "regions/panes.rs",
            "regions/recording.rs",
            "regions/spaces/gone.rs",
            "regions/spaces/keep.rs",
            "regions/spaces/mod.rs",
            "regions/spaces/open.rs",
            "regions/spaces/turn.rs",
            "regions/stage.rs",
            "regions/terminal.rs",
            "regions/time.rs",
            "regions/why.rs",
            "show.rs",
            "show/timeline.rs",
            "show_faults.rs",
        ],
        "the model holds what each region remembers, and an action of a region may change the whole page",
    ),
    (
        "crates/playground/src/components/",
        &["why_answer.rs", "why_panel.rs"],
        "an answer is drawn from what the panel is given",
    ),
];

/// Crates that may do what clippy.toml forbids the engine.
const WITH_OWN_BANS: [&str; 2] = ["crates/playground", "crates/xtask"];

#[test]
fn manifests_point_down_only() {
    let table: BTreeMap<&str, (u8, u8)> =
        LAYERS.iter().map(|&(name, layer, reach)| (name, (layer, reach))).collect();
    let mut wrong = Vec::new();
    for package in own_packages() {
        let Some(&(_, reach)) = table.get(package.name.as_str()) else {
            panic!("{} is in no layer: give it a row in LAYERS and in ARCHITECTURE.md", package.name);
        };
        for name in &package.dependencies {
            if table.get(name.as_str()).is_some_and(|&(layer, _)| layer > reach || *name == package.name) {
                wrong.push(format!("{} must not know {name}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_document_shows_the_same_table() {
    let text = read("ARCHITECTURE.md");
    let rows = text.lines().skip_while(|line| *line != "## Layers").skip(1);
    let rows = rows.take_while(|line| !line.starts_with("## ")).filter_map(|line| line.strip_prefix("| "));
    let mut shown = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        if let [layer, names, reach, ..] = cells.as_slice()
            && let (Ok(layer), Ok(reach)) = (layer.parse::<u8>(), reach.parse::<u8>())
        {
            shown.extend(names.split('`').skip(1).step_by(2).map(|name| (name, (layer, reach))));
        }
    }
    let table: BTreeMap<&str, (u8, u8)> =
        LAYERS.iter().map(|&(name, layer, reach)| (name, (layer, reach))).collect();
    assert_eq!(shown, table, "ARCHITECTURE.md (left) and LAYERS show other layers");
}

#[test]
fn files_import_in_one_direction() {
    let (mut loops, mut idle) = (Vec::new(), CIRCLES.to_vec());
    let roots =
        crates().into_iter().flat_map(|folder| ["lib", "main"].map(|name| format!("{folder}/src/{name}.rs")));
    for root_file in roots.filter(|path| is_file(path)) {
        let arrows = arrows(&root_file, &|path| is_file(path).then(|| read(path)));
        for circle in circles(&arrows) {
            println!("a circle of {} files:\n{}", circle.len(), ties(&circle, &arrows));
            let stays = |(folder, files, _): &(&str, &[&str], &str)| {
                circle.iter().all(|path| files.iter().any(|file| *path == format!("{folder}{file}")))
            };
            if CIRCLES.iter().any(stays) {
                idle.retain(|row| !stays(row));
            } else {
                loops.push(ties(&circle, &arrows));
            }
        }
    }
    assert!(
        loops.is_empty(),
        "files import each other in a loop, what they share belongs below them:\n{}",
        loops.join("\n\n")
    );
    assert!(idle.is_empty(), "no longer a circle, strike from CIRCLES: {idle:?}");
}

/// What ties a circle together, a line for each arrow.
fn ties(circle: &BTreeSet<String>, arrows: &Arrows) -> String {
    let mut lines = Vec::new();
    for from in circle {
        let inside = arrows.get(from).into_iter().flatten().filter(|(to, _)| circle.contains(*to));
        lines.extend(inside.map(|(to, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("  {from} takes {} from {to}", names.join(", "))
        }));
    }
    lines.join("\n")
}

fn is_file(path: &str) -> bool {
    root().join(path).is_file()
}

#[test]
fn only_the_page_knows_the_browser() {
    let is_browser =
        |name: &str| BROWSER.iter().any(|known| name == *known || name.starts_with(&format!("{known}-")));
    let mut wrong = Vec::new();
    for package in own_packages().into_iter().filter(|package| package.name != "playground") {
        let leave =
            SPEAKING.iter().find(|(name, _)| *name == package.name).map_or(&[][..], |(_, leave)| leave);
        let named =
            package.dependencies.iter().filter(|name| is_browser(name) && !leave.contains(&name.as_str()));
        wrong.extend(named.map(|name| format!("{} names {name}", package.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn browser_effects_live_in_platform_only() {
    let mut wrong = Vec::new();
    for path in sources("crates/playground/src", &["rs"]) {
        if path.starts_with("crates/playground/src/platform/") {
            continue;
        }
        let code = code_only(&read(&path));
        let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let used = EFFECTS.iter().filter(|name| words.contains(*name));
        wrong.extend(used.map(|name| format!("{path} uses {name}")));
    }
    assert!(wrong.is_empty(), "move it behind crates/playground/src/platform/:\n{}", wrong.join("\n"));
}

/// What draws, and what carries effects out; the rest of the page is plain data and functions of it.
const DRAWING: [&str; 6] = ["app.rs", "components/", "defs.rs", "draw.rs", "main.rs", "platform/"];

#[test]
fn what_happens_knows_nothing_that_is_drawn() {
    const PAGE: &str = "crates/playground/src/";
    let mut wrong = Vec::new();
    for path in sources("crates/playground/src", &["rs"]) {
        let name = path.strip_prefix(PAGE).unwrap_or_default();
        // What tests draw is no part of the page.
        if name.starts_with("rendered/") || DRAWING.iter().any(|drawing| name.starts_with(drawing)) {
            continue;
        }
        let code = code_only(&read(&path));
        let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let used = ["yew", "platform", "components", "draw"].iter().filter(|word| words.contains(*word));
        wrong.extend(used.map(|word| format!("{path} names {word}")));
    }
    assert!(wrong.is_empty(), "only {DRAWING:?} may:\n{}", wrong.join("\n"));
}

#[test]
fn the_engine_stays_under_the_bans() {
    for ban in ["Instant", "SystemTime", "HashMap", "HashSet", "thread::spawn", "fs::File", "env::var"] {
        assert!(read("clippy.toml").contains(ban), "clippy.toml no longer bans {ban}");
    }
    let own = |folder: &String| {
        ["clippy.toml", ".clippy.toml"].iter().any(|name| root().join(folder).join(name).exists())
    };
    let free: Vec<String> = crates().into_iter().filter(own).collect();
    assert_eq!(
        free, WITH_OWN_BANS,
        "crates with a clippy.toml of their own, which lifts the bans of the one above"
    );
}
