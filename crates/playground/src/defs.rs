//! Paints that the drawings share: the patterns of revisions, the hatching of silence.

use yew::{Html, html};

/// The definitions, once a page.
pub fn defs() -> Html {
    html! {
        <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>
            <pattern id="rA" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="fA" /></pattern>
            <pattern id="rB" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect width="6" height="6" class="fBs" /><rect width="3.4" height="6" class="fB" />
            </pattern>
            <pattern id="rC" width="5" height="5" patternUnits="userSpaceOnUse">
                <rect width="5" height="5" class="fCs" /><circle cx="2.5" cy="2.5" r="1.55" class="fC" />
            </pattern>
            <pattern id="rD" width="6" height="5" patternUnits="userSpaceOnUse">
                <rect width="6" height="5" class="fDs" /><rect width="6" height="2" class="fD" />
            </pattern>
            <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect width="1" height="7" class="hatchline" />
            </pattern>
            <pattern id="hatchcut" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect width="1.6" height="5" class="hatchcut" />
            </pattern>
        </defs></svg>
    }
}
