//! What moves on the stage: a function of real time, kept from frame to frame.
//!
//! Only places and presence are eased; what a state looks like is the scene's business. A page that
//! wants little motion, or that is being scrubbed, jumps.

use apimachinery::sorted::SortedMap;
use scene::{Column, DnsAnswer, PodCard, PodLook};

use crate::view::Pill;

/// How long a card moves from the lane to a row, in milliseconds.
const MOVE: f64 = 320.0;
/// How long a new card takes to appear, in milliseconds.
const APPEAR: f64 = 180.0;
/// How long a card that is gone fades, in milliseconds.
const FADE: f64 = 160.0;
/// How long the tint of a card that becomes Ready rises and its record slides down, in milliseconds.
const RISE: f64 = 240.0;
/// How long a volume slides up under its ticket, in milliseconds.
const SEAT: f64 = 200.0;
/// How long the spines are drawn, from name to disk, once all are Ready; in milliseconds.
const FLOURISH: f64 = 400.0;
/// How long a change of the layout takes, in milliseconds.
const LAYOUT: f64 = 260.0;
/// How long a lane stays high that nobody is in, in milliseconds.
const LINGER: f64 = 1_500.0;
/// Long ago, in milliseconds of the page's clock.
const EVER: f64 = -1.0e9;
/// A pill travels at most this long, in milliseconds.
const TRAVEL: f64 = 520.0;

/// The lane of those without a node: its height, which changes from one to another.
#[derive(Debug, Clone, PartialEq)]
struct Lane {
    from: f64,
    to: f64,
    since: f64,
    /// Since when it could be lower.
    empty_since: Option<f64>,
}

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
    /// Its top, in CSS pixels.
    pub y: f64,
    /// How much of it is left, from 1 to 0.
    pub alpha: f64,
}

/// The moving parts of one stage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Motion {
    tracks: SortedMap<String, Track>,
    leaving: Vec<(Ghost, f64)>,
    /// By name, whether something is so, and since when it is or is not.
    marks: SortedMap<String, (bool, f64)>,
    lane: Option<Lane>,
    /// Where the nodes' rows begin.
    rows: f64,
}

/// What moves in one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moves {
    /// Where its card stands (CSS pixels), and how visible it is, up to 1.
    pub card: Option<(f64, f64)>,
    /// How far the tint of Ready has risen, from 0 to 1.
    pub ready: f64,
    /// How far the record has come down, from 0 to 1.
    pub name: f64,
    /// How far the volumes have come up, from 0 to 1.
    pub seat: f64,
}

/// The frame that is being drawn: the page's clock, and whether anything is to move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beat {
    /// In milliseconds.
    pub now: f64,
    /// Whether what changes is to move.
    pub animate: bool,
}

fn ease(t: f64) -> f64 {
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (-2.0 * t + 2.0).powi(3) / 2.0 }
}

/// Quick first, then slower.
fn out(t: f64) -> f64 {
    1.0 - (1.0 - t).powi(3)
}

fn share(now: f64, since: f64, length: f64) -> f64 {
    ((now - since) / length).clamp(0.0, 1.0)
}

impl Motion {
    /// What moves in a column whose card belongs at `target`.
    pub fn column(&mut self, column: &Column, at: usize, target: f64, beat: Beat) -> Moves {
        let pod = column.pod.as_ref();
        let card = pod.map(|pod| self.card(pod, at, target, beat.now, beat.animate));
        let resolves = matches!(column.dns.answer, DnsAnswer::A(_));
        let seated = column.claims.iter().all(|claim| claim.disk.is_some());
        let ready = pod.map_or(1.0, |pod| self.turned(&pod.uid, pod.look == PodLook::Ready, RISE, beat));
        let name = self.turned(&format!("name {}", column.name), resolves, RISE, beat);
        let seat = self.turned(&format!("seat {}", column.name), seated, SEAT, beat);
        Moves { card, ready: out(ready), name: out(name), seat: out(seat) }
    }

    /// How far the spines have drawn since the last Pod became Ready; 1 when that is over.
    pub fn flourish(&mut self, columns: &[Column], beat: Beat) -> f64 {
        let ready = |c: &Column| c.pod.as_ref().is_some_and(|pod| pod.look == PodLook::Ready);
        let all = columns.iter().filter(|c| c.wanted).all(ready) && columns.iter().any(ready);
        out(self.turned("all", all, FLOURISH, beat))
    }

    /// How high the lane of those without a node is, which has to be `target` high. It grows at once, so that
    /// nothing stands on a node's row before it is there, and shrinks only after a while: the next one often comes.
    pub fn lane(&mut self, target: f64, beat: Beat) -> f64 {
        let lane = self.lane.get_or_insert(Lane { from: target, to: target, since: EVER, empty_since: None });
        if !beat.animate {
            *lane = Lane { from: target, to: target, since: EVER, empty_since: None };
            return target;
        }
        let here = lane.from + (lane.to - lane.from) * ease(share(beat.now, lane.since, LAYOUT));
        let shrinks = target < lane.to;
        if !shrinks {
            lane.empty_since = None;
        }
        let waited = beat.now - *lane.empty_since.get_or_insert(beat.now);
        if (target - lane.to).abs() > 0.5 && (!shrinks || waited >= LINGER) {
            *lane = Lane { from: here, to: target, since: beat.now, empty_since: None };
        }
        here
    }

    /// The nodes' rows begin here, with all cards that stand on them: they move with their row.
    pub fn follow_rows(&mut self, rows: f64) {
        let by = rows - self.rows;
        if by.abs() > f64::EPSILON {
            for track in self.tracks.values_mut().filter(|track| track.to >= self.rows) {
                (track.from, track.to) = (track.from + by, track.to + by);
            }
        }
        self.rows = rows;
    }

    /// How far the change of a mark to `is` has come, from 0 to 1; for a mark seen for the first time, 1.
    fn turned(&mut self, name: &str, is: bool, length: f64, beat: Beat) -> f64 {
        let mark = self.marks.entry(name.to_owned()).or_insert((is, EVER));
        if mark.0 != is {
            *mark = (is, if beat.animate { beat.now } else { EVER });
        }
        if is { share(beat.now, mark.1, length) } else { 1.0 }
    }

    /// Where the card of a Pod stands now, and how visible it is.
    fn card(&mut self, pod: &PodCard, column: usize, target: f64, now: f64, animate: bool) -> (f64, f64) {
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
            self.marks.remove(&uid);
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
