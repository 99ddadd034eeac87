//! Moments of simulated time.
//!
//! A [`Time`] is a count of microseconds since the Unix epoch: fine enough to order a
//! controller's requests, while the API, like the real one, shows whole seconds.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(i64);

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month (1–12) and day (1–31) of a day count since the epoch, proleptic Gregorian.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counting from 0000-03-01 puts the leap day last, so that month lengths form one formula.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since the epoch of a civil date; the inverse of [`civil`].
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

impl Time {
    /// The moment so many microseconds after the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The moment so many whole seconds after the Unix epoch.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds * MICROS_PER_SECOND)
    }

    /// Microseconds since the Unix epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// This moment without its fraction of a second: what `metav1.Time` keeps.
    #[must_use]
    pub const fn truncated_to_second(self) -> Self {
        Self::from_unix_seconds(self.unix_seconds())
    }

    /// How long ago `earlier` was; zero if it is in the future.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// Microseconds from `earlier` to this moment; negative if `earlier` is later.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    fn parts(self) -> (i64, i64, i64, i64, i64, i64, i64) {
        let seconds = self.unix_seconds();
        let days = seconds.div_euclid(SECONDS_PER_DAY);
        let rest = seconds.rem_euclid(SECONDS_PER_DAY);
        let (year, month, day) = civil(days);
        (year, month, day, rest / 3_600, rest / 60 % 60, rest % 60, days.rem_euclid(7))
    }

    /// RFC 3339 in UTC with whole seconds, as `metav1.Time` is served: `2026-11-22T02:11:46Z`.
    pub fn rfc3339(self) -> String {
        let (y, mo, d, h, mi, s, _) = self.parts();
        format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
    }

    /// RFC 3339 with six decimals, as `metav1.MicroTime` is served.
    pub fn rfc3339_micro(self) -> String {
        let whole = self.rfc3339();
        let micros = self.0.rem_euclid(MICROS_PER_SECOND);
        format!("{}.{micros:06}Z", whole.trim_end_matches('Z'))
    }

    /// RFC 1123 with a numeric zone, as `kubectl describe` prints: `Sun, 22 Nov 2026 02:11:46 +0000`.
    pub fn rfc1123z(self) -> String {
        let (y, mo, d, h, mi, s, wd) = self.parts();
        let weekday = usize::try_from(wd).ok().and_then(|i| WEEKDAYS.get(i)).unwrap_or(&"");
        let month = usize::try_from(mo - 1).ok().and_then(|i| MONTHS.get(i)).unwrap_or(&"");
        format!("{weekday}, {d:02} {month} {y:04} {h:02}:{mi:02}:{s:02} +0000")
    }

    /// As the program `date` prints it: `Sun Nov 22 02:11:46 UTC 2026`.
    pub fn unix_date(self) -> String {
        let (y, mo, d, h, mi, s, wd) = self.parts();
        let weekday = usize::try_from(wd).ok().and_then(|i| WEEKDAYS.get(i)).unwrap_or(&"");
        let month = usize::try_from(mo - 1).ok().and_then(|i| MONTHS.get(i)).unwrap_or(&"");
        format!("{weekday} {month} {d:>2} {h:02}:{mi:02}:{s:02} UTC {y:04}")
    }

    /// What Go's `time.Parse` says of a text that is no time of RFC 3339.
    pub fn parse_error(text: &str) -> String {
        const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";
        const PARTS: [(&str, usize); 6] =
            [("2006", 4), ("01", 2), ("02", 2), ("15", 2), ("04", 2), ("05", 2)];
        let failed = |rest: &str, part: &str| {
            format!("parsing time \"{text}\" as \"{LAYOUT}\": cannot parse \"{rest}\" as \"{part}\"")
        };
        let mut rest = text;
        for ((part, width), mark) in PARTS.iter().zip(["", "-", "-", "T", ":", ":"]) {
            let Some(after) = rest.strip_prefix(mark) else { return failed(rest, mark) };
            match after.split_at_checked(*width) {
                Some((digits, left)) if digits.bytes().all(|b| b.is_ascii_digit()) => rest = left,
                _ => return failed(after, part),
            }
        }
        let fraction =
            rest.strip_prefix(['.', ',']).map(|f| f.trim_start_matches(|c: char| c.is_ascii_digit()));
        let zone = fraction.unwrap_or(rest);
        let extra = zone.strip_prefix('Z').filter(|extra| !extra.is_empty());
        match extra {
            Some(extra) => format!("parsing time \"{text}\": extra text: \"{extra}\""),
            None if zone.starts_with(['Z', '+', '-']) => format!("parsing time \"{text}\": day out of range"),
            None => failed(zone, "Z07:00"),
        }
    }

    /// Reads RFC 3339 with `Z` or a numeric offset and an optional fraction.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let in_range = (1..=12).contains(&month) && (1..=31).contains(&day);
        if !in_range || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut rest = text.get(19..)?;
        let mut micros = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let digits: String = fraction.chars().take_while(char::is_ascii_digit).collect();
            rest = fraction.get(digits.len()..)?;
            micros = format!("{digits:0<6}").get(..6)?.parse::<i64>().ok()?;
        }
        let offset = match rest {
            "Z" | "z" => 0,
            _ => {
                let sign = if rest.starts_with('-') { -1 } else { 1 };
                let hours: i64 = rest.get(1..3)?.parse().ok()?;
                let minutes: i64 = rest.get(4..6)?.parse().ok()?;
                sign * (hours * 3_600 + minutes * 60)
            }
        };
        let seconds =
            days_from_civil(year, month, day) * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second
                - offset;
        Some(Self(seconds * MICROS_PER_SECOND + micros))
    }
}

impl Add<Duration> for Time {
    type Output = Self;
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(rhs.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Time {
    type Output = Self;
    fn sub(self, rhs: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(rhs.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_reads_the_formats_of_the_api() {
        let time = Time::from_unix_seconds(1_795_313_506);
        assert_eq!(time.rfc3339(), "2026-11-22T02:11:46Z");
        assert_eq!(time.rfc1123z(), "Sun, 22 Nov 2026 02:11:46 +0000");
        assert_eq!(time.unix_date(), "Sun Nov 22 02:11:46 UTC 2026");
        assert_eq!(Time::parse_rfc3339("2026-11-22T02:11:46Z"), Some(time));
        assert_eq!(Time::parse_rfc3339("2026-11-22T04:11:46+02:00"), Some(time));
        assert_eq!(
            Time::parse_rfc3339("2026-11-22T02:11:46.25Z").map(Time::rfc3339_micro).as_deref(),
            Some("2026-11-22T02:11:46.250000Z")
        );
        assert_eq!(Time::parse_rfc3339("yesterday"), None);
        let layout = "2006-01-02T15:04:05Z07:00";
        assert_eq!(
            Time::parse_error("2026-01-01"),
            format!("parsing time \"2026-01-01\" as \"{layout}\": cannot parse \"\" as \"T\"")
        );
        assert_eq!(
            Time::parse_error("x"),
            format!("parsing time \"x\" as \"{layout}\": cannot parse \"x\" as \"2006\"")
        );
        assert_eq!(Time::from_unix_seconds(951_782_400).rfc3339(), "2000-02-29T00:00:00Z");
    }
}
