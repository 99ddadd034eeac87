//! A DNS record: a tag that points at its spine.

use api::Key;
use scene::{Column, DnsAnswer};
use yew::{Callback, Html, html};

use super::geometry::{Geometry, Level, count};
use super::press::press_at;
use crate::regions::Action;

/// What to ask about where a name is concerned: whether it resolves depends on its Pod.
fn key_of(namespace: &str, column: &Column) -> Key {
    Key::new(api::Kind::Pod, namespace, column.name.as_str())
}

/// What a tag shows of its name and its answer, at this level.
fn shown(column: &Column, level: Level) -> (String, String) {
    let whole = &column.dns.name;
    let answer = |prefix: &str| match &column.dns.answer {
        DnsAnswer::A(ip) => format!("{prefix}{ip}"),
        DnsAnswer::NxDomain => "NXDOMAIN".to_owned(),
        DnsAnswer::Unasked => String::new(),
    };
    match level {
        Level::Full => (whole.clone(), answer("A ")),
        Level::Narrow => (whole.clone(), answer("")),
        Level::Slim => {
            let last: Vec<&str> = match &column.dns.answer {
                DnsAnswer::A(ip) => ip.rsplitn(3, '.').take(2).collect(),
                DnsAnswer::NxDomain | DnsAnswer::Unasked => Vec::new(),
            };
            let short = match last.as_slice() {
                [end, middle] => format!(".{middle}.{end}"),
                _ => answer(""),
            };
            (column.name.clone(), short)
        }
        Level::Strip => (column.ordinal.to_string(), String::new()),
    }
}

/// A tag of this size whose tail points to where the spine is.
fn outline(w: f64, h: f64, at: f64) -> String {
    let tail = 6.0;
    format!(
        "M4 0H{}Q{w} 0 {w} 4V{}Q{w} {h} {} {h}H{}L{at} {}L{} {h}H4Q0 {h} 0 {}V4Q0 0 4 0Z",
        w - 4.0,
        h - 4.0,
        w - 4.0,
        (at + tail).min(w - 4.0),
        h + tail,
        (at - tail).max(4.0),
        h - 4.0
    )
}

/// The tag at the top of a column; `down` says how far a fresh one has come, from 0 to 1.
pub fn tag(
    namespace: &str,
    column: &Column,
    (x, down): (f64, f64),
    g: &Geometry,
    on_action: &Callback<Action>,
) -> Html {
    let dns = &column.dns;
    let (w, strip) = (g.card, g.level == Level::Strip);
    if dns.name.is_empty() && !strip {
        return html! {};
    }
    let h = if strip { 22.0 } else { 42.0 };
    let shape = outline(w, h, g.spine_in());
    let class = match &dns.answer {
        DnsAnswer::A(_) if dns.former.is_some() => "dns new",
        DnsAnswer::A(_) | DnsAnswer::Unasked => "dns",
        DnsAnswer::NxDomain => "dns off",
    };
    let answer = match &dns.answer {
        DnsAnswer::A(ip) => format!(", A {ip}"),
        DnsAnswer::NxDomain => ", NXDOMAIN".to_owned(),
        DnsAnswer::Unasked => String::new(),
    };
    let label = format!("DNS {}{answer}", dns.name);
    let (name, said) = shown(column, g.level);
    // A monospaced character of 11 px is 6.6 px wide.
    let after = 12.0 + 6.6 * count(said.len()) + 10.0;
    let strike = dns.former.as_ref().filter(|f| !strip && after + 6.3 * count(f.len()) < w);
    let top = g.dns - 8.0 * (1.0 - down);
    let place = (0.0, 0.0, w, h);
    let key = key_of(namespace, column);
    html! {
        <g class={class} transform={format!("translate({x} {top:.1})")}>
            <g aria-hidden="true">
                <path d={shape} />
                {if strip {
                    html! { <text x={(w / 2.0).to_string()} y="15" class="dn" text-anchor="middle">{name}</text> }
                } else {
                    html! {
                        <>
                            <text x="12" y="17" class="dn">{super::said::fit(&name, w - 16.0, 6.9)}</text>
                            <text x="12" y="33" class="da">{said}</text>
                        </>
                    }
                }}
                {strike.map(|former| html! {
                    <>
                        <text x={after.to_string()} y="33" class="do">{former}</text>
                        <path d={format!("M{after} 29.5h{}", 6.3 * count(former.len()))} class="strike" />
                    </>
                })}
            </g>
            {press_at(&key, "dns", &label, place, None, on_action)}
        </g>
    }
}
