//! Base64 in both alphabets of RFC 4648, with Go's words for what is none.
//!
//! The crate of this name costs 5 kB after gzip, this 0.9, and it does not pass over line breaks as Go does, so that
//! the places it names are others.
//!
//! Models: `encoding/base64` (`StdEncoding`, `RawURLEncoding`), which does not look at the bits that the last letter
//! has too many.

use std::fmt;

/// Which letters, and whether `=` fills the last four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// `+`, `/` and padding: what Kubernetes keeps bytes in.
    Standard,
    /// `-` and `_` without padding, as it may stand in an address.
    Url,
}

/// The byte of a text at which it is no base64, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Illegal(pub usize);

impl fmt::Display for Illegal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "illegal base64 data at input byte {}", self.0)
    }
}

impl Alphabet {
    const fn last_letters(self) -> [u8; 2] {
        match self {
            Self::Standard => *b"+/",
            Self::Url => *b"-_",
        }
    }

    /// The letter for six bits.
    fn letter(self, bits: u8) -> char {
        let [sixty_two, sixty_three] = self.last_letters();
        char::from(match bits {
            0..=25 => b'A' + bits,
            26..=51 => b'a' + (bits - 26),
            52..=61 => b'0' + (bits - 52),
            62 => sixty_two,
            _ => sixty_three,
        })
    }

    /// The six bits that a letter stands for.
    fn bits(self, letter: u8) -> Option<u8> {
        let [sixty_two, sixty_three] = self.last_letters();
        match letter {
            b'A'..=b'Z' => Some(letter - b'A'),
            b'a'..=b'z' => Some(letter - b'a' + 26),
            b'0'..=b'9' => Some(letter - b'0' + 52),
            _ if letter == sixty_two => Some(62),
            _ if letter == sixty_three => Some(63),
            _ => None,
        }
    }

    /// The text that stands for these bytes.
    pub fn encode(self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for group in bytes.chunks(3) {
            let byte = |at: usize| group.get(at).copied().unwrap_or(0);
            let (first, second, third) = (byte(0), byte(1), byte(2));
            let letters =
                [first >> 2, first << 4 & 0x30 | second >> 4, second << 2 & 0x3c | third >> 6, third & 0x3f];
            text.extend(letters.into_iter().take(group.len() + 1).map(|bits| self.letter(bits)));
            if self == Self::Standard {
                text.extend(std::iter::repeat_n('=', 3 - group.len()));
            }
        }
        text
    }

    /// The bytes that a text stands for. Line breaks are passed over.
    ///
    /// # Errors
    /// Where it is no base64, by Go's count.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, Illegal> {
        let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
        let mut rest = text.bytes().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
        // The letters of a group of four that have been read, and their bits.
        let (mut count, mut group) = (0, 0_u32);
        while let Some((at, byte)) = rest.next() {
            let Some(bits) = self.bits(byte) else {
                return if byte == b'=' && self == Self::Standard && count >= 2 {
                    // What is left over of the group, and nothing behind it.
                    if count == 2 {
                        match rest.next() {
                            Some((_, b'=')) => {}
                            Some((after, _)) => return Err(Illegal(after - 1)),
                            None => return Err(Illegal(text.len())),
                        }
                    }
                    finish(&mut bytes, group, count);
                    rest.next().map_or(Ok(bytes), |(at, _)| Err(Illegal(at)))
                } else {
                    Err(Illegal(at))
                };
            };
            group = group << 6 | u32::from(bits);
            count += 1;
            if count == 4 {
                finish(&mut bytes, group, count);
                (count, group) = (0, 0);
            }
        }
        if count == 1 || (count > 0 && self == Self::Standard) {
            return Err(Illegal(text.len() - count));
        }
        finish(&mut bytes, group, count);
        Ok(bytes)
    }
}

/// The bytes of so many letters' bits; one letter is less than a byte.
fn finish(bytes: &mut Vec<u8>, group: u32, count: usize) {
    let whole = group << (6 * (4 - count));
    bytes.extend(whole.to_be_bytes().into_iter().skip(1).take(count.saturating_sub(1)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn the_rfcs_vectors() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(Alphabet::Standard.encode(plain.as_bytes()), text);
            assert_eq!(Alphabet::Standard.decode(text), Ok(plain.into()));
            let bare = text.trim_end_matches('=');
            assert_eq!(Alphabet::Url.encode(plain.as_bytes()), bare);
            assert_eq!(Alphabet::Url.decode(bare), Ok(plain.into()));
        }
        assert_eq!(Alphabet::Standard.encode(&[0xfb, 0xff, 0xbf]), "+/+/");
        assert_eq!(Alphabet::Url.encode(&[0xfb, 0xff, 0xbf]), "-_-_");
    }

    #[test]
    fn every_byte_comes_back() {
        let bytes: Vec<u8> = (0..=255).rev().collect();
        for alphabet in [Alphabet::Standard, Alphabet::Url] {
            for length in 0..bytes.len() {
                let some = bytes.get(length..).unwrap_or_default();
                assert_eq!(alphabet.decode(&alphabet.encode(some)).as_deref(), Ok(some));
            }
        }
    }

    /// What Go 1.26 says of the same texts: bytes read, or the byte that is illegal.
    #[test]
    fn what_is_none_is_refused_where_go_refuses_it() {
        for (text, standard, url) in [
            ("Zg", Err(0), Ok("f")),
            ("Zg=", Err(3), Err(2)),
            ("Zg=\n=", Ok("f"), Err(2)),
            ("Zm9v\r\nYmFy\n", Ok("foobar"), Ok("foobar")),
            ("Z", Err(0), Err(0)),
            ("=", Err(0), Err(0)),
            ("Z===", Err(1), Err(1)),
            ("Zg==Zg==", Err(4), Err(2)),
            ("Zm8=x", Err(4), Err(3)),
            ("Zm9v!", Err(4), Err(4)),
            ("Zm 9v", Err(2), Err(2)),
            ("Zg=x", Err(2), Err(2)),
            ("Zg=\n\nx", Err(4), Err(2)),
            ("Zm9vYg==\n", Ok("foob"), Err(6)),
            ("Zm9v\nZ", Err(5), Err(5)),
            ("Zm\nA", Err(1), Ok("f`")),
            ("-_-_", Err(0), Ok("\u{fb}\u{ff}\u{bf}")),
            ("Zh==", Ok("f"), Err(2)),
            ("é", Err(0), Err(0)),
        ] {
            for (alphabet, wanted) in [(Alphabet::Standard, standard), (Alphabet::Url, url)] {
                let wanted = wanted
                    .map(|bytes| bytes.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0)).collect())
                    .map_err(Illegal);
                assert_eq!(alphabet.decode(text), wanted, "{text:?} {alphabet:?}");
            }
        }
        assert_eq!(Illegal(4).to_string(), "illegal base64 data at input byte 4");
    }
}
