//! The browser's part: the `app` crate as WebAssembly, with the JavaScript that loads it.

use crate::Error;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
/// The name that `HydrationScripts` is given by the server.
const NAME: &str = "brevlada";

/// Cargo's target folder, as cargo would choose it.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Compiles the client and says where it is.
///
/// Only `app` is selected and its default features are off, so that nothing of the server is unified into it.
pub(crate) fn build(root: &Path, target: &Path, release: bool) -> Result<PathBuf, Error> {
    let (target, rustc) = match compiler(root, target)? {
        // Two compilers do not share a folder.
        Some(rustc) => (target.join("client"), Some(rustc)),
        None => (target.to_owned(), None),
    };
    let profile = if release { "wasm" } else { "dev" };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .args([
            "build",
            "--package",
            "app",
            "--lib",
            "--no-default-features",
            "--features",
            "hydrate",
        ])
        .args(["--target", TARGET, "--profile", profile, "--target-dir"])
        .arg(&target)
        // What lints besides is for the server's side: here it would be another compiler than the one below.
        .env_remove("RUSTC_WORKSPACE_WRAPPER");
    if let Some(rustc) = rustc {
        cargo.env("RUSTC", rustc).env_remove("RUSTUP_TOOLCHAIN");
    }
    run("building the client", &mut cargo)?;
    let folder = if release { "wasm" } else { "debug" };
    Ok(target.join(TARGET).join(folder).join("app.wasm"))
}

/// Makes the JavaScript that loads the client, and the client as it wants it.
pub(crate) fn bind(wasm: &Path, out: &Path, release: bool) -> Result<(), Error> {
    fs::create_dir_all(out).map_err(Error::file("make", out))?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(NAME)
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(release);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(out))
        .map_err(|error| Error::Bindgen(format!("wasm-bindgen on {}: {error:?}", wasm.display())))
}

/// The compiler to use when the usual one has no standard library for the browser: found, or installed, by a script.
fn compiler(root: &Path, target: &Path) -> Result<Option<PathBuf>, Error> {
    let usual = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let library = Command::new(usual)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let there = library.is_ok_and(|answer| {
        let folder = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
        fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some())
    });
    if there {
        return Ok(None);
    }
    fs::create_dir_all(target).map_err(Error::file("make", target))?;
    let answer = target.join("wasm-toolchain.env");
    run(
        "scripts/wasm-toolchain.sh",
        Command::new("bash")
            .arg(root.join("scripts/wasm-toolchain.sh"))
            .arg(&answer),
    )?;
    let said = fs::read_to_string(&answer).map_err(Error::file("read", &answer))?;
    Ok(said
        .lines()
        .find_map(|line| line.strip_prefix("RUSTC="))
        .map(PathBuf::from))
}

fn run(what: &'static str, command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(Error::file("run", command.get_program()))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Program { what, status })
    }
}
