//! The shape of a Pod's card: its outline says the state without a word.

use scene::{PodCard, PodLook};

use super::geometry::count;

/// The outline of a card, `w` wide and `h` high.
pub fn outline(pod: &PodCard, w: f64, h: f64) -> String {
    let (r, low) = (w - 8.0, h - 8.0);
    let cut = 13.0_f64.min(w / 4.0);
    match pod.look {
        PodLook::Terminating | PodLook::Unknown if pod.deleting => {
            format!("M8 0H{}L{w} {cut}V{}L{} {h}H8Q0 {h} 0 {low}V8Q0 0 8 0Z", w - cut, h - cut, w - cut)
        }
        PodLook::ImagePull => {
            let (bite, deep) = (22.0_f64.min(w / 3.0), 12.0);
            format!("M8 0H{}V{deep}H{w}V{low}Q{w} {h} {r} {h}H8Q0 {h} 0 {low}V8Q0 0 8 0Z", w - bite)
        }
        PodLook::Failed => format!("M0 0H{w}V{h}H0Z"),
        PodLook::CrashLoop => {
            let teeth = if w > 100.0 { 18_usize } else { 8 };
            let step = (w - 18.0) / count(teeth);
            let foot: String = (0..=teeth)
                .map(|i| format!("L{:.1} {}", r - step * count(i), if i % 2 == 0 { h } else { h - 6.0 }))
                .collect();
            format!("M8 0H{r}Q{w} 0 {w} 8V{}{foot}L8 {h}Q0 {h} 0 {low}V8Q0 0 8 0Z", h - 4.0)
        }
        PodLook::Pending
        | PodLook::PendingOnClaim
        | PodLook::Creating
        | PodLook::Running
        | PodLook::Ready
        | PodLook::Succeeded
        | PodLook::Terminating
        | PodLook::Unknown => {
            format!("M8 0H{r}Q{w} 0 {w} 8V{low}Q{w} {h} {r} {h}H8Q0 {h} 0 {low}V8Q0 0 8 0Z")
        }
    }
}

/// The band at the left edge, which has the revision's pattern.
pub fn band(look: PodLook, wide: f64, h: f64) -> String {
    match look {
        PodLook::Failed => format!("M0 0H{wide}V{h}H0Z"),
        PodLook::Pending
        | PodLook::PendingOnClaim
        | PodLook::Creating
        | PodLook::Running
        | PodLook::Ready
        | PodLook::Terminating
        | PodLook::CrashLoop
        | PodLook::ImagePull
        | PodLook::Succeeded
        | PodLook::Unknown => {
            let r = 8.0_f64.min(wide);
            format!("M{r} 0H{wide}V{h}H{r}Q0 {h} 0 {}V{r}Q0 0 {r} 0Z", h - r)
        }
    }
}

/// The part of a card that the rising tint has not reached yet.
pub fn paper(w: f64, h: f64, risen: f64) -> String {
    let foot = (h * (1.0 - risen)).max(8.0);
    format!("M8 0H{}Q{w} 0 {w} 8V{foot:.1}H0V8Q0 0 8 0Z", w - 8.0)
}

/// The classes of a card: its tint and its edge.
pub fn classes_of(pod: &PodCard) -> String {
    let (state, kind) = classes(pod.look);
    let lost = if pod.unheard { " lost" } else { "" };
    format!("pod {state} {kind}{lost}")
}

const fn classes(look: PodLook) -> (&'static str, &'static str) {
    match look {
        PodLook::Pending => ("s-idle", "k-unscheduled"),
        PodLook::PendingOnClaim => ("s-busy", "k-claim"),
        PodLook::Creating => ("s-busy", "k-creating"),
        PodLook::Running => ("s-busy", "k-notready"),
        PodLook::Ready => ("s-ready", "k-ready"),
        PodLook::Terminating => ("s-gone", "k-term"),
        PodLook::CrashLoop => ("s-bad", "k-crash"),
        PodLook::ImagePull => ("s-bad", "k-image"),
        PodLook::Failed => ("s-bad", "k-failed"),
        PodLook::Succeeded => ("s-gone", "k-done"),
        PodLook::Unknown => ("s-gone", "k-unknown"),
    }
}
