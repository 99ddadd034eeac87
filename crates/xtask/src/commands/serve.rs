//! `cargo xtask serve`: sets up, builds, serves, and says where.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use crate::page::trunk;
use crate::report::{Failure, Outcome, say};
use crate::setup::{node, rust};

const USAGE: &str = "usage: cargo xtask serve [--port 8080] [--release] [--open]";

/// What a person may choose.
struct Options {
    port: u16,
    release: bool,
    open: bool,
}

pub fn run(arguments: &[String]) -> Outcome<()> {
    let options = read(arguments)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    if TcpListener::bind(address).is_err() {
        return Err(format!(
            "port {0} is in use: try `cargo xtask serve --port {1}`",
            options.port,
            other(options.port)
        )
        .into());
    }
    rust::page_tools()?;
    node::editor_bundle()?;
    say("==> Building the page and serving it: the first build takes 1 to 4 minutes, later ones seconds");
    let mut server = start(&options)?;
    announce_when_ready(&mut server, address)?;
    let status = server.wait().map_err(|error| Failure::from(format!("trunk: {error}")))?;
    if status.success() { Ok(()) } else { Err(format!("trunk ended with {status}").into()) }
}

fn read(arguments: &[String]) -> Outcome<Options> {
    let mut options = Options { port: 8080, release: false, open: false };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--release" => options.release = true,
            "--open" => options.open = true,
            "--port" => {
                let number = words.next().and_then(|number| number.parse().ok());
                options.port = number.ok_or(USAGE)?;
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(options)
}

/// Starts Trunk. It does not build into `dist/`, which always holds what is published.
fn start(options: &Options) -> Outcome<Child> {
    let mut command = trunk()?;
    command.args([
        "serve",
        "--dist",
        "target/serve",
        "--address",
        "127.0.0.1",
        "--port",
        &options.port.to_string(),
    ]);
    if options.release {
        command.args(["--release", "--no-autoreload"]);
    } else {
        // Without any optimisation a busy cluster stutters; this level costs little to build.
        command.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    }
    if options.open {
        command.arg("--open");
    }
    command.spawn().map_err(|error| Failure::from(format!("trunk did not start: {error}")))
}

/// Says where the page is once Trunk answers, after its first build. Trunk says so, too, but far above.
fn announce_when_ready(server: &mut Child, address: SocketAddr) -> Outcome<()> {
    loop {
        if let Ok(Some(status)) = server.try_wait() {
            return Err(format!("trunk ended with {status} before it served the page").into());
        }
        if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
            say(&format!("\n    Ordinal is at http://{address}/ (Ctrl-C ends it)\n"));
            return Ok(());
        }
        sleep(Duration::from_millis(300));
    }
}

fn other(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8081)
}
