//! `resource.Quantity`: amounts of CPU, memory, storage.
//!
//! Models: `k8s.io/apimachinery/pkg/api/resource`. Exact, in billionths (the finest suffix is `n`).

use std::cmp::Ordering;
use std::fmt;

/// What the server says of a text that is not a quantity.
pub const FORMAT_ERROR: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const NANO: i128 = 1_000_000_000;
const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// The largest exponent that is printed: an amount holds no larger power of a thousand.
const EXPONENT_MAX: i32 = 27;

/// The family of suffixes that an amount was written in, and is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Binary,
    Decimal,
    Exponent,
}

/// An amount.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}
impl Eq for Quantity {}
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Quantity {
    /// Zero.
    pub const ZERO: Self = Self { nanos: 0, format: Format::Decimal };

    /// A whole number.
    pub fn from_count(n: i64) -> Self {
        Self { nanos: i128::from(n) * NANO, format: Format::Decimal }
    }

    /// Reads text such as `1Gi`, `250m`, `1e3`. The error is [`FORMAT_ERROR`].
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let digits_end = text
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && (*c == '+' || *c == '-'))))
            .map_or(text.len(), |(at, _)| at);
        let (number, suffix) = text.split_at(digits_end);
        let (scale_nanos, format) = read_suffix(suffix).ok_or(FORMAT_ERROR)?;
        let negative = number.starts_with('-');
        let (whole, fraction) = number
            .trim_start_matches(['+', '-'])
            .split_once('.')
            .unwrap_or((number.trim_start_matches(['+', '-']), ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(FORMAT_ERROR);
        }
        let mut nanos = if whole.is_empty() { 0 } else { whole.parse::<i128>().map_err(|_| FORMAT_ERROR)? };
        nanos = match nanos.checked_mul(scale_nanos) {
            Some(nanos) => nanos,
            // It is capped below.
            None if format == Format::Binary => i128::MAX / 2,
            None => return Err(FORMAT_ERROR),
        };
        let mut unit = scale_nanos;
        for digit in fraction.bytes() {
            if unit % 10 != 0 {
                break; // finer than a billionth; Kubernetes rounds up, see below
            }
            unit /= 10;
            nanos += i128::from(digit - b'0') * unit;
        }
        if format == Format::Binary {
            nanos = nanos.min(i128::from(i64::MAX) * NANO); // Kubernetes caps these, and no others
        }
        Ok(Self { nanos: if negative { -nanos } else { nanos }, format })
    }

    /// Reads a JSON string or number; `None` if it is not a quantity.
    pub fn from_value(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::String(s) => Self::parse(s).ok(),
            serde_json::Value::Number(n) => Self::parse(&n.to_string()).ok(),
            _ => None,
        }
    }

    /// The sum; printed as the left side is.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let format = if self.nanos == 0 { other.format } else { self.format };
        Self { nanos: self.nanos.saturating_add(other.nanos), format }
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self { nanos: self.nanos.saturating_sub(other.nanos), ..self }
    }

    /// Whole units, rounded up.
    pub fn value(self) -> i64 {
        whole(div_ceil(self.nanos, NANO))
    }

    /// Whether it is a whole number of units.
    pub fn is_whole(self) -> bool {
        self.nanos % NANO == 0
    }

    /// Thousandths, rounded up.
    pub fn milli_value(self) -> i64 {
        whole(div_ceil(self.nanos, NANO / 1000))
    }

    /// Its sign: −1, 0 or 1.
    pub fn sign(self) -> i32 {
        match self.nanos.cmp(&0) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }
}

/// The nearest number that fits.
fn whole(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn div_ceil(a: i128, b: i128) -> i128 {
    let q = a / b;
    if a % b > 0 { q + 1 } else { q }
}

fn read_suffix(suffix: &str) -> Option<(i128, Format)> {
    if let Some((_, shift)) = BINARY.iter().find(|(s, _)| *s == suffix) {
        return Some(((1_i128 << shift) * NANO, Format::Binary));
    }
    if let Some((_, power)) = DECIMAL.iter().find(|(s, _)| *s == suffix) {
        return Some((power_of_ten(power + 9)?, Format::Decimal));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?;
    Some((power_of_ten(exponent.checked_add(9)?)?, Format::Exponent))
}

fn power_of_ten(power: i32) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(power).ok()?)
}

impl fmt::Display for Quantity {
    /// Prints the canonical form: the largest suffix that leaves a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return f.write_str("0");
        }
        let fits_binary = self.format == Format::Binary
            && self.nanos % NANO == 0
            && self.nanos.unsigned_abs() >= 1024 * NANO.unsigned_abs();
        if fits_binary {
            let units = self.nanos / NANO;
            for (suffix, shift) in BINARY.iter().rev() {
                if units % (1_i128 << shift) == 0 {
                    return write!(f, "{}{suffix}", units >> shift);
                }
            }
            return write!(f, "{units}");
        }
        for power in (-9..=EXPONENT_MAX).rev().step_by(3) {
            let unit = power_of_ten(power + 9).unwrap_or(1);
            if self.nanos % unit == 0 {
                let suffix = DECIMAL.iter().find(|(_, p)| *p == power).map(|(suffix, _)| *suffix);
                return match suffix {
                    Some(suffix) if self.format != Format::Exponent || power == 0 => {
                        write!(f, "{}{suffix}", self.nanos / unit)
                    }
                    _ => write!(f, "{}e{power}", self.nanos / unit),
                };
            }
        }
        write!(f, "{}n", self.nanos)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        for (text, canonical) in [
            ("1024Mi", "1Gi"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1Gi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("100", "100"),
            ("1e3", "1e3"),
            ("0", "0"),
            ("1000", "1k"),
            ("2048", "2048"),
            ("1G", "1G"),
            ("100Mi", "100Mi"),
            // Recorded: only binary amounts are capped.
            ("16Ei", "9223372036854775807"),
            ("1e22", "10e21"),
            ("9223372036854775807Ei", "9223372036854775807"),
        ] {
            let got = Quantity::parse(text).unwrap().to_string();
            // "1000" and "2048" are decimal: 1k and 2048.
            assert_eq!(got, canonical, "{text}");
        }
        assert!(Quantity::parse("1Gi").unwrap() > Quantity::parse("1G").unwrap());
        assert_eq!(Quantity::parse("1.1").unwrap().value(), 2);
        assert_eq!(Quantity::parse("100m").unwrap().milli_value(), 100);
        let largest = Quantity::parse("170141183460469231731687303715n").unwrap();
        let sum = (0..40).fold(largest, |sum, _| sum.plus(Quantity::parse("1e28").unwrap()));
        assert_eq!((sum.value(), Quantity::ZERO.minus(sum).minus(sum).value()), (i64::MAX, i64::MIN));
        assert!(!Quantity::ZERO.minus(sum).minus(sum).to_string().is_empty());
        for bad in ["", "x", "1.1.1", "1Q", "--1", "1e2147483647", "1e-2147483648", "1e99999999999"] {
            assert!(Quantity::parse(bad).is_err(), "{bad}");
        }
    }
}
