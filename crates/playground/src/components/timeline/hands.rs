//! What pointers, the wheel and keys do on the lanes: a drag moves through time, one along the ruler chooses what is
//! shown, Ctrl and the wheel or two fingers zoom, the wheel and a finger scroll the lanes.

use std::cell::RefCell;
use std::rc::Rc;

use yew::{Callback, KeyboardEvent, PointerEvent, UseStateHandle};

use super::layout::Layout;
use super::scale::{Scale, float};
use crate::platform::{dom, wheel};
use crate::regions::{Action, Jump, TimeAction};
use crate::window::{Span, WindowAction};

/// A turn of the wheel by this many pixels doubles the span that is shown.
const WHEEL: f64 = 240.0;
/// A pointer that moved less than this did not drag, in CSS pixels.
const STILL: f64 = 5.0;
/// Room beside the lanes in which the thumb can be taken, in CSS pixels.
const THUMB: f64 = 26.0;

/// What a drag does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drag {
    /// Moves through time.
    Seek,
    /// Chooses what is shown, from this place on.
    Choose(f64),
    /// Scrolls the lanes: they lay like this when it began, at this height.
    Scroll { top: f64, y: f64 },
    /// Moves the thumb that shows how far the lanes are scrolled.
    Thumb { top: f64, y: f64 },
    /// A finger that goes sideways will move through time, one that goes up or down will scroll.
    Undecided(f64, f64),
    /// Two fingers zoom.
    Pinch,
}

/// Pointers that are down on the drawing, by their number and place, and what they do.
#[derive(Debug, Clone, Default)]
pub struct Down {
    pointers: Vec<(i32, f64)>,
    drag: Option<Drag>,
}

/// Where the pointers are, what the drawing shows, and the way to change both.
#[derive(Clone)]
pub struct Hands {
    /// What is down.
    pub down: Rc<RefCell<Down>>,
    /// What is being chosen on the ruler: from place to place.
    pub band: UseStateHandle<Option<(f64, f64)>>,
    /// Where moments are.
    pub scale: Scale,
    /// Where lanes are.
    pub layout: Layout,
    /// What a person does.
    pub on_action: Callback<Action>,
}

impl Hands {
    fn window(&self, action: WindowAction) {
        self.on_action.emit(TimeAction::Window(action).into());
    }

    fn seek(&self, x: f64) {
        self.on_action.emit(TimeAction::Jump(Jump::To(self.scale.at(x))).into());
    }

    /// A pointer goes down.
    pub fn put_down(&self, event: &PointerEvent) {
        dom::capture(event);
        let (x, y) = dom::place_in_drawing(event);
        let Ok(mut down) = self.down.try_borrow_mut() else { return };
        down.pointers.retain(|(id, _)| *id != event.pointer_id());
        down.pointers.push((event.pointer_id(), x));
        let scrolls = self.layout.scrolls();
        let drag = if down.pointers.len() > 1 {
            Drag::Pinch
        } else if y >= self.layout.bottom() {
            Drag::Choose(x)
        } else if scrolls && x >= self.layout.width - THUMB {
            Drag::Thumb { top: self.layout.top, y }
        } else if scrolls && dom::is_touch(event) {
            Drag::Undecided(x, y)
        } else {
            self.seek(x);
            Drag::Seek
        };
        down.drag = Some(drag);
    }

    /// A pointer moves.
    pub fn moved(&self, event: &PointerEvent) {
        let (x, y) = dom::place_in_drawing(event);
        let Ok(mut down) = self.down.try_borrow_mut() else { return };
        let before = down.pointers.clone();
        let Some(finger) = down.pointers.iter_mut().find(|(id, _)| *id == event.pointer_id()) else { return };
        finger.1 = x;
        match down.drag {
            Some(Drag::Seek) => self.seek(x),
            Some(Drag::Choose(from)) => self.band.set(((x - from).abs() > STILL).then_some((from, x))),
            Some(Drag::Scroll { top, y: from }) => {
                self.window(WindowAction::Lanes(top - (y - from) / self.layout.lane));
            }
            Some(Drag::Thumb { top, y: from }) => {
                let lanes = (y - from) / self.layout.lane * float(self.layout.lanes) / self.layout.room;
                self.window(WindowAction::Lanes(top + lanes));
            }
            Some(Drag::Undecided(from_x, from_y)) => {
                if (y - from_y).abs() > STILL.max((x - from_x).abs()) {
                    down.drag = Some(Drag::Scroll { top: self.layout.top, y });
                } else if (x - from_x).abs() > STILL {
                    down.drag = Some(Drag::Seek);
                }
            }
            Some(Drag::Pinch) => {
                if let ([(_, a), (_, b)], [(_, c), (_, d)]) = (before.as_slice(), down.pointers.as_slice()) {
                    let factor = (a - b).abs().max(10.0) / (c - d).abs().max(10.0);
                    let around = Some(self.scale.at(f64::midpoint(*c, *d)));
                    self.window(WindowAction::Zoom { factor, around });
                }
            }
            None => {}
        }
    }

    /// A pointer is let go.
    pub fn let_go(&self, event: &PointerEvent) {
        let (x, _) = dom::place_in_drawing(event);
        let Ok(mut down) = self.down.try_borrow_mut() else { return };
        down.pointers.retain(|(id, _)| *id != event.pointer_id());
        match down.drag.take() {
            Some(Drag::Choose(from)) => {
                self.band.set(None);
                if (x - from).abs() > STILL {
                    let (a, b) = (self.scale.at(from.min(x)), self.scale.at(from.max(x)));
                    self.window(WindowAction::Show(Span { from: a, length: b - a }));
                } else {
                    self.seek(x);
                }
            }
            Some(Drag::Undecided(..)) => self.seek(x),
            Some(Drag::Seek | Drag::Scroll { .. } | Drag::Thumb { .. } | Drag::Pinch) | None => {}
        }
    }

    /// The browser takes a pointer away.
    pub fn taken_away(&self, event: &PointerEvent) {
        let Ok(mut down) = self.down.try_borrow_mut() else { return };
        down.pointers.retain(|(id, _)| *id != event.pointer_id());
        down.drag = None;
        self.band.set(None);
    }

    /// The wheel turns. Says whether that did something.
    pub fn turned(&self, turn: wheel::Turn) -> bool {
        if turn.zooms {
            // Twice as much at most, and a turn back undoes it. A power of two would be smoother by nothing that
            // one sees, and brings four kilobytes of tables.
            let by = (turn.by / WHEEL).clamp(-1.0, 1.0);
            let factor = if by < 0.0 { 1.0 / (1.0 - by) } else { 1.0 + by };
            self.window(WindowAction::Zoom {
                factor,
                around: Some(self.scale.at(turn.share * self.layout.width)),
            });
        } else if turn.sideways.abs() > turn.by.abs() {
            self.window(WindowAction::Show(self.scale.span.moved(self.scale.share(turn.sideways))));
        } else if self.layout.scrolls() {
            self.window(WindowAction::Lanes(self.layout.top + turn.by / self.layout.lane));
        } else {
            return false;
        }
        true
    }

    /// A key on the cursor. Says whether that did something.
    fn key(&self, key: &str) -> bool {
        let jump = match key {
            "ArrowLeft" | "ArrowDown" => Jump::PreviousDecision,
            "ArrowRight" | "ArrowUp" => Jump::NextDecision,
            "PageDown" => Jump::PreviousInput,
            "PageUp" => Jump::NextInput,
            _ => return false,
        };
        self.on_action.emit(TimeAction::Jump(jump).into());
        true
    }

    /// A key on the thumb. Says whether that did something.
    fn scroll_key(&self, key: &str) -> bool {
        let (top, page) = (self.layout.top, self.layout.room.floor());
        let to = match key {
            "ArrowUp" => top - 1.0,
            "ArrowDown" => top + 1.0,
            "PageUp" => top - page,
            "PageDown" => top + page,
            "Home" => 0.0,
            "End" => float(self.layout.lanes),
            _ => return false,
        };
        self.window(WindowAction::Lanes(to));
        true
    }

    /// The callback of a pointer.
    pub fn pointer(&self, act: fn(&Self, &PointerEvent)) -> Callback<PointerEvent> {
        let hands = self.clone();
        Callback::from(move |event: PointerEvent| act(&hands, &event))
    }

    /// The callback of keys on the cursor.
    pub fn keys(&self) -> Callback<KeyboardEvent> {
        let hands = self.clone();
        on_key(move |key| hands.key(key))
    }

    /// The callback of keys on the thumb.
    pub fn scroll_keys(&self) -> Callback<KeyboardEvent> {
        let hands = self.clone();
        on_key(move |key| hands.scroll_key(key))
    }
}

/// A callback of keys: one that does something does nothing else.
pub fn on_key(act: impl Fn(&str) -> bool + 'static) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if !event.ctrl_key() && !event.meta_key() && !event.alt_key() && act(&event.key()) {
            event.prevent_default();
            event.stop_propagation();
        }
    })
}
