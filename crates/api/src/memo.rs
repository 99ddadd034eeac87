//! What readers have worked out of an object, kept beside it so that it is worked out once per version.
//!
//! A stored object never changes: a write makes a new one. So what follows from it alone (is this Pod
//! ready, what does it ask for) holds as long as it lives, and a controller that looks at a thousand
//! Pods a thousand times need not read their JSON a million times.

use std::any::Any;
use std::cell::OnceCell;
use std::fmt;

/// Values that follow from an object, one per type.
///
/// Only a shared object is asked for them (see [`crate::Object::derive`]): what is behind an `Rc` is not
/// changed in place. A copy, which may be changed, begins without any.
#[derive(Default)]
pub struct Memo(OnceCell<Box<Entry>>);

struct Entry {
    value: Box<dyn Any>,
    next: Memo,
}

impl Memo {
    /// The value of this type; `work_out` makes it if nobody has asked before.
    pub fn get<T: 'static>(&self, work_out: impl FnOnce() -> T) -> &T {
        let mut here = self;
        while let Some(entry) = here.0.get() {
            if let Some(value) = entry.value.downcast_ref() {
                return value;
            }
            here = &entry.next;
        }
        // Working it out may ask for values of other types, which then stand before this one.
        let mut new: Option<Box<dyn Any>> = Some(Box::new(work_out()));
        loop {
            let make =
                || Box::new(Entry { value: new.take().unwrap_or(Box::new(())), next: Self::default() });
            let entry = here.0.get_or_init(make);
            if let Some(value) = entry.value.downcast_ref() {
                return value;
            }
            here = &entry.next;
        }
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_worked_out_once_and_copies_begin_anew() {
        let memo = Memo::default();
        assert_eq!(*memo.get(|| 1_i64), 1);
        assert_eq!(*memo.get(|| 2_u8), 2);
        assert_eq!(*memo.get(|| 3_i64), 1);
        assert_eq!(*memo.get(|| 3_u8), 2);
        assert_eq!(*memo.clone().get(|| 4_u8), 4);
        assert_eq!(*memo.get(|| u16::from(*memo.get(|| 5_u8)) + u16::from(*memo.get(|| true))), 3);
    }
}
