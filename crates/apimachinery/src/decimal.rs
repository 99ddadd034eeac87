//! Reads decimal numbers in texts as floats.
//!
//! The standard library's reader is exact to the last bit, but it brings twelve kilobytes of tables into a
//! page that is downloaded. This one is as exact for every number that a float holds exactly: up to 15
//! digits, and powers of ten up to 22.
//!
//! Differs: a number of more digits, or with a greater power, may not be Go's in the last bit.

/// Reads `[-+]?[0-9]*(\.[0-9]*)?([eE][-+]?[0-9]+)?` with at least one digit before the exponent; `None` if
/// the text is anything else, or too large for a float.
pub fn parse(text: &str) -> Option<f64> {
    let (negative, unsigned) = sign(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, power(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (mut digits, mut exponent) = (0_u64, exponent);
    for (place, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
        if !byte.is_ascii_digit() {
            return None;
        }
        // What no longer fits is below a float's precision.
        match digits.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(byte - b'0'))) {
            Some(more) => digits = more,
            None => exponent += 1,
        }
        exponent -= i32::from(place >= whole.len());
    }
    let size = scaled(digits, exponent);
    size.is_finite().then_some(if negative { -size } else { size })
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Reads an exponent, cut at ±100 000: from there on the number is 0 or too large, unless it has as many
/// digits.
fn power(text: &str) -> Option<i32> {
    let (negative, digits) = sign(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i32>().map_or(100_000, |size| size.min(100_000));
    Some(if negative { -size } else { size })
}

/// `digits` times a power of ten, in steps that are each exact on their own.
#[expect(clippy::cast_precision_loss, reason = "a float is what is asked for")]
fn scaled(digits: u64, exponent: i32) -> f64 {
    const STEP: i32 = 22;
    let (mut size, mut left) = (digits as f64, exponent);
    while left != 0 && size != 0.0 && size.is_finite() {
        let step = left.clamp(-STEP, STEP);
        let tens = (0..step.abs()).fold(1.0, |tens, _| tens * 10.0);
        size = if step < 0 { size / tens } else { size * tens };
        left -= step;
    }
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_the_standard_library_reads() {
        let exact = [
            "0",
            "1.5",
            "-2.25",
            "+.5",
            "7.",
            "0.1",
            "1e3",
            "1E-3",
            "123456789012345",
            "-0",
            "0e9",
            "3.14159e22",
        ];
        for text in exact {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        for text in ["1e300", "1.7976931348623157e308", "5e-324", "98765432109876543210.5"] {
            let (ours, theirs) = (parse(text).unwrap(), text.parse::<f64>().unwrap());
            assert!((ours - theirs).abs() <= theirs * 1e-14, "{text}: {ours} is not {theirs}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", ".", "-", "e5", "1e", "1e+", "1.2.3", "0x1", "inf", "NaN", "1_000", " 1", "1e999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
