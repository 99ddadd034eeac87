//! The window of the timeline: which part of time and which lanes it shows, and how it follows the moment on stage.
//!
//! It knows moments and counts of lanes, and no pixels: what draws it makes pixels of them.

/// The shortest span that a person can zoom to, in microseconds.
const SPAN_MIN: i64 = 1_000_000;
/// The span that a visit begins with, in microseconds: a Pod's start is a tenth of it.
const SPAN_FIRST: i64 = 60_000_000;

/// How many lanes are shown at once, in a drawing of this width (CSS pixels): all if they are few, else some and a cut
/// one, which says that there is more.
pub fn room(lanes: usize, width: f64) -> f64 {
    let most = if is_narrow(width) { 6 } else { 10 };
    let shown = f64::from(u32::try_from(lanes.clamp(1, most)).unwrap_or(1));
    if lanes > most { shown + 0.5 } else { shown }
}

/// Whether a drawing of this width (CSS pixels) is one for a phone.
pub fn is_narrow(width: f64) -> bool {
    width < 560.0
}

/// A count of microseconds to calculate with.
#[allow(clippy::cast_precision_loss)] // times here are far below 2⁵³ microseconds
pub fn exact(n: i64) -> f64 {
    n as f64
}

/// Microseconds from a calculation.
#[allow(clippy::cast_possible_truncation)] // a part of a span that fits
fn micros(n: f64) -> i64 {
    n as i64
}

/// A part of time, in microseconds since 0:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: i64,
    /// How long it is.
    pub length: i64,
}

impl Span {
    /// Its last moment.
    pub const fn until(self) -> i64 {
        self.from + self.length
    }

    /// Whether a moment lies in it.
    pub const fn holds(self, moment: i64) -> bool {
        moment >= self.from && moment <= self.until()
    }

    /// Where in it a moment is, as a share of it.
    pub fn share(self, moment: i64) -> f64 {
        exact(moment - self.from) / exact(self.length.max(1))
    }

    /// The span that a zoom by `factor` leaves, so that the moment at `share` of it stays where it is.
    fn zoomed(self, share: f64, factor: f64, whole: i64) -> Self {
        let length = (exact(self.length) * factor).clamp(exact(SPAN_MIN), exact(whole.max(SPAN_MIN)));
        let kept = exact(self.from) + exact(self.length) * share;
        Self { from: micros(kept - length * share), length: micros(length) }.within(whole)
    }

    /// The span moved by a share of itself.
    pub fn moved(self, by: f64) -> Self {
        Self { from: self.from + micros(exact(self.length) * by), ..self }
    }

    /// The span of the same length with this moment at two thirds.
    const fn with_at_two_thirds(self, moment: i64) -> Self {
        let from = moment - self.length * 2 / 3;
        Self { from: if from < 0 { 0 } else { from }, ..self }
    }

    fn within(self, whole: i64) -> Self {
        let length = self.length.max(SPAN_MIN);
        Self { from: self.from.min(whole - length).max(0), length }
    }
}

/// What the window shows of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The moment on stage, wherever it goes.
    Following,
    /// What a person has chosen.
    Chosen,
    /// All that there is, and goes on showing all.
    All,
}

/// What is done to the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WindowAction {
    /// So many times as much time is shown.
    Zoom {
        /// Below 1 less is shown.
        factor: f64,
        /// The moment that stays where it is, if a pointer shows one; else that on stage does.
        around: Option<i64>,
    },
    /// This is shown, by hand.
    Show(Span),
    /// All is shown.
    Fit,
    /// The moment on stage and the lane that acts are followed, or no longer.
    Follow,
    /// So many lanes lie above the first in sight, by hand.
    Lanes(f64),
}

/// What there is to look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// The moment on stage, in microseconds since 0:00.
    pub now: i64,
    /// How far time reaches that is known, in microseconds since 0:00.
    pub whole: i64,
    /// How many lanes there are.
    pub lanes: usize,
    /// How many lanes are shown at once.
    pub room: f64,
    /// The lane that acts.
    pub acting: Option<usize>,
    /// Time passes.
    pub playing: bool,
}

/// The window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    mode: Mode,
    /// What is shown unless all is.
    span: Span,
    /// How many lanes lie above the first in sight.
    top: f64,
    /// A person has scrolled the lanes.
    top_is_chosen: bool,
    /// The moment on stage, and the lane that acted, when the window was last looked after.
    seen: (i64, Option<usize>),
}

impl Default for Window {
    fn default() -> Self {
        Self {
            mode: Mode::Following,
            span: Span { from: 0, length: SPAN_FIRST },
            top: 0.0,
            top_is_chosen: false,
            seen: (0, None),
        }
    }
}

impl Window {
    /// What it shows of time.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The part of time that it shows.
    pub fn span(&self, whole: i64) -> Span {
        match self.mode {
            Mode::Following | Mode::Chosen => self.span,
            Mode::All => Span { from: 0, length: whole.max(SPAN_MIN) },
        }
    }

    /// How many lanes lie above the first in sight.
    pub const fn top(&self) -> f64 {
        self.top
    }

    /// Whether moment and lane are followed, so that a button for it would do nothing.
    pub fn follows(&self) -> bool {
        self.mode == Mode::Following && !self.top_is_chosen
    }

    /// Does it.
    pub fn act(&mut self, action: WindowAction, sight: Sight) {
        match action {
            WindowAction::Zoom { factor, around } => self.zoom(factor, around, sight),
            WindowAction::Show(span) => {
                (self.mode, self.span) = (Mode::Chosen, span.within(sight.whole));
            }
            WindowAction::Fit => self.mode = Mode::All,
            WindowAction::Follow if self.follows() => {
                (self.mode, self.top_is_chosen) = (Mode::Chosen, true);
            }
            WindowAction::Follow => {
                (self.mode, self.top_is_chosen) = (Mode::Following, false);
                self.span = self.span.with_at_two_thirds(sight.now);
            }
            WindowAction::Lanes(top) => (self.top, self.top_is_chosen) = (top, true),
        }
        self.scroll(sight);
    }

    /// While the moment on stage is followed it stays followed, and the zoom is around it, unless a pointer at rest
    /// shows another one.
    fn zoom(&mut self, factor: f64, around: Option<i64>, sight: Sight) {
        let span = self.span(sight.whole);
        let by_hand = around.filter(|_| self.mode == Mode::Chosen || !sight.playing);
        let kept = by_hand.or(Some(sight.now).filter(|now| span.holds(*now)));
        let new = span.zoomed(kept.map_or(0.5, |moment| span.share(moment)), factor, sight.whole);
        if factor > 1.0 && new.length >= sight.whole {
            self.mode = Mode::All;
            return;
        }
        self.span = new;
        if by_hand.is_some() || self.mode == Mode::Chosen {
            self.mode = Mode::Chosen;
        } else {
            self.mode = Mode::Following;
            self.span = new.with_at_two_thirds(sight.now);
        }
    }

    /// The moment on stage, or what there is, may be another one now. `pointed` says that a person has pointed at the
    /// moment: then nothing moves under the pointer as long as the moment is in sight.
    pub fn look_after(&mut self, sight: Sight, pointed: bool) {
        let before = std::mem::replace(&mut self.seen, (sight.now, sight.acting));
        if before.0 != sight.now {
            let is_in_sight = self.span.holds(sight.now);
            let moves = match self.mode {
                Mode::Following if pointed && !sight.playing => !is_in_sight,
                Mode::Following => !is_in_sight || self.span.share(sight.now) > 2.0 / 3.0,
                // Who plays looks on; who goes to a moment wants to see it.
                Mode::Chosen => !is_in_sight && !sight.playing,
                Mode::All => false,
            };
            if moves {
                self.span = self.span.with_at_two_thirds(sight.now);
            }
        }
        self.scroll(sight);
    }

    /// Keeps the lane that acts in the middle, and all lanes within what there is.
    fn scroll(&mut self, sight: Sight) {
        let lanes = f64::from(u32::try_from(sight.lanes).unwrap_or(u32::MAX));
        if let Some(acting) = sight.acting.filter(|_| !self.top_is_chosen && self.mode != Mode::Chosen) {
            let lane = f64::from(u32::try_from(acting).unwrap_or(u32::MAX));
            self.top = lane + 0.5 - sight.room / 2.0;
        }
        self.top = self.top.min(lanes - sight.room).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGHT: Sight =
        Sight { now: 0, whole: 400_000_000, lanes: 24, room: 10.5, acting: None, playing: false };

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let mut window = Window::default();
        window.act(WindowAction::Zoom { factor: 0.5, around: Some(30_000_000) }, SIGHT);
        assert_eq!(window.span(SIGHT.whole), Span { from: 15_000_000, length: 30_000_000 });
        assert_eq!(window.mode(), Mode::Chosen);
        window.act(WindowAction::Zoom { factor: 100.0, around: None }, SIGHT);
        assert_eq!(window.mode(), Mode::All);
        window.act(WindowAction::Zoom { factor: 0.000_1, around: Some(0) }, SIGHT);
        assert_eq!(window.span(SIGHT.whole).length, SPAN_MIN);
    }

    #[test]
    fn the_moment_on_stage_is_kept_at_two_thirds() {
        let mut window = Window::default();
        let at = |now| Sight { now, playing: true, ..SIGHT };
        window.look_after(at(39_000_000), false);
        assert_eq!(window.span(SIGHT.whole).from, 0, "a run begins at the left");
        window.look_after(at(100_000_000), false);
        assert_eq!(window.span(SIGHT.whole).from, 60_000_000);
        window.act(WindowAction::Zoom { factor: 0.5, around: Some(110_000_000) }, at(100_000_000));
        assert_eq!(window.span(SIGHT.whole), Span { from: 80_000_000, length: 30_000_000 });
        assert!(window.follows());
    }

    #[test]
    fn what_a_pointer_shows_does_not_run_away_from_it() {
        let mut window = Window::default();
        window.look_after(Sight { now: 55_000_000, ..SIGHT }, true);
        assert_eq!(window.span(SIGHT.whole).from, 0);
        window.look_after(Sight { now: 56_000_000, ..SIGHT }, false);
        assert_eq!(window.span(SIGHT.whole).from, 16_000_000);
    }

    #[test]
    fn who_has_chosen_a_part_of_time_keeps_it_while_time_passes() {
        let mut window = Window::default();
        window.act(WindowAction::Show(Span { from: 390_000_000, length: 20_000_000 }), SIGHT);
        assert_eq!(window.span(SIGHT.whole).from, 380_000_000, "no further than there is something");
        window.look_after(Sight { now: 5_000_000, playing: true, ..SIGHT }, false);
        assert_eq!(window.span(SIGHT.whole).from, 380_000_000);
        window.look_after(Sight { now: 100_000_000, ..SIGHT }, false);
        assert!(window.span(SIGHT.whole).holds(100_000_000), "a jump leads to what one wants to see");
        assert!(!window.follows());
    }

    #[test]
    fn the_lane_that_acts_is_in_the_middle_until_somebody_scrolls() {
        let mut window = Window::default();
        let acting = Sight { acting: Some(13), ..SIGHT };
        window.look_after(acting, false);
        assert!((window.top() - 8.25).abs() < 0.01);
        window.act(WindowAction::Lanes(99.0), acting);
        window.look_after(Sight { acting: Some(2), ..SIGHT }, false);
        assert!((window.top() - 13.5).abs() < 0.01, "the last lanes");
        assert!(!window.follows());
        window.act(WindowAction::Follow, Sight { acting: Some(2), ..SIGHT });
        assert!(window.follows() && window.top() < 0.01);
    }
}
