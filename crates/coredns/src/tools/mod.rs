//! The tools that ask, and what they print: `nslookup`, `dig`, `getent`.
//!
//! The image decides which of them a container has, and whose `nslookup` it is; see [`run`].

pub mod bind;
pub mod busybox;
pub mod busybox_1_28;
pub mod dig;
mod digargs;
pub mod getent;

use crate::stub::Stub;

/// What a command prints, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code.
    pub exit: i32,
}

impl Output {
    fn failure(stderr: String, exit: i32) -> Self {
        Self { stdout: String::new(), stderr, exit }
    }
}

/// Whose DNS tools an image has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Busybox up to 1.28, with the C library's resolver.
    Busybox128,
    /// Busybox from 1.29 on, with a resolver of its own.
    Busybox,
    /// ISC BIND's: `nslookup` and `dig`.
    Bind,
    /// None.
    Bare,
}

impl Flavour {
    /// Chooses by the image's name and tag.
    pub fn of(image: &str) -> Self {
        let last = image.rsplit('/').next().unwrap_or_default();
        let last = last.split('@').next().unwrap_or_default();
        let (name, tag) = last.split_once(':').unwrap_or((last, "latest"));
        let minor =
            tag.strip_prefix("1.").and_then(|rest| rest.split(['.', '-']).next()?.parse::<u32>().ok());
        let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
        match (name, minor) {
            ("busybox", Some(..=28)) => Self::Busybox128,
            ("busybox" | "alpine", _) => Self::Busybox,
            _ if has(&["dnsutils", "dnstools", "agnhost", "netshoot", "bind", "dig"]) => Self::Bind,
            _ if tag.contains("alpine") => Self::Busybox,
            _ => Self::Bare,
        }
    }
}

/// Runs a command line; `None` if the container has no such tool.
pub fn run(argv: &[String], stub: &Stub<'_>) -> Option<Output> {
    let (tool, args) = argv.split_first()?;
    let flavour = Flavour::of(stub.image());
    let is_busybox = stub.image().contains("busybox");
    match tool.rsplit('/').next()? {
        "nslookup" if flavour != Flavour::Bare => Some(nslookup_as(flavour, args, stub)),
        "dig" if flavour == Flavour::Bind => Some(dig::dig(args, stub)),
        "getent" if !is_busybox => Some(getent::getent(args, stub)),
        _ => None,
    }
}

/// `nslookup` of the container's image; of busybox if that has none.
pub fn nslookup(args: &[String], stub: &Stub<'_>) -> Output {
    nslookup_as(Flavour::of(stub.image()), args, stub)
}

/// `nslookup` of this flavour, whatever the image.
pub fn nslookup_as(flavour: Flavour, args: &[String], stub: &Stub<'_>) -> Output {
    match flavour {
        Flavour::Busybox128 => busybox_1_28::nslookup(args, stub),
        Flavour::Busybox | Flavour::Bare => busybox::nslookup(args, stub),
        Flavour::Bind => bind::nslookup(args, stub),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_decide() {
        for (image, flavour) in [
            ("busybox:1.28.4", Flavour::Busybox128),
            ("docker.io/library/busybox:1.28", Flavour::Busybox128),
            ("busybox", Flavour::Busybox),
            ("busybox:1.36.1-musl", Flavour::Busybox),
            ("nginx:1.27-alpine", Flavour::Busybox),
            ("nginx:1.7.9", Flavour::Bare),
            ("registry.k8s.io/e2e-test-images/agnhost:2.39", Flavour::Bind),
        ] {
            assert_eq!(Flavour::of(image), flavour, "{image}");
        }
    }
}
