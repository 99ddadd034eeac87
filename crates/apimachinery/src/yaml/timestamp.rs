//! Which texts YAML 1.1 takes for dates. Such strings must be quoted when they are written.
//!
//! Models: `parseTimestamp` of `go.yaml.in/yaml/v2` over `time.Parse`, which takes one or two
//! digits for each part but the year.

/// Whether go-yaml would read the plain text as a timestamp.
pub(super) fn is_timestamp(text: &str) -> bool {
    is_date_time(text).unwrap_or(false)
}

fn is_date_time(text: &str) -> Option<bool> {
    let (year, rest) = text.split_at_checked(4)?;
    let year: u32 = if year.bytes().all(|b| b.is_ascii_digit()) { year.parse().ok()? } else { return None };
    let (month, rest) = take_number(rest.strip_prefix('-')?)?;
    let (day, rest) = take_number(rest.strip_prefix('-')?)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    if rest.is_empty() {
        return Some(true);
    }
    let zoned = rest.starts_with(['T', 't']);
    let rest = take_clock(rest.strip_prefix(['T', 't', ' '])?)?;
    Some(if zoned { is_zone(rest) } else { rest.is_empty() })
}

fn take_clock(text: &str) -> Option<&str> {
    let (hour, rest) = take_number(text)?;
    let (minute, rest) = take_number(rest.strip_prefix(':')?)?;
    let (second, rest) = take_number(rest.strip_prefix(':')?)?;
    (hour < 24 && minute < 60 && second < 60).then(|| skip_fraction(rest))
}

/// One or two digits.
fn take_number(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    Some((digits.parse().ok()?, rest))
}

fn skip_fraction(text: &str) -> &str {
    match text.strip_prefix(['.', ',']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            rest.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => text,
    }
}

fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', hour @ .., b':', m1, m2] if hour.len() == 2 => {
            let digits = [hour.first(), hour.last(), Some(m1), Some(m2)];
            digits.iter().all(|d| d.is_some_and(u8::is_ascii_digit))
                && text.get(1..3) <= Some("24")
                && text.get(4..6) <= Some("60")
        }
        _ => false,
    }
}

const fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        for yes in [
            "2001-12-14",
            "2001-1-2",
            "2001-12-14T21:59:43.10-05:00",
            "2001-12-14t21:59:43Z",
            "2001-12-14 21:59:43.10",
            "2001-12-14 1:2:3",
            "2020-02-29",
        ] {
            assert!(is_timestamp(yes), "{yes}");
        }
        for no in [
            "2001-13-01",
            "2001-02-30",
            "2001",
            "2001-12",
            "12-12-2001",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14x",
            "2001-12-14 25:00:00",
            "٢٠٠١-12-14",
        ] {
            assert!(!is_timestamp(no), "{no}");
        }
    }
}
