//! The archives in which `kubectl cp` sends files.
//!
//! Models: `ustar` of POSIX 1003.1-1988.
//! Differs: regular files of text only, with names of at most 100 bytes.

const BLOCK: usize = 512;
/// Offset and length of the fields that matter in a header, in bytes.
const NAME: (usize, usize) = (0, 100);
const SIZE: (usize, usize) = (124, 11);

fn padded(text: &str, width: usize) -> String {
    text.to_owned() + &"\0".repeat(width.saturating_sub(text.len()))
}

/// Packs files: name and text.
pub fn packed(files: &[(String, String)]) -> String {
    let mut archive = String::new();
    for (name, text) in files {
        let size = format!("{:011o}", text.len());
        let fields = [name.as_str(), "0000644", "0000000", "0000000", &size, "00000000000", "        ", "0"];
        let widths = [100, 8, 8, 8, 12, 12, 8, 1];
        let mut header: String =
            fields.iter().zip(widths).map(|(field, width)| padded(field, width)).collect();
        header = padded(&header, 257) + "ustar\0" + "00";
        let sum: u32 = header.bytes().map(u32::from).sum();
        header.replace_range(148..156, &format!("{sum:06o}\0 "));
        archive.extend([padded(&header, BLOCK).as_str(), text]);
        archive.extend(std::iter::repeat_n('\0', text.len().next_multiple_of(BLOCK) - text.len()));
    }
    archive.extend(std::iter::repeat_n('\0', 2 * BLOCK));
    archive
}

/// The files of an archive.
pub fn unpacked(archive: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut at = 0;
    while let Some(header) = archive.get(at..at + BLOCK) {
        let field = |(start, length): (usize, usize)| {
            header.get(start..start + length).unwrap_or("").trim_matches('\0')
        };
        let (name, size) = (field(NAME), usize::from_str_radix(field(SIZE), 8).unwrap_or(0));
        if name.is_empty() {
            break;
        }
        at += BLOCK;
        files.push((name.to_owned(), archive.get(at..at + size).unwrap_or("").to_owned()));
        at += size.next_multiple_of(BLOCK);
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let files = vec![("a.txt".to_owned(), "hello\n".to_owned()), ("b/c".to_owned(), "x".repeat(1_000))];
        let archive = packed(&files);
        assert_eq!(archive.len() % BLOCK, 0);
        assert_eq!(unpacked(&archive), files);
    }
}
