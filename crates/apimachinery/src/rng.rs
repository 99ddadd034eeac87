//! Chance: every random number below the page comes from a named stream of one seed.

use rand_core::{Rng as _, SeedableRng};
use rand_pcg::Pcg32;

/// A deterministic stream of numbers.
///
/// Streams of different names are independent, so that one more draw in one component does not
/// shift what another sees.
#[derive(Debug, Clone)]
pub struct Rng(Pcg32);

impl Rng {
    /// The stream called `name` of `seed`.
    pub fn stream(seed: u64, name: &str) -> Self {
        // FNV-1a spreads the name over 64 bits; the generator's own seeding does the rest.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(Pcg32::seed_from_u64(seed ^ hash))
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..bound`; 0 if `bound` is 0. The bias for bounds far below 2³² is negligible.
    pub fn below(&mut self, bound: u32) -> u32 {
        u32::try_from((u64::from(self.next_u32()) * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = u32::try_from(high.saturating_sub(low)).unwrap_or(u32::MAX - 1);
        low + u64::from(self.below(span + 1))
    }

    /// A version 4 UUID, as the API server gives objects.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.next_u64(), self.next_u64());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            0x8000 | ((b >> 48) & 0x3fff),
            b & 0xffff_ffff_ffff
        )
    }

    /// Puts a list into an order chosen by this stream (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(u32::try_from(i + 1).unwrap_or(u32::MAX)) as usize;
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ_by_name() {
        let draw = |name| {
            let mut rng = Rng::stream(7, name);
            (rng.next_u64(), rng.uuid())
        };
        assert_eq!(draw("uid"), draw("uid"));
        assert_ne!(draw("uid"), draw("lag"));
    }

    #[test]
    fn bounds_hold() {
        let mut rng = Rng::stream(1, "bounds");
        assert!((0..1000).all(|_| (3..=9).contains(&rng.between(3, 9))));
        assert_eq!(rng.below(0), 0);
    }
}
