//! A deserializer without an input: it asks a type of `k8s-openapi` for its fields and gives each a value.
//!
//! So the types themselves say which fields there are and what they hold. What was seen on the way is noted;
//! what is filled in is drawn from a stream.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};

use apimachinery::Rng;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// What a field's value is: `A` of `Owner` holds `[core.v1.Container`.
pub type Seen = BTreeMap<(String, &'static str), String>;

/// How much is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every field of every type.
    All,
    /// Each field by chance.
    Some,
}

/// The stream, and what was seen.
pub struct World {
    rng: Rng,
    extent: Extent,
    /// The fields of each struct.
    pub types: BTreeMap<String, BTreeSet<&'static str>>,
    /// What each field holds.
    pub fields: Seen,
    depth: usize,
}

impl World {
    pub fn new(seed: u64, extent: Extent) -> Self {
        let rng = Rng::stream(seed, "templates");
        Self { rng, extent, types: BTreeMap::new(), fields: Seen::new(), depth: 0 }
    }

    /// A value of a type.
    pub fn fill<T: serde::de::DeserializeOwned>(&mut self) -> T {
        T::deserialize(Filler { world: self, field: None, scalar: "" })
            .expect("every type takes its own fields")
    }

    fn takes(&mut self) -> bool {
        // A template of a few kilobytes, with something deep down in it.
        let odds = if self.depth < 4 { 35 } else { 65 };
        self.extent == Extent::All || self.rng.below(100) < odds
    }
}

/// `core.v1.Container` of `k8s_openapi::v1_36::api::core::v1::container::Container`; types of the meta group
/// have their names alone.
fn name_of(path: &str) -> String {
    let steps: Vec<&str> = path.split("::").collect();
    let name = steps.last().expect("a path has a name");
    match steps.as_slice() {
        ["k8s_openapi", _, "api", group, version, ..] => format!("{group}.{version}.{name}"),
        _ => (*name).to_owned(),
    }
}

/// The place of a value: its struct, its field, and the lists and maps around it so far.
#[derive(Clone)]
struct Place {
    owner: String,
    field: &'static str,
    around: String,
}

struct Filler<'w> {
    world: &'w mut World,
    field: Option<Place>,
    /// The name of the scalar around: `Quantity`.
    scalar: &'static str,
}

impl Filler<'_> {
    fn note(&mut self, what: &str) {
        if let Some(Place { owner, field, around }) = self.field.take() {
            self.world.fields.entry((owner, field)).or_insert_with(|| around + what);
        }
    }

    fn number(&mut self) -> i64 {
        let field = self.field.as_ref().map_or("", |place| place.field);
        crate::values::number(field, self.world.rng.below(40) + 1)
    }

    fn text(&mut self) -> String {
        let place = self.field.clone();
        let field = place.as_ref().map_or("", |place| place.field);
        let owner = place.as_ref().map_or("", |place| place.owner.as_str());
        let number = self.world.rng.below(90) + 10;
        match self.scalar {
            "Quantity" => return ["1", "500m", "2Gi", "3"][number as usize % 4].to_owned(),
            "Time" => return format!("2026-01-02T03:04:{:02}Z", number % 60),
            "MicroTime" => return "2026-01-02T03:04:05.000006Z".to_owned(),
            "IntOrString" => return format!("port-{number}"),
            "bytes" => return "aGk=".to_owned(),
            _ => {}
        }
        crate::values::text(owner, field, number)
    }
}

impl<'de> Deserializer<'de> for Filler<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let name = name_of(type_name::<V::Value>());
        match (self.scalar, name.as_str()) {
            ("", "IntOrString") => {
                self.scalar = "IntOrString";
                let text = self.text();
                self.note("intOrString");
                if self.world.rng.below(2) == 0 { visitor.visit_i32(80) } else { visitor.visit_string(text) }
            }
            ("Quantity", _) => {
                let text = self.text();
                self.note("quantity");
                visitor.visit_string(text)
            }
            _ => {
                self.note("raw");
                visitor.visit_unit()
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if name_of(type_name::<V::Value>()) == "ByteString" {
            self.scalar = "bytes";
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.scalar = name;
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_str<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text();
        let what = match self.scalar {
            "Time" => "time",
            "MicroTime" => "microTime",
            "bytes" => "bytes",
            _ => "string",
        };
        self.note(what);
        visitor.visit_string(text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        self.note("bool");
        visitor.visit_bool(self.world.rng.below(3) > 0)
    }

    fn deserialize_i32<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let number = self.number();
        self.note("int32");
        visitor.visit_i32(i32::try_from(number).expect("it is small"))
    }

    fn deserialize_i64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let number = self.number();
        self.note("int64");
        visitor.visit_i64(number)
    }

    fn deserialize_f64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        self.note("double");
        visitor.visit_f64(1.5)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if let Some(place) = &mut self.field {
            place.around += "[";
        }
        let most = crate::values::most(self.field.as_ref().map_or("", |place| place.field));
        let left = if self.world.extent == Extent::All { 1 } else { self.world.rng.below(most) + 1 };
        visitor.visit_seq(Items { filler: self, left })
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if let Some(place) = &mut self.field {
            place.around += "{";
        }
        let left = if self.world.extent == Extent::All { 1 } else { self.world.rng.below(2) + 1 };
        visitor.visit_map(Entries { filler: self, left })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = name_of(type_name::<V::Value>());
        self.note(&name);
        self.world.types.insert(name.clone(), fields.iter().copied().collect());
        let mut chosen: Vec<&'static str> = Vec::new();
        for field in fields {
            if self.world.takes() || crate::values::is_needed(&name, field) {
                chosen.push(field);
            }
        }
        if self.world.extent == Extent::Some {
            crate::values::thin_out(&name, &mut chosen, &mut self.world.rng);
        }
        self.world.depth += 1;
        let world = self.world;
        visitor.visit_map(Members { world, owner: name, rest: chosen.into_iter(), field: "" })
    }

    forward_to_deserialize_any! {
        i8 i16 u8 u16 u32 u64 f32 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
        ignored_any
    }
}

struct Members<'w> {
    world: &'w mut World,
    owner: String,
    rest: std::vec::IntoIter<&'static str>,
    field: &'static str,
}

impl Drop for Members<'_> {
    fn drop(&mut self) {
        self.world.depth -= 1;
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(field) = self.rest.next() else { return Ok(None) };
        self.field = field;
        let key: StrDeserializer<'_, Error> = field.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let place = Place { owner: self.owner.clone(), field: self.field, around: String::new() };
        seed.deserialize(Filler { world: self.world, field: Some(place), scalar: "" })
    }
}

struct Items<'w> {
    filler: Filler<'w>,
    left: u32,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let field = self.filler.field.clone();
        seed.deserialize(Filler { world: self.filler.world, field, scalar: "" }).map(Some)
    }
}

struct Entries<'w> {
    filler: Filler<'w>,
    left: u32,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let owner = self.filler.field.as_ref().map_or("", |place| place.owner.as_str());
        let field = self.filler.field.as_ref().map_or("", |place| place.field);
        let key = crate::values::key(owner, field, self.left);
        seed.deserialize(IntoDeserializer::<Error>::into_deserializer(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let field = self.filler.field.clone();
        seed.deserialize(Filler { world: self.filler.world, field, scalar: "" })
    }
}
