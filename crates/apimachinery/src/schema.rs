//! The vocabulary of the field table: what a field is, how lists merge, what is simulated.
//!
//! `api::schema` holds the table itself. One table drives strict decoding, merge patches,
//! server-side apply, `kubectl explain`, and the honest list of what is simulated.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A string.
    String,
    /// A boolean.
    Bool,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// A floating point number.
    Double,
    /// Base64 text.
    Bytes,
    /// `resource.Quantity`: a string or a number.
    Quantity,
    /// `intstr.IntOrString`.
    IntOrString,
    /// `metav1.Time`.
    Time,
    /// `metav1.MicroTime`.
    MicroTime,
    /// Any JSON: `runtime.RawExtension`, `metav1.FieldsV1`.
    Raw,
    /// A struct: another row of the table.
    Object(TypeId),
}

/// Whether a field is one value, a list or a map of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// A list.
    List,
    /// A map with string keys.
    Map,
}

/// The place of a type in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(pub u16);

/// How a strategic merge patch treats a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchStrategy {
    /// Replace (lists), merge (maps).
    Default,
    /// Merge by the merge key; lists of scalars are merged as sets.
    Merge,
    /// `retainKeys`, alone or with merge.
    RetainKeys,
}

/// How server-side apply treats a list or map: `x-kubernetes-list-type`, `x-kubernetes-map-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListType {
    /// The whole has one owner.
    Atomic,
    /// A set of scalars.
    Set,
    /// Elements are told apart by keys; each has its own owner.
    Map,
    /// Maps and structs: each member has its own owner.
    Granular,
}

/// What the engine does with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// A component acts on it as Kubernetes does, or fills it in from what has happened.
    Simulated,
    /// Checked, defaulted, hashed, patched and printed, without its effect.
    Kept,
}

/// One field of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its JSON name.
    pub name: &'static str,
    /// What it holds.
    pub ty: FieldType,
    /// A single value, a list or a map of it.
    pub shape: Shape,
    /// Whether the API documentation calls it required.
    pub required: bool,
    /// How a strategic merge patch treats it.
    pub patch: PatchStrategy,
    /// The merge key of a strategic merge, or empty.
    pub merge_key: &'static str,
    /// How server-side apply treats it.
    pub list_type: ListType,
    /// The keys of a `Map` list.
    pub map_keys: Vec<&'static str>,
    /// The values that the API documentation lists, or none.
    pub allowed: Vec<&'static str>,
    /// What the engine does with it.
    pub support: Support,
    /// Its place in the Go struct.
    pub place: usize,
}

/// One row of the table: a struct of the Kubernetes API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeSchema {
    /// `apps.v1.StatefulSetSpec`.
    pub name: &'static str,
    /// Its fields, sorted by name.
    pub fields: Vec<Field>,
}

impl TypeSchema {
    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by(|f| f.name.cmp(name)).ok()?;
        self.fields.get(at)
    }

    /// The Go struct's name: `StatefulSetSpec` of `apps.v1.StatefulSetSpec`.
    pub fn go_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}
