//! Lines of several commands: what a POSIX shell prints.

use std::time::Duration;

use crate::command::Poll;
use crate::testing::FakeWorld;
use crate::world::World;

/// Runs a line, a moment after the other, for so many moments: its exit code and what it printed.
fn run(line: &str, moments: usize) -> (Option<i32>, String) {
    let mut world = FakeWorld::new("2026-11-22T02:11:40Z", "");
    let mut command = crate::start(line, None);
    let mut printed = String::new();
    for _ in 0..moments {
        let mut out = crate::Output::default();
        let poll = command.poll(&mut world, &mut out);
        printed += &(out.stdout + &out.stderr);
        for (name, text) in out.files {
            world.files.retain(|(known, _)| *known != name);
            world.files.push((name, text));
        }
        if let Poll::Exited(code) = poll {
            return (Some(code), printed);
        }
        world.now = world.now() + Duration::from_millis(100);
    }
    (None, printed)
}

#[test]
fn loops_stand_within_each_other() {
    let line = "for a in 1 2; do for b in 3 4; do echo $a$b; done; done";
    assert_eq!(run(line, 1), (Some(0), "13\n14\n23\n24\n".to_owned()));
    let line = "for a in 1 2; do\n echo ${a}x; for b in $a $a; do echo \"$b\"; done\ndone; echo '$a' end";
    assert_eq!(run(line, 1), (Some(0), "1x\n1\n1\n2x\n2\n2\n$a end\n".to_owned()));
    assert_eq!(run("for a in 1 2; do nope && echo no || echo $a; done", 1).0, Some(0));
    assert_eq!(
        run("for a in 'x | y' ';'; do echo \"$a\"; done | cat", 1).0,
        Some(2),
        "no pipe behind a loop"
    );
    assert_eq!(run("for a in 'x|y' ';'; do echo $a; done", 1), (Some(0), "x|y\n;\n".to_owned()));
    assert_eq!(run("for a in; do echo $a; done; echo x", 1), (Some(0), "x\n".to_owned()));
}

#[test]
fn a_long_loop_goes_on_with_time() {
    let digits = "0 1 2 3 4 5 6 7 8 9";
    let heads: String =
        ["a", "b", "c", "d", "e", "f", "g"].map(|v| format!("for {v} in {digits}; do ")).concat();
    let line = format!("{heads}echo $a$b$c$d$e$f$g; {}", "done; ".repeat(7));
    let (code, printed) = run(&line, 10);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!((code, lines.first(), lines.get(41)), (None, Some(&"0000000"), Some(&"0000041")));
    assert!(lines.len() < 10 * 64);
    let (code, printed) =
        run("for a in 1 2 3 4 5 6 7 8 9; do for b in 1 2 3 4 5 6 7 8 9; do echo $a$b; done; done", 10);
    assert_eq!((code, printed.lines().count(), printed.lines().last()), (Some(0), 81, Some("99")));
}

#[test]
fn a_file_that_is_doubled_does_not_grow_without_end() {
    let doubled = "cat f f > g; cat g g > f; ".repeat(20);
    let (code, printed) = run(&format!("echo 0123456789abcdef > f; {doubled}"), 60);
    assert!(code.is_some() && printed.contains("File too large"), "{printed}");
}
