//! The program `brevlada`. What it can be told is in [`server::cli`].

use std::process::ExitCode;

/// A page is many small pieces of text, made and dropped.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    server::cli::run(std::env::args_os(), environment)
}
