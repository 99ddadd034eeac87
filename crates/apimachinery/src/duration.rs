//! Spans of time as Kubernetes and Go print and read them.
//!
//! Models: `k8s.io/apimachinery/pkg/util/duration` (`HumanDuration`), Go's `time` package.

use std::time::Duration;

use crate::decimal;

/// An age in seconds as kubectl prints it: `33s`, `2m3s`, `3h5m`, `2d`; `<invalid>` if it is negative.
pub fn human(seconds: i64) -> String {
    if seconds < -1 {
        return "<invalid>".to_owned();
    }
    let s = seconds.max(0);
    let (m, h, d) = (s / 60, s / 3600, s / 86_400);
    let two = |big: i64, unit: &str, small: i64, small_unit: &str| {
        if small == 0 { format!("{big}{unit}") } else { format!("{big}{unit}{small}{small_unit}") }
    };
    if s < 120 {
        format!("{s}s")
    } else if m < 10 {
        two(m, "m", s % 60, "s")
    } else if m < 180 {
        format!("{m}m")
    } else if h < 8 {
        two(h, "h", m % 60, "m")
    } else if h < 48 {
        format!("{h}h")
    } else if d < 8 {
        two(d, "d", h % 24, "h")
    } else if d < 365 * 2 {
        format!("{d}d")
    } else if d < 365 * 8 {
        two(d / 365, "y", d % 365, "d")
    } else {
        format!("{}y", d / 365)
    }
}

/// Go's `Duration.String()` for whole milliseconds: `1m20s`, `1.5s`, `500ms`, `0s`.
pub fn go(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis == 0 {
        return "0s".to_owned();
    }
    if millis < 1000 {
        return format!("{millis}ms");
    }
    let (seconds, fraction) = (millis / 1000, millis % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::new();
    if hours > 0 {
        text += &format!("{hours}h");
    }
    if hours > 0 || minutes > 0 {
        text += &format!("{minutes}m");
    }
    if fraction == 0 {
        text += &format!("{seconds}s");
    } else {
        text.push_str(format!("{seconds}.{fraction:03}").trim_end_matches('0'));
        text.push('s');
    }
    text
}

/// Microseconds of Go's longest duration, 2⁶³ - 1 nanoseconds.
const DURATION_MAX: f64 = 9_223_372_036_854_775.0;

/// Go's `time.ParseDuration`: reads `25s`, `1m30s`, `1.5h`, `0`. The error is Go's own sentence.
pub fn parse_go(text: &str) -> Result<Duration, String> {
    let invalid = || format!("time: invalid duration \"{text}\"");
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    if text.is_empty() {
        return Err(invalid());
    }
    let mut rest = text;
    let mut micros = 0_f64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(end);
        let number = decimal::parse(number).ok_or_else(invalid)?;
        let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let scale = match unit {
            "h" => 3_600e6,
            "m" => 60e6,
            "s" => 1e6,
            "ms" => 1e3,
            "us" | "µs" => 1.0,
            "ns" => 1e-3,
            "" => return Err(format!("time: missing unit in duration \"{text}\"")),
            other => return Err(format!("time: unknown unit \"{other}\" in duration \"{text}\"")),
        };
        micros += number * scale;
        rest = tail;
    }
    if micros > DURATION_MAX {
        return Err(invalid());
    }
    Duration::try_from_secs_f64(micros / 1e6).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_those_of_kubectl() {
        for (seconds, text) in [
            (-5, "<invalid>"),
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (123, "2m3s"),
            (600, "10m"),
            (10_740, "179m"),
            (10_800, "3h"),
            (11_100, "3h5m"),
            (28_800, "8h"),
            (172_800, "2d"),
            (183_600, "2d3h"),
            (691_200, "8d"),
        ] {
            assert_eq!(human(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(go(Duration::from_secs(80)), "1m20s");
        assert_eq!(go(Duration::from_secs(300)), "5m0s");
        assert_eq!(go(Duration::from_millis(1500)), "1.5s");
        assert_eq!(parse_go("1m30s"), Ok(Duration::from_secs(90)));
        for long in ["2562048h", "99999999999999999999999999999999h", "2000000h2000000h"] {
            assert_eq!(parse_go(long), Err(format!("time: invalid duration \"{long}\"")));
        }
        assert_eq!(parse_go("2562047h"), Ok(Duration::from_secs(2_562_047 * 3_600)));
        assert_eq!(parse_go("x"), Err("time: invalid duration \"x\"".to_owned()));
    }
}
