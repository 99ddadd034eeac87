//! `kubectl apply -f FILE` and nothing else: what a page does when a document is applied.
//!
//! Such a line needs neither what reads a shell's lines nor the table of flags, and a page that has only what
//! applies a document can begin it. All other lines need the rest of this crate, which the page fetches later.

use crate::Invocation;
use crate::apply;
use crate::args::Args;
use crate::command::Command;

/// The file of a line that does nothing but apply one. Nothing in such a line has a meaning for a shell.
pub fn file_of(line: &str) -> Option<&str> {
    let file = line.strip_prefix("kubectl apply -f ")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    (file.starts_with(|c| is_plain(c) && c != '-') && file.chars().all(is_plain)).then_some(file)
}

/// Begins that line. `stdin` stands for a file that the world does not have.
pub fn start(file: &str, stdin: Option<&str>) -> Box<dyn Command> {
    apply::begin(invocation(file, stdin))
}

fn invocation(file: &str, stdin: Option<&str>) -> Invocation {
    let args = Args::of("apply", &[("filename", file)]);
    Invocation { args, stdin: stdin.map(str::to_owned), namespace: "default".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line;

    #[test]
    fn what_is_begun_at_once_is_what_the_line_means() {
        for name in ["web.yaml", "./a/b-c_d.yaml", "7"] {
            let text = format!("kubectl apply -f {name}");
            let words = line::split(&text).expect("words");
            let read = Args::parse("apply", words.into_iter().skip(2).collect());
            assert_eq!(file_of(&text), Some(name));
            assert_eq!(read, Ok(invocation(name, None).args));
        }
    }

    #[test]
    fn what_a_shell_or_a_flag_could_mean_otherwise_is_read_as_a_line() {
        let others = [
            "-",
            "-R",
            "",
            "a b",
            "a,b",
            "a;b",
            "$a",
            "'a'",
            "a>b",
            "*.yaml",
            "a -o yaml",
            "~a",
            "web.yaml\n",
        ];
        for file in others {
            assert_eq!(file_of(&format!("kubectl apply -f {file}")), None, "{file}");
        }
        assert_eq!(file_of("kubectl get pods"), None);
        assert_eq!(file_of(" kubectl apply -f web.yaml"), None);
    }
}
