//! What `cargo` alone does not do: the browser's part of the pages, and the folder that is served beside them.
//!
//! `cargo run --bin xtask -- site [--release]` builds the client, joins the style sheets, copies the public files and
//! compresses everything beforehand. It prints what a first visit costs over the wire.

mod client;
mod compress;
mod site;
mod stamp;
mod style;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about, version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Lay out the site: client, style, public files, each also compressed.
    Site {
        /// Small and fast for people, slow to build; else fast to build.
        #[arg(long)]
        release: bool,
        /// The folder to fill. Default: `site` in cargo's target folder.
        #[arg(long, env = "SITE")]
        out: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let Arguments {
        task: Task::Site { release, out },
    } = Arguments::parse();
    match site::lay_out(release, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why a task could not be done.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot {what} {path}: {source}")]
    File {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{what} failed ({status})")]
    Program {
        what: &'static str,
        status: std::process::ExitStatus,
    },
    #[error("{0}")]
    Bindgen(String),
    #[error("{0} holds files that xtask did not make: choose another folder, or empty it")]
    NotOurs(PathBuf),
}

impl Error {
    fn file(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { what, path, source }
    }
}
