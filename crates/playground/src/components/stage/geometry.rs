//! Where things stand on the stage, in CSS pixels.

use scene::{Column, SetLife, SetScene};

/// Height of a node's row, and the least one where there is little room.
const ROW: f64 = 98.0;
const ROW_LEAST: f64 = 84.0;
/// Height of a node's row once no Pod is left.
const ROW_BARE: f64 = 40.0;
/// Height of a Pod's card.
pub const CARD: f64 = 76.0;
/// Height of a card that is a numeral and a glyph.
pub const CHIP: f64 = 60.0;
/// Width of a whole card in the lane "Now".
pub const NOW_CARD: f64 = 182.0;
/// Height of the lane "Now".
pub const NOW: f64 = 96.0;
/// How far right of a column's edge its spine stands, where there is room.
const SPINE: f64 = 28.0;
/// The greatest width of a column.
const COLUMN_MAX: f64 = 250.0;
/// Below this width the stage has no rows.
const FLAT: f64 = 560.0;
/// The least width of a column without rows; more of them are scrolled.
const FLAT_MIN: f64 = 104.0;
/// More columns without rows than these are dots.
const FLAT_COLUMNS: usize = 20;
/// The least width of a column that is still a column.
const STRIP_MIN: f64 = 34.0;
/// From so many columns on, berths alone make a low lane.
const MANY: usize = 5;

/// How much of a column there is room for. It follows the width of a column, not how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A numeral and a glyph; who acts has a whole card above.
    Strip,
    /// A word and no second line.
    Slim,
    /// Two lines, without an image.
    Narrow,
    /// All of it.
    Full,
}

/// Room to the left, to the right, and between two columns.
struct Sides {
    gutter: f64,
    margin: f64,
    gap: f64,
}

impl Level {
    const fn sides(self) -> Sides {
        match self {
            Self::Full => Sides { gutter: 100.0, margin: 28.0, gap: 22.0 },
            Self::Narrow => Sides { gutter: 98.0, margin: 14.0, gap: 8.0 },
            Self::Slim => Sides { gutter: 78.0, margin: 12.0, gap: 6.0 },
            Self::Strip => Sides { gutter: 72.0, margin: 12.0, gap: 4.0 },
        }
    }

    const fn least(self) -> f64 {
        match self {
            Self::Full => 168.0,
            Self::Narrow => 112.0,
            Self::Slim => 84.0,
            Self::Strip => STRIP_MIN,
        }
    }

    /// The level of so many columns in a width; none if they have to be dots.
    pub fn of(available: f64, columns: usize) -> Option<Self> {
        if available < FLAT {
            return (columns <= FLAT_COLUMNS).then_some(Self::Narrow);
        }
        let fits = |level: &Self| width_of(available, columns, &level.sides()) >= level.least();
        [Self::Full, Self::Narrow, Self::Slim, Self::Strip].into_iter().find(fits)
    }
}

/// The width of each of so many columns.
fn width_of(available: f64, columns: usize, sides: &Sides) -> f64 {
    (available - sides.gutter - sides.margin + sides.gap) / count(columns.max(1)) - sides.gap
}

/// The places of one stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    /// How much there is room for.
    pub level: Level,
    /// Width of the drawing.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// Width of a card.
    pub card: f64,
    /// Height of a card.
    pub card_h: f64,
    /// No node rows.
    pub flat: bool,
    /// Base line of the heads.
    pub head: f64,
    /// Top of the DNS tags.
    pub dns: f64,
    /// Top of the lane "Now", where there is one.
    pub now: Option<f64>,
    /// Top of the lane "No node yet".
    pub lane: f64,
    /// Top of the first row.
    pub rows: f64,
    /// Height of a row.
    pub row_h: f64,
    /// The line below the rows.
    pub claims_line: f64,
    /// Whether there are claims at all.
    pub has_claims: bool,
    /// Top of the first claim.
    pub claims: f64,
    /// Height of a claim with its volume.
    pub claim_h: f64,
    /// Height of an empty berth.
    pub berth_h: f64,
    sides: (f64, f64),
    nodes: Vec<String>,
}

/// Whether a column's Pod stands on one of these nodes' rows.
fn is_placed(column: &Column, nodes: &[String]) -> bool {
    column.pod.as_ref().and_then(|pod| pod.node.as_ref()).is_some_and(|node| nodes.contains(node))
}

/// How high the lane of those without a node has to be: as high as what is in it.
pub fn lane_height(level: Level, set: &SetScene, nodes: &[String]) -> f64 {
    let outside = || set.columns.iter().filter(|column| !is_placed(column, nodes));
    let has_pod = outside().any(|column| column.pod.is_some());
    let is_empty = outside().next().is_none();
    match level {
        Level::Strip if is_empty => 0.0,
        Level::Strip => CHIP + 10.0,
        Level::Full if is_empty => 36.0,
        Level::Narrow | Level::Slim if is_empty => 28.0,
        Level::Narrow | Level::Slim if !has_pod && !set.is_bare() && set.columns.len() >= MANY => 62.0,
        Level::Full | Level::Narrow | Level::Slim => ROW,
    }
}

/// The height of a node's row: rather lower than claims out of sight. `left` is what each row can have.
fn row_height(is_bare: bool, strip: bool, left: f64) -> f64 {
    match (is_bare, strip) {
        (true, _) => ROW_BARE,
        (false, true) => CHIP + 12.0,
        (false, false) => left.floor().clamp(ROW_LEAST, ROW),
    }
}

/// The height of a claim with its slab; where no Pod is, there is room for more of what was written.
const fn claim_height(level: Level, is_roomy: bool) -> f64 {
    match level {
        Level::Strip => 56.0,
        Level::Full | Level::Narrow | Level::Slim => {
            if is_roomy {
                142.0
            } else {
                106.0
            }
        }
    }
}

impl Geometry {
    /// The places for a set on these nodes, in a room of this width and height; the lane is so high at the moment.
    pub fn new(
        (available, room_h): (f64, f64),
        level: Level,
        set: &SetScene,
        nodes: &[String],
        lane_h: f64,
    ) -> Self {
        let flat = available < FLAT;
        let sides = if flat { Sides { gutter: 12.0, margin: 12.0, gap: 10.0 } } else { level.sides() };
        let columns = count(set.columns.len().max(1));
        let least = if flat { FLAT_MIN } else { level.least() };
        let card = width_of(available, set.columns.len(), &sides).clamp(least, COLUMN_MAX);
        let width = available.max(sides.gutter + sides.margin + columns * (card + sides.gap) - sides.gap);
        let strip = level == Level::Strip;
        let card_h = if strip { CHIP } else { CARD };
        // Where an order may come and go, its place stays, so that nothing below it moves.
        let may_owe = set.order.is_some() || set.partition.is_some() || set.life != SetLife::Here;
        let rail = if may_owe { 34.0 } else { 6.0 };
        let head = if strip { rail - 2.0 } else { rail + 16.0 };
        let dns = if strip { rail } else { head + 16.0 };
        let below = dns + if strip { 36.0 } else { 58.0 };
        let now = strip.then_some(below);
        let lane = below + if strip { NOW } else { 0.0 };
        let rows = lane + lane_h;
        let tickets = set.columns.iter().map(|c| c.claims.len()).max().unwrap_or(0);
        let left = room_h - (rows + 14.0 + 116.0 * count(tickets));
        let row_h = row_height(set.is_bare(), strip, left / count(nodes.len().max(1)));
        let rows_height = if flat { CARD + 32.0 } else { row_h * count(nodes.len()) };
        let claims_line = if flat { lane + rows_height } else { rows + rows_height };
        let has_claims = tickets > 0;
        let claims = claims_line + if flat || !has_claims { 0.0 } else { 14.0 };
        let claim_h = claim_height(level, set.is_bare() && !flat);
        let step = claim_h + 10.0;
        let height = claims + step * count(tickets) + if has_claims { 10.0 } else { 1.0 };
        Self {
            level,
            width,
            height,
            card,
            card_h,
            flat,
            head,
            dns,
            now,
            lane,
            rows,
            row_h,
            claims_line,
            has_claims,
            claims,
            claim_h,
            berth_h: if flat { CARD } else { (lane_h - 14.0).clamp(22.0, card_h) },
            sides: (sides.gutter, sides.gap),
            nodes: nodes.to_vec(),
        }
    }

    /// Left edge of a column.
    pub fn column(&self, at: usize) -> f64 {
        self.sides.0 + count(at) * (self.card + self.sides.1)
    }

    /// The room left of the columns.
    pub fn gutter(&self) -> f64 {
        self.sides.0
    }

    /// Room between two columns.
    pub fn gap(&self) -> f64 {
        self.sides.1
    }

    /// How far right of a column's left edge its spine stands.
    pub fn spine_in(&self) -> f64 {
        match self.level {
            Level::Full | Level::Narrow => SPINE,
            Level::Slim => 22.0,
            Level::Strip => (self.card / 2.0).min(22.0),
        }
    }

    /// Where a column's spine stands.
    pub fn spine(&self, at: usize) -> f64 {
        self.column(at) + self.spine_in()
    }

    /// The point of the DNS tags, where spines begin.
    pub fn spine_top(&self) -> f64 {
        self.dns + if self.level == Level::Strip { 28.0 } else { 48.0 }
    }

    /// Top of a node's row.
    pub fn row(&self, at: usize) -> f64 {
        self.rows + self.row_h * count(at)
    }

    /// Top of the card of a Pod on this node.
    pub fn pod_y(&self, node: Option<&str>) -> f64 {
        if self.flat {
            return self.lane + 8.0;
        }
        match node.and_then(|n| self.nodes.iter().position(|m| m == n)) {
            Some(at) => self.row(at) + (self.row_h - self.card_h) / 2.0,
            None => self.berth_y(),
        }
    }

    /// Top of an empty berth.
    pub fn berth_y(&self) -> f64 {
        self.lane + if self.level == Level::Strip { 5.0 } else { 8.0 }
    }

    /// Top of a column's claim, by its place among them.
    pub fn claim_y(&self, at: usize) -> f64 {
        self.claims + (self.claim_h + 10.0) * count(at)
    }
}

/// A count as a coordinate: exact for every count that fits on a page.
pub fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_narrow_before_they_are_dots() {
        let level = |columns| Level::of(728.0, columns);
        assert_eq!(level(3), Some(Level::Full));
        assert_eq!(level(5), Some(Level::Narrow));
        assert_eq!(level(7), Some(Level::Slim));
        assert_eq!(level(12), Some(Level::Strip));
        assert_eq!(level(40), None);
        assert_eq!(Level::of(1_080.0, 24), Some(Level::Strip));
        // Without rows, columns are as wide as a finger and scroll.
        assert_eq!(Level::of(390.0, 5), Some(Level::Narrow));
        assert_eq!(Level::of(390.0, 60), None);
    }
}
