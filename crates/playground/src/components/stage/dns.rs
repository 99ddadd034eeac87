//! A DNS record: a tag that points at its spine.

use scene::{DnsAnswer, DnsTag};
use yew::{Html, html};

use super::geometry::Geometry;

/// The tag at the top of a column; `down` says how far a fresh one has come, from 0 to 1.
pub fn tag(dns: &DnsTag, x: f64, down: f64, g: &Geometry) -> Html {
    if dns.name.is_empty() {
        return html! {};
    }
    let w = g.card;
    let shape = format!(
        "M4 0H{}Q{w} 0 {w} 4V38Q{w} 42 {} 42H34L28 48L22 42H4Q0 42 0 38V4Q0 0 4 0Z",
        w - 4.0,
        w - 4.0
    );
    let (class, answer) = match &dns.answer {
        DnsAnswer::A(ip) => (if dns.former.is_some() { "dns new" } else { "dns" }, format!("A {ip}")),
        DnsAnswer::NxDomain => ("dns off", "NXDOMAIN".to_owned()),
    };
    let label = format!("DNS {}, {answer}", dns.name);
    // A monospaced character of 11 px is 6.6 px wide.
    let after = 12.0 + 6.6 * super::geometry::count(answer.len()) + 10.0;
    let strike = dns.former.as_ref().filter(|f| after + 6.3 * super::geometry::count(f.len()) < w);
    html! {
        <g class={class} transform={format!("translate({x} {:.1})", g.dns - 8.0 * (1.0 - down))} role="img" aria-label={label}>
            <path d={shape} />
            <text x="12" y="17" class="dn">{&dns.name}</text>
            <text x="12" y="33" class="da">{answer}</text>
            {strike.map(|former| html! {
                <>
                    <text x={after.to_string()} y="33" class="do">{former}</text>
                    <path d={format!("M{after} 29.5h{}", 6.3 * super::geometry::count(former.len()))} class="strike" />
                </>
            })}
        </g>
    }
}
