//! What moves on the stage: a function of real time, kept from frame to frame.
//!
//! Only places and presence are eased; what a state looks like is the scene's business. A page that
//! wants little motion, or that is being scrubbed, jumps.

use apimachinery::sorted::SortedMap;
use scene::PodCard;

use crate::view::Pill;

/// From lane to row, in milliseconds.
const MOVE: f64 = 320.0;
/// A new card appears.
const APPEAR: f64 = 180.0;
/// A card that is gone fades.
const FADE: f64 = 160.0;
/// A pill travels at most this long.
const TRAVEL: f64 = 520.0;

#[derive(Debug, Clone, PartialEq)]
struct Track {
    from: f64,
    to: f64,
    since: f64,
    born: f64,
    last: (PodCard, usize),
}

/// A card that is leaving.
#[derive(Debug, Clone, PartialEq)]
pub struct Ghost {
    /// The Pod as it was.
    pub pod: PodCard,
    /// Its column.
    pub column: usize,
    /// Its place.
    pub y: f64,
    /// How much of it is left, from 1 to 0.
    pub alpha: f64,
}

/// The moving parts of one stage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Motion {
    tracks: SortedMap<String, Track>,
    leaving: Vec<(Ghost, f64)>,
}

fn ease(t: f64) -> f64 {
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (-2.0 * t + 2.0).powi(3) / 2.0 }
}

fn share(now: f64, since: f64, length: f64) -> f64 {
    ((now - since) / length).clamp(0.0, 1.0)
}

impl Motion {
    /// Where the card of a Pod stands now, and how visible it is.
    pub fn card(&mut self, pod: &PodCard, column: usize, target: f64, now: f64, animate: bool) -> (f64, f64) {
        let fresh = Track {
            from: target,
            to: target,
            since: now - MOVE,
            born: if animate { now } else { now - APPEAR },
            last: (pod.clone(), column),
        };
        let track = self.tracks.entry(pod.uid.clone()).or_insert(fresh);
        track.last = (pod.clone(), column);
        if !animate {
            (track.from, track.to, track.since, track.born) = (target, target, now - MOVE, now - APPEAR);
        } else if (track.to - target).abs() > 0.5 {
            let here = track.from + (track.to - track.from) * ease(share(now, track.since, MOVE));
            (track.from, track.to, track.since) = (here, target, now);
        }
        let y = track.from + (track.to - track.from) * ease(share(now, track.since, MOVE));
        (y, 0.15 + 0.85 * share(now, track.born, APPEAR))
    }

    /// Cards that are no longer there and still fade. Call it after all cards of a frame.
    pub fn ghosts(&mut self, present: &[String], now: f64, animate: bool) -> Vec<Ghost> {
        let gone: Vec<String> = self.tracks.keys().filter(|uid| !present.contains(uid)).cloned().collect();
        for uid in gone {
            if let Some(track) = self.tracks.remove(&uid)
                && animate
            {
                let (pod, column) = track.last;
                self.leaving.push((Ghost { pod, column, y: track.to, alpha: 1.0 }, now));
            }
        }
        self.leaving.retain(|(_, since)| animate && now - since < FADE);
        self.leaving
            .iter()
            .map(|(ghost, since)| Ghost { alpha: 1.0 - share(now, *since, FADE), ..ghost.clone() })
            .collect()
    }
}

/// How far a pill has come, from 0 to 1; none once it has arrived.
pub fn travelled(pill: &Pill, now: f64) -> Option<f64> {
    let t = (now - pill.since) / TRAVEL;
    (0.0..1.0).contains(&t).then_some(t * t * (3.0 - 2.0 * t))
}
