//! Elements, sizes, clipboard.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use yew::{Callback, FocusEvent, InputEvent, NodeRef, TargetCast};

use super::Guard;
use crate::effect::Theme;
use crate::model::Wishes;

/// The browser's clock, in milliseconds, to see how long something takes; it stands still where there is none.
pub fn watch() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// What the clock on the wall says: `14:02`.
pub fn hour() -> String {
    let now = js_sys::Date::new_0();
    format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
}

/// A number that no other visit is likely to have.
pub fn visit() -> u64 {
    // Below 2^53, so it is exact.
    format!("{:.0}", js_sys::Math::random() * 9e15).parse().unwrap_or(0)
}

/// The element that the page is drawn into.
pub fn mount_point() -> web_sys::Element {
    let document = gloo::utils::document();
    document.get_element_by_id("app").unwrap_or_else(|| gloo::utils::body().into())
}

/// The width of the first element that fits, in CSS pixels; 0 if there is none or it is not shown.
pub fn width_of(selector: &str) -> f64 {
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    found.map_or(0.0, |element| f64::from(element.client_width()))
}

/// Brings the first column that acts into sight, if the stage is wider than its room. `last` is the column that was
/// brought there last, and where it was scrolled to: from elsewhere a person has scrolled, and stays there until
/// nobody acts any more.
pub fn follow_acting(last: &mut Option<(String, i32)>) {
    let document = gloo::utils::document();
    let Some(scroll) = document.query_selector(".stagebox > .scroll").ok().flatten() else { return };
    let acting = scroll.query_selector(".stage > [data-acts]").ok().flatten();
    let Some(name) = acting.as_ref().and_then(|column| column.get_attribute("data-column")) else {
        *last = None;
        return;
    };
    let (at, is_moved) = match last {
        Some((known, _)) if *known == name => return,
        Some((_, at)) => (*at, (scroll.scroll_left() - *at).abs() > 2),
        None => (scroll.scroll_left(), false),
    };
    if is_moved || scroll.scroll_width() <= scroll.client_width() + 1 {
        *last = Some((name, at));
        return;
    }
    if let Some(column) = acting {
        let (place, room) = (column.get_bounding_client_rect(), scroll.get_bounding_client_rect());
        let middle = place.left() + place.width() / 2.0 - room.left() - room.width() / 2.0;
        scroll.scroll_by_with_x_and_y(middle, 0.0);
    }
    *last = Some((name, scroll.scroll_left()));
}

/// What has the focus; nothing if only the page itself has.
pub fn focused() -> Option<web_sys::Element> {
    let element = gloo::utils::document().active_element()?;
    (!element.is_same_node(gloo::utils::document().body().as_deref().map(AsRef::as_ref))).then_some(element)
}

/// The room for the stage, width and height in CSS pixels; before it is there, what will be left of its box.
pub fn stage_room() -> (f64, f64) {
    let height = |selector: &str| {
        let found = gloo::utils::document().query_selector(selector).ok().flatten();
        found.map(|element| f64::from(element.client_height()))
    };
    let line = height(".stagebox > .set").unwrap_or(0.0);
    let left = || height(".stagebox").map_or(0.0, |whole| whole - line);
    (width_of(".stagebox"), height(".stagebox > .scroll").unwrap_or_else(left))
}

/// The height of the first element that fits, in CSS pixels; 0 if there is none or it is not shown.
pub fn height_of(selector: &str) -> f64 {
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    found.map_or(0.0, |element| f64::from(element.client_height()))
}

/// How far right of an element's left edge an event lies, in CSS pixels.
pub fn from_left(event: &yew::PointerEvent, selector: &str) -> f64 {
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    found.map_or(0.0, |element| f64::from(event.client_x()) - element.get_bounding_client_rect().left())
}

/// How far above an element's lower edge an event lies, in CSS pixels.
pub fn to_bottom(event: &yew::PointerEvent, selector: &str) -> f64 {
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    found.map_or(0.0, |element| element.get_bounding_client_rect().bottom() - f64::from(event.client_y()))
}

/// Gives a size to the styles, as a property of `<html>`, in CSS pixels.
pub fn set_size(property: &str, px: f64) {
    if let Some(root) = gloo::utils::document_element().dyn_ref::<web_sys::HtmlElement>() {
        let _ = root.style().set_property(property, &format!("{px}px"));
    }
}

/// What an attribute of `<html>` says, or nothing.
pub fn root_attribute(name: &str) -> String {
    gloo::utils::document_element().get_attribute(name).unwrap_or_default()
}

/// Sets an attribute of `<html>`; an empty value takes it away.
pub fn set_root_attribute(name: &str, value: &str) {
    let root = gloo::utils::document_element();
    let _ = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
}

/// The part of the address after `#`, with it; empty if there is none.
pub fn fragment() -> String {
    gloo::utils::window().location().hash().unwrap_or_default()
}

/// Writes the page's place into its address, without going there.
pub fn set_fragment(fragment: &str) {
    let Ok(history) = gloo::utils::window().history() else { return };
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
}

/// The sine and cosine of an angle: the browser has them, a copy of ours would be downloaded.
#[cfg(target_arch = "wasm32")]
pub fn sin_cos(angle: f64) -> (f64, f64) {
    (js_sys::Math::sin(angle), js_sys::Math::cos(angle))
}

/// The sine and cosine of an angle, where tests draw without a browser.
#[cfg(not(target_arch = "wasm32"))]
pub fn sin_cos(angle: f64) -> (f64, f64) {
    angle.sin_cos()
}

/// The page's title.
pub fn set_title(text: &str) {
    gloo::utils::document().set_title(text);
}

/// The theme that was chosen, if one was.
pub fn theme() -> Option<Theme> {
    let named = root_attribute("data-theme");
    [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == named)
}

/// A system that wishes for a dark page.
const DARK: &str = "(prefers-color-scheme: dark)";
/// A system that wishes for little motion.
const STILL: &str = "(prefers-reduced-motion: reduce)";

/// What the visitor's system wishes, or the switch beside it.
pub fn wishes() -> Wishes {
    let still = root_attribute("data-motion") == "reduced" || matches(STILL);
    Wishes { dark: matches(DARK), less_motion: still }
}

/// Calls back when the visitor's system wishes otherwise.
pub fn on_wishes(callback: &Callback<Wishes>) -> Vec<Guard> {
    let queries = [DARK, STILL].into_iter().filter_map(query);
    let listen = |list: web_sys::MediaQueryList| -> Guard {
        let callback = callback.clone();
        Box::new(EventListener::new(&list, "change", move |_| callback.emit(wishes())))
    };
    queries.map(listen).collect()
}

fn query(text: &str) -> Option<web_sys::MediaQueryList> {
    gloo::utils::window().match_media(text).ok().flatten()
}

fn matches(text: &str) -> bool {
    query(text).is_some_and(|list| list.matches())
}

/// The text of the input that an event came from.
pub fn input_value(event: &InputEvent) -> String {
    event.target_dyn_into::<web_sys::HtmlInputElement>().map_or_else(String::new, |input| input.value())
}

/// The text of an input.
pub fn value_of(input: Option<web_sys::HtmlInputElement>) -> String {
    input.map_or_else(String::new, |input| input.value())
}

/// Selects the whole text of the input that has got the focus.
pub fn select_all(event: &FocusEvent) {
    if let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
        input.select();
    }
}

/// Puts the cursor into an element.
pub fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}

/// Puts the cursor into the first element that fits.
pub fn focus_on(selector: &str) {
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    let Some(element) = found else { return };
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    } else if let Some(element) = element.dyn_ref::<web_sys::SvgElement>() {
        let _ = element.focus();
    }
}

/// Goes from the region that has the focus to the next one in sight, or back to the one before; `regions` are
/// the selectors of all, in order.
pub fn focus_next(regions: &[&str], back: bool) {
    let document = gloo::utils::document();
    let here = document.active_element();
    let region =
        |selector: &&str| document.query_selector(selector).ok()??.dyn_into::<web_sys::HtmlElement>().ok();
    let mut shown: Vec<_> = regions.iter().filter_map(region).filter(|one| one.offset_width() > 0).collect();
    if back {
        shown.reverse();
    }
    let holds = |one: &web_sys::HtmlElement| one.contains(here.as_ref().map(AsRef::as_ref));
    let next = shown.iter().position(holds).map_or(0, |at| at + 1);
    if let Some(region) = shown.get(next).or(shown.first()) {
        let _ = region.focus();
    }
}

/// Scrolls an element to its end.
pub fn scroll_to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<web_sys::Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}

/// Opens or closes a modal dialog.
pub fn set_dialog(node: &NodeRef, open: bool) {
    if let Some(dialog) = node.cast::<web_sys::HtmlDialogElement>() {
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    }
}

/// Whether some text is selected, so that Ctrl-C means copying.
pub fn has_selection() -> bool {
    let selection = gloo::utils::window().get_selection().ok().flatten();
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Puts a text on the clipboard, if the browser lets it.
pub fn copy(text: &str) {
    let clipboard = gloo::utils::window().navigator().clipboard();
    // Without a secure context there is no clipboard at all.
    if !clipboard.is_undefined() {
        let _ = clipboard.write_text(text);
    }
}

/// The drawing that an event happened in. Yew listens at the page's root, so that is what the browser calls
/// the event's current target.
fn drawing_of(event: &yew::PointerEvent) -> Option<web_sys::Element> {
    event.target_dyn_into::<web_sys::Element>()?.closest("svg").ok().flatten()
}

/// Gives the focus to the element of a drawing that lies nearest in a direction from the one that has it;
/// `others` is the selector of what can have it. What lies aside of the direction counts as so many times as far as
/// it does (`bend`). Says whether there is one.
pub fn focus_beside(event: &yew::KeyboardEvent, others: &str, (dx, dy): (f64, f64), bend: f64) -> bool {
    let Some(here) = event.target_dyn_into::<web_sys::Element>() else { return false };
    let Some(drawing) = here.closest("svg").ok().flatten() else { return false };
    let Ok(found) = drawing.query_selector_all(others) else { return false };
    let middle = |element: &web_sys::Element| {
        let place = element.get_bounding_client_rect();
        (place.left() + place.width() / 2.0, place.top() + place.height() / 2.0)
    };
    let (x, y) = middle(&here);
    let distance = |element: &web_sys::Element| {
        let (to_x, to_y) = middle(element);
        let (ahead, aside) = ((to_x - x) * dx + (to_y - y) * dy, (to_x - x) * dy + (to_y - y) * dx);
        (ahead > 1.0).then_some(ahead + bend * aside.abs())
    };
    let elements = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<web_sys::Element>().ok());
    let near = elements.filter_map(|element| Some((distance(&element)?, element)));
    let Some((_, nearest)) = near.min_by(|(a, _), (b, _)| a.total_cmp(b)) else { return false };
    nearest.dyn_ref::<web_sys::SvgElement>().is_some_and(|element| element.focus().is_ok())
}

/// Where in a drawing an event lies, in CSS pixels from its left and its upper edge.
pub fn place_in_drawing(event: &yew::PointerEvent) -> (f64, f64) {
    drawing_of(event).map_or((0.0, 0.0), |drawing| {
        let place = drawing.get_bounding_client_rect();
        (f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top())
    })
}

/// Whether a finger did it.
pub fn is_touch(event: &yew::PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

/// Where along a drawing's width an event lies, as a share of it.
pub fn share_of_width(event: &yew::PointerEvent) -> f64 {
    drawing_of(event).map_or(0.0, |drawing| {
        let place = drawing.get_bounding_client_rect();
        (f64::from(event.client_x()) - place.left()) / place.width().max(1.0)
    })
}

/// Keeps the pointer's events coming to the drawing until it is let go.
pub fn capture(event: &yew::PointerEvent) {
    if let Some(drawing) = drawing_of(event) {
        let _ = drawing.set_pointer_capture(event.pointer_id());
    }
}

/// Keeps the pointer's events coming to the element that it is on, until it is let go.
pub fn hold(event: &yew::PointerEvent) {
    if let Some(element) = event.target_dyn_into::<web_sys::Element>() {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Whether the pointer was put down on the element that gets its events, and has not been let go.
pub fn is_held(event: &yew::PointerEvent) -> bool {
    let target = event.target_dyn_into::<web_sys::Element>();
    target.is_some_and(|element| element.has_pointer_capture(event.pointer_id()))
}

/// An observer and what it calls.
struct Observed {
    observer: web_sys::ResizeObserver,
    _called: Closure<dyn FnMut()>,
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls back in the frame after one of the elements has got another size; the first time right away.
pub fn on_resize(selectors: &[&str], callback: Callback<()>) -> Option<Guard> {
    // In the next frame: who resizes in the observer's own call makes the browser complain of a loop.
    let mut next: Option<Guard> = None;
    let called = Closure::<dyn FnMut()>::new(move || {
        let callback = callback.clone();
        drop(next.replace(super::frames::next(Callback::from(move |_: f64| callback.emit(())))));
    });
    let observer = web_sys::ResizeObserver::new(called.as_ref().unchecked_ref()).ok()?;
    for selector in selectors {
        if let Some(element) = gloo::utils::document().query_selector(selector).ok().flatten() {
            observer.observe(&element);
        }
    }
    Some(Box::new(Observed { observer, _called: called }))
}

/// Calls back when the page is left or hidden: the last chance to keep anything.
pub fn on_leave(callback: Callback<()>) -> Guard {
    Box::new(EventListener::new(&gloo::utils::window(), "pagehide", move |_| callback.emit(())))
}

/// Calls back once, after so many milliseconds; dropping it takes it back.
pub fn after(millis: u32, callback: Callback<()>) -> Guard {
    Box::new(Timeout::new(millis, move || callback.emit(())))
}
