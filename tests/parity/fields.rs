//! What the engine does with each field of the API, from the marks in the table of fields.

use std::collections::BTreeSet;
use std::fmt::Write;

use api::Kind;
use api::schema::Schema;
use apimachinery::schema::{Support, TypeSchema};
use kubectl::foreign;
use tests::repository::{read, sources};

/// Where something may act on a field: it then names it. (Checks and defaults stand here too, and earn no
/// mark; a name cannot tell.)
const ACTING: [&str; 12] = [
    "crates/api/src",
    "crates/apiserver/src/admission",
    "crates/apiserver/src/managedfields",
    "crates/apiserver/src/registry",
    "crates/client/src",
    "crates/cluster/src",
    "crates/controller-manager/src",
    "crates/coredns/src",
    "crates/csi/src",
    "crates/kubelet/src",
    "crates/scheduler/src",
    "crates/session/src",
];

/// The three words, the kinds that are unknown, and the table.
pub fn section() -> String {
    let schema = Schema::get();
    let count = |support| {
        let fields = schema.types().iter().flat_map(|ty| &ty.fields);
        fields.filter(|field| field.support == support).count()
    };
    let mut text = format!(
        "\
## Simulated, kept, unknown

- **Simulated** ({} fields): a component acts on the field as the real one does, or fills it in from what has happened.
- **Kept** ({}): checked, defaulted, hashed into revisions, patched and printed, but without its effect.
- **Unknown**: every other field. `apply` refuses it with the API server's own error and its path.

",
        count(Support::Simulated),
        count(Support::Kept)
    );
    let kinds: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.info().schema).collect();
    let (own, parts): (Vec<&TypeSchema>, Vec<&TypeSchema>) =
        schema.types().iter().partition(|ty| kinds.contains(ty.name));
    text.push_str(&unknown_kinds());
    text.push_str(&table("Kinds", &own));
    text.push_str(&table("Parts of them", &parts));
    text
}

/// The kinds of a real cluster that have no objects here.
fn unknown_kinds() -> String {
    let present: BTreeSet<(&str, &str)> =
        Kind::ALL.iter().map(|kind| (kind.info().group, kind.info().name)).collect();
    let absent = foreign::all().into_iter().filter(|ty| !present.contains(&(ty.group, ty.kind)));
    let names: Vec<String> = absent.map(|ty| format!("{} `{}`", ty.api_version(), ty.kind)).collect();
    format!(
        "### Unknown kinds\n\nThe kinds of a real v1.36 cluster of which this one has no objects. `kubectl` knows their \
         names.\n\n{}.\n",
        names.join(", ")
    )
}

fn table(title: &str, types: &[&TypeSchema]) -> String {
    let mut text = format!("\n### {title}\n\n| type | simulated | kept |\n|---|---|---|\n");
    for ty in types {
        let (simulated, kept) = (names(ty, Support::Simulated), names(ty, Support::Kept));
        let _ = writeln!(text, "| `{}` | {simulated} | {kept} |", ty.name);
    }
    text
}

fn names(ty: &TypeSchema, support: Support) -> String {
    let fields = ty.fields.iter().filter(|field| field.support == support);
    fields.map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ")
}

/// A mark that nothing in a component could justify is a wrong one. The reverse cannot be told from names.
#[test]
fn what_is_simulated_is_named_by_a_component() {
    let sources = ACTING.iter().flat_map(|folder| sources(folder, &["rs"]));
    let text: String = sources.map(|path| read(&path)).collect();
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let fields = Schema::get().types().iter().flat_map(|ty| ty.fields.iter().map(move |field| (ty, field)));
    let unnamed = fields
        .filter(|(_, field)| field.support == Support::Simulated && !words.contains(field.name))
        .map(|(ty, field)| format!("{} {}", ty.name, field.name));
    let unnamed: Vec<String> = unnamed.collect();
    assert!(unnamed.is_empty(), "marked as simulated, but no component names them:\n{}", unnamed.join("\n"));
}
