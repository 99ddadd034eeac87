//! Small sorted collections: what `BTreeMap` and `BTreeSet` promise, held in one sorted list.
//!
//! The compiler makes a copy of a collection's code for each type it holds, and a B-tree's copy is ten
//! times a list's; the page is downloaded, so that counts. What may hold thousands of entries, and is kept at
//! many moments, is a [`SharedMap`]: short lists, which clones share. Iteration is in the order of the keys,
//! which is what replay needs.

mod map;
mod set;
mod shared;

pub use map::{Entry, Iter, IterMut, SortedMap};
pub use set::SortedSet;
pub use shared::{Entries, SharedMap};

use std::cmp::Ordering;

/// Where a key is, or where it belongs. One copy of this serves every type: the order comes as a closure.
fn search(count: usize, order: &mut dyn FnMut(usize) -> Ordering) -> Result<usize, usize> {
    // Keys often come in order: the end is asked first.
    let Some(last) = count.checked_sub(1) else { return Err(0) };
    if order(last) == Ordering::Less {
        return Err(count);
    }
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        match order(middle) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Ok(middle),
            Ordering::Greater => high = middle,
        }
    }
    Err(low)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::Rng;

    #[test]
    fn a_sorted_map_does_what_a_tree_does() {
        let mut rng = Rng::stream(1, "sorted");
        let (mut ours, mut tree) = (SortedMap::new(), BTreeMap::new());
        for step in 0..2_000_u64 {
            let key = rng.below(200);
            match rng.below(4) {
                0 => assert_eq!(ours.remove(&key), tree.remove(&key)),
                1 => {
                    *ours.entry(key).or_insert(0) =
                        *tree.entry(key).and_modify(|v| *v = step).or_insert(step);
                }
                _ => assert_eq!(ours.insert(key, step), tree.insert(key, step)),
            }
            assert_eq!(ours.get(&key), tree.get(&key));
            assert!(ours.range(key..).eq(tree.range(key..)));
            assert!(ours.range(..=key).eq(tree.range(..=key)));
        }
        assert!(ours.iter().eq(tree.iter()));
        assert!(ours.iter().rev().eq(tree.iter().rev()));
        assert_eq!(ours.pop_first(), tree.pop_first());
        assert_eq!(ours.last_key_value(), tree.last_key_value());
        assert_eq!(format!("{ours:?}"), format!("{tree:?}"));
    }

    #[test]
    fn the_later_of_equal_keys_wins() {
        let map = SortedMap::from([("b", 1), ("a", 2), ("b", 3)]);
        assert!(map.into_iter().eq([("a", 2), ("b", 3)]));
    }

    #[test]
    fn a_sorted_set_does_what_a_tree_does() {
        let (left, right) = ([3, 1, 4, 1, 5], [9, 2, 6, 5, 3]);
        let (ours, other) = (SortedSet::from(left), SortedSet::from(right));
        let (tree, forest) = (BTreeSet::from(left), BTreeSet::from(right));
        assert!(ours.iter().eq(tree.iter()));
        assert!(ours.difference(&other).eq(tree.difference(&forest)));
        assert_eq!(format!("{ours:?}"), format!("{tree:?}"));
        let mut ours = ours;
        assert!(!ours.insert(1) && ours.insert(2) && ours.remove(&3) && !ours.contains(&3));
        assert_eq!(ours.first(), Some(&1));
    }
}
