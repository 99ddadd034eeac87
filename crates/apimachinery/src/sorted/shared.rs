//! A map whose clones share what none of them changes.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Bound;
use std::rc::Rc;
use std::slice;

use super::{Iter, SortedMap, search};

/// Entries of one piece at most. A write after a clone copies one piece and the list of pieces.
const PIECE_MAX: usize = 64;

/// A sorted map in pieces. A clone costs nothing but a count; afterwards each piece is copied when it is
/// first changed. So a cluster of thousands of objects can be kept every few steps.
///
/// No piece is empty.
pub struct SharedMap<K, V> {
    pieces: Rc<Vec<Rc<SortedMap<K, V>>>>,
}

impl<K, V> SharedMap<K, V> {
    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }

    /// The entries, in the order of their keys.
    pub fn iter(&self) -> Entries<'_, K, V> {
        Entries { piece: Iter::default(), pieces: self.pieces.iter() }
    }

    /// The entry with the least key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.pieces.first()?.first_key_value()
    }
}

impl<K: Ord, V> SharedMap<K, V> {
    /// The piece that has a key, or that would get it.
    fn piece_of<Q: Ord + ?Sized>(&self, key: &Q) -> usize
    where
        K: Borrow<Q>,
    {
        let first = |at: usize| self.pieces.get(at).and_then(|piece| piece.first_key_value());
        let mut order =
            |at: usize| first(at).map_or(std::cmp::Ordering::Greater, |(k, _)| k.borrow().cmp(key));
        search(self.pieces.len(), &mut order).unwrap_or_else(|after| after.saturating_sub(1))
    }

    /// The value at a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.pieces.get(self.piece_of(key))?.get(key)
    }

    /// The entries from a key on, in order.
    pub fn iter_from<Q: Ord + ?Sized>(&self, key: &Q) -> Entries<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let mut pieces = self.pieces.get(self.piece_of(key)..).unwrap_or_default().iter();
        let piece = pieces.next().map(|piece| piece.range((Bound::Included(key), Bound::Unbounded)));
        Entries { piece: piece.unwrap_or_default(), pieces }
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// The value at a key, to change.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.piece_of(key);
        if !self.pieces.get(at)?.contains_key(key) {
            return None;
        }
        Rc::make_mut(Rc::make_mut(&mut self.pieces).get_mut(at)?).get_mut(key)
    }

    /// Puts a value at a key; returns the one it replaces.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let at = self.piece_of(&key);
        let pieces = Rc::make_mut(&mut self.pieces);
        let Some(piece) = pieces.get_mut(at) else {
            pieces.push(Rc::new([(key, value)].into()));
            return None;
        };
        let piece = Rc::make_mut(piece);
        let replaced = piece.insert(key, value);
        if piece.len() > PIECE_MAX {
            // Keys often come in order: a piece that grew at its end stays full.
            let is_last = at + 1 == pieces.len();
            let tail = pieces.get_mut(at).map(|piece| {
                let piece = Rc::make_mut(piece);
                piece.split_off(if is_last { PIECE_MAX } else { PIECE_MAX / 2 })
            });
            pieces.insert(at + 1, Rc::new(tail.unwrap_or_default()));
        }
        replaced
    }

    /// Takes the value at a key out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.piece_of(key);
        if !self.pieces.get(at)?.contains_key(key) {
            return None;
        }
        let pieces = Rc::make_mut(&mut self.pieces);
        let piece = Rc::make_mut(pieces.get_mut(at)?);
        let value = piece.remove(key);
        if piece.is_empty() {
            pieces.remove(at);
        }
        value
    }

    /// Takes the entry with the least key out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        if self.pieces.is_empty() {
            return None;
        }
        let pieces = Rc::make_mut(&mut self.pieces);
        let piece = Rc::make_mut(pieces.first_mut()?);
        let entry = piece.pop_first();
        if piece.is_empty() {
            pieces.remove(0);
        }
        entry
    }

    /// Keeps only what `wanted` says.
    pub fn retain(&mut self, mut wanted: impl FnMut(&K, &V) -> bool) {
        let kept = self.iter().filter(|(key, value)| wanted(key, value));
        *self = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    }
}

/// Entries of a [`SharedMap`], in the order of their keys. A plain loop, since the compiler makes a copy of it for
/// each way in which somebody goes through a map.
pub struct Entries<'a, K, V> {
    piece: Iter<'a, K, V>,
    /// Those after it.
    pieces: slice::Iter<'a, Rc<SortedMap<K, V>>>,
}

impl<K, V> Default for Entries<'_, K, V> {
    fn default() -> Self {
        Self { piece: Iter::default(), pieces: slice::Iter::default() }
    }
}

impl<'a, K, V> Iterator for Entries<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.piece.next() {
                return Some(entry);
            }
            self.piece = self.pieces.next()?.iter();
        }
    }
}

impl<'a, K, V> IntoIterator for &'a SharedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Entries<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SharedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.pieces, &other.pieces) || self.iter().eq(other.iter())
    }
}

impl<K, V> Clone for SharedMap<K, V> {
    fn clone(&self) -> Self {
        Self { pieces: Rc::clone(&self.pieces) }
    }
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { pieces: Rc::default() }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SharedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for SharedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Rng;

    #[test]
    fn a_shared_map_does_what_a_tree_does_and_its_clones_stay_as_they_were() {
        let mut rng = Rng::stream(1, "shared");
        let (mut ours, mut tree) = (SharedMap::default(), BTreeMap::new());
        let mut kept = Vec::new();
        for step in 0..6_000_u64 {
            let key = rng.below(1_000);
            match rng.below(8) {
                0 | 1 => assert_eq!(ours.remove(&key), tree.remove(&key)),
                2 => assert_eq!(ours.get_mut(&key), tree.get_mut(&key)),
                3 => assert_eq!(ours.pop_first(), tree.pop_first()),
                _ => assert_eq!(ours.insert(key, step), tree.insert(key, step)),
            }
            assert_eq!(ours.get(&key), tree.get(&key));
            assert_eq!(ours.first_key_value(), tree.first_key_value());
            if step % 100 == 0 {
                kept.push((ours.clone(), tree.clone()));
                assert!(ours.iter_from(&key).eq(tree.range(key..)));
            }
        }
        assert!(tree.len() > 3 * PIECE_MAX, "several pieces");
        for (ours, tree) in &kept {
            assert!(ours.iter().eq(tree.iter()));
        }
        ours.retain(|key, _| key % 2 == 0);
        assert!(ours.iter().all(|(key, _)| key % 2 == 0) && !ours.is_empty());
    }

    #[test]
    fn a_write_after_a_clone_copies_one_piece() {
        let map: SharedMap<u32, u32> = (0..1_000).map(|n| (n, n)).collect();
        let mut changed = map.clone();
        changed.insert(500, 0);
        let shared = map.pieces.iter().zip(changed.pieces.iter()).filter(|(a, b)| Rc::ptr_eq(a, b));
        assert_eq!(shared.count() + 1, map.pieces.len());
        assert_eq!(map.pieces.len(), 1_000_usize.div_ceil(PIECE_MAX), "appended pieces are full");
    }
}
