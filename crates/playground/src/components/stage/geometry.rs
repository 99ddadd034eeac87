//! Where things stand on the stage, in CSS pixels.

use scene::SetScene;

/// Height of a node's row.
pub const ROW: f64 = 98.0;
/// Height of a Pod's card.
pub const CARD: f64 = 76.0;
/// Gap between two columns.
pub const GAP: f64 = 22.0;
/// Room to the left of the columns.
const GUTTER: f64 = 100.0;
/// Room to the right of the columns.
const MARGIN: f64 = 28.0;
/// The least width of a column.
const COLUMN_MIN: f64 = 168.0;
/// The greatest width of a column.
const COLUMN_MAX: f64 = 250.0;
/// Below this width the stage is a strip without rows.
const STRIP: f64 = 560.0;

/// Distance from one claim of a column to the next.
pub const fn claim_step() -> f64 {
    116.0
}

/// The places of one stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    /// Width of the drawing.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// Width of a card.
    pub card: f64,
    /// No node rows.
    pub strip: bool,
    /// Base line of the heads.
    pub head: f64,
    /// Top of the DNS tags.
    pub dns: f64,
    /// Top of the lane "No node yet".
    pub lane: f64,
    /// Top of the first row.
    pub rows: f64,
    /// The line below the rows.
    pub claims_line: f64,
    /// Whether there are claims at all.
    pub has_claims: bool,
    /// Top of the first claim.
    pub claims: f64,
    gutter: f64,
    nodes: Vec<String>,
}

impl Geometry {
    /// The places for a set on these nodes, in a width of `available` pixels.
    pub fn new(available: f64, set: &SetScene, nodes: &[String]) -> Self {
        let strip = available < STRIP;
        let columns = count(set.columns.len().max(1));
        let (gutter, margin) = if strip { (12.0, 12.0) } else { (GUTTER, MARGIN) };
        let gap = if strip { 10.0 } else { GAP };
        let min = if strip { 104.0 } else { COLUMN_MIN };
        let card = ((available - gutter - margin + gap) / columns - gap).clamp(min, COLUMN_MAX);
        let width = available.max(gutter + margin + columns * (card + gap) - gap);
        // Where an order may come and go, its place stays, so that nothing below it moves.
        let rail = if set.order.is_some() || set.partition.is_some() { 34.0 } else { 6.0 };
        let head = rail + 16.0;
        let dns = head + 16.0;
        let lane = dns + 58.0;
        let rows = lane + 36.0;
        let rows_height = if strip { CARD + 32.0 } else { ROW * count(nodes.len()) };
        let claims_line = if strip { lane + rows_height } else { rows + rows_height };
        let tickets = set.columns.iter().map(|c| c.claims.len()).max().unwrap_or(0);
        let has_claims = tickets > 0;
        let claims = claims_line + if strip || !has_claims { 0.0 } else { 16.0 };
        let height = claims + claim_step() * count(tickets) + if has_claims { 16.0 } else { 1.0 };
        Self {
            width,
            height,
            card,
            strip,
            head,
            dns,
            lane,
            rows,
            claims_line,
            has_claims,
            claims,
            gutter,
            nodes: nodes.to_vec(),
        }
    }

    /// Left edge of a column.
    pub fn column(&self, at: usize) -> f64 {
        let gap = if self.strip { 10.0 } else { GAP };
        self.gutter + count(at) * (self.card + gap)
    }

    /// Top of a node's row.
    pub fn row(&self, at: usize) -> f64 {
        self.rows + ROW * count(at)
    }

    /// Top of the card of a Pod on this node.
    pub fn pod_y(&self, node: Option<&str>) -> f64 {
        if self.strip {
            return self.lane + 8.0;
        }
        match node.and_then(|n| self.nodes.iter().position(|m| m == n)) {
            Some(at) => self.row(at) + (ROW - CARD) / 2.0,
            // The lane is lower than a card: a Pod without a node hangs over the first row's edge.
            None => self.lane - 6.0,
        }
    }

    /// Top of an empty berth.
    pub fn berth_y(&self) -> f64 {
        if self.strip { self.lane + 8.0 } else { self.row(0) + 11.0 }
    }
}

/// A count as a coordinate: exact for every count that fits on a page.
pub fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
