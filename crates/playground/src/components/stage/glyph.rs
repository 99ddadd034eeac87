//! The glyph of a Pod's look: a shape that says the state without colour.

use scene::PodLook;
use yew::{Html, html};

use crate::platform::dom;

/// The glyph, around (0, 0), in a 14 px box. `left` is the share of grace left, from 1 to 0.
pub fn glyph(look: PodLook, left: f64) -> Html {
    match look {
        PodLook::Pending => html! { <circle r="5" class="g-dot" /> },
        PodLook::PendingOnClaim => html! {
            <><circle cy="-2" r="3.6" class="g-dot" /><path d="M-5.5 5.5h11" class="g-line" /></>
        },
        PodLook::Creating => html! {
            <><circle r="5.2" class="g-line" /><path d="M0 -3.2A3.2 3.2 0 0 1 0 3.2Z" class="g-fill" /></>
        },
        PodLook::Running => html! { <circle r="4.9" class="g-thick" /> },
        PodLook::Ready | PodLook::Succeeded => html! {
            <><circle r="6" class="g-fill" /><path d="M-2.7 .1-.8 2.1 2.8-1.9" class="g-knock" /></>
        },
        PodLook::Terminating => html! {
            <><circle r="5.6" class="g-ring" /><path d={wedge(left)} class="g-fill" /></>
        },
        PodLook::CrashLoop => html! {
            <path d="M4.9-1.6A5.2 5.2 0 1 0 4.6 2.6M5.6-5.2V-1.4H1.8" class="g-line" />
        },
        PodLook::ImagePull => html! {
            <><rect x="-5" y="-5" width="10" height="10" class="g-line" /><path d="M-5 5 5-5" class="g-line" /></>
        },
        PodLook::Failed => html! {
            <><rect x="-5.6" y="-5.6" width="11.2" height="11.2" class="g-fill" /><path d="M-2.4-2.4 2.4 2.4M2.4-2.4-2.4 2.4" class="g-knock" /></>
        },
        PodLook::Unknown => html! {
            <><path d="M0-6.6 6.6 0 0 6.6-6.6 0Z" class="g-line" /><path d="M-1.7-1.3C-1.7-3.6 1.8-3.6 1.8-1.4 1.8 0 0 0 0 1.5M0 3.3v.3" class="g-thin" /></>
        },
    }
}

/// A clockwise wedge from 12 o'clock that covers `share` of the circle.
fn wedge(share: f64) -> String {
    let share = share.clamp(0.001, 0.999);
    let angle = share * std::f64::consts::TAU;
    let (sin, cos) = dom::sin_cos(angle);
    let (x, y) = (3.6 * sin, -3.6 * cos);
    let large = u8::from(share > 0.5);
    format!("M0 0L0-3.6A3.6 3.6 0 {large} 1 {x:.2} {y:.2}Z")
}
