//! A browser for the tests: the one of the machine, else Debian's package, else Playwright's download.

use std::env;
use std::path::PathBuf;

use crate::process::{on_path, output_of, program, run};
use crate::report::{Failure, Outcome, say, step};
use crate::setup::node;
use crate::workspace;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

const PLACES: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The file of a Chromium or Chrome that starts.
pub fn find_or_install() -> Outcome<PathBuf> {
    if let Some(chosen) = env::var_os("CHROME").map(PathBuf::from) {
        let advice = "CHROME names a browser that does not start";
        return if starts(&chosen) {
            Ok(chosen)
        } else {
            Err(format!("{advice}: {}", chosen.display()).into())
        };
    }
    if let Some(found) = of_the_machine() {
        return Ok(found);
    }
    if let Err(failure) = debian_package() {
        say(&format!("    {failure}"));
    }
    match of_the_machine() {
        Some(found) => Ok(found),
        None => playwright_download(),
    }
}

fn of_the_machine() -> Option<PathBuf> {
    let named = NAMES.iter().filter_map(|name| on_path(name));
    named.chain(PLACES.iter().map(PathBuf::from)).find(starts)
}

/// A name is not enough: some systems install a stub that only asks for another installer.
fn starts(browser: &PathBuf) -> bool {
    browser.is_file() && output_of(program(browser).arg("--version")).is_some()
}

fn debian_package() -> Outcome<()> {
    let root = output_of(program("id").arg("-u")).is_some_and(|id| id == "0");
    if on_path("apt-get").is_none() || !root {
        return Ok(());
    }
    step(
        "Installing chromium and Chinese fonts by apt: the page is tested in a real browser; 2 minutes",
        || {
            run(apt().arg("update"))?;
            run(apt().args(["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]))
        },
    )
}

fn apt() -> std::process::Command {
    let mut command = program("apt-get");
    command.arg("-q").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn playwright_download() -> Outcome<PathBuf> {
    let folder = node::browser_test_packages()?;
    let browsers = workspace::tools().join("browsers");
    let cli = "node_modules/playwright-core/cli.js";
    let script = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
    let playwright = || {
        let mut command = program("node");
        command.current_dir(&folder).env("PLAYWRIGHT_BROWSERS_PATH", &browsers);
        command
    };
    let place = || output_of(playwright().args(["-e", script])).map(PathBuf::from).filter(starts);
    if let Some(there) = place() {
        return Ok(there);
    }
    let downloaded = step("Downloading Chromium by Playwright into target/tools: 170 MB", || {
        run(playwright().args([cli, "install", "chromium"]))
    });
    downloaded.ok().and_then(|()| place()).ok_or_else(|| {
        Failure::from(
            "no browser for the tests: install Chrome or Chromium (on Debian `sudo apt-get install chromium`), \
             or set CHROME to its file",
        )
    })
}
