//! `brevlada extract`: reads one PDF from standard input and writes its text to standard output, and can do nothing else.
//!
//! What a stranger has sent is read in a process of its own, which takes away from itself, before the first byte is read, everything
//! that it does not need: it can open no file and no connection, write nothing to disk, and has so much memory and processor time and
//! no more. Whoever started it also bounds its time by the clock and what it may say.

mod pdf;

use rlimit::Resource;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

/// Standard input, output and error, and no descriptor more: no file, no socket.
const DESCRIPTORS: u64 = 3;

/// A larger file is not read.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// What parts the pages in the output.
pub const PAGE_BREAK: u8 = 0x0c;

/// What the exit code of the reading process says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every page was read.
    Whole = 0,
    /// There was more text than was asked for.
    Begun = 10,
    /// It cannot be opened.
    Failed = 11,
    /// The process could not shut itself in, and has read nothing.
    NotShutIn = 12,
}

/// What the process may use.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of address space.
    pub memory: u64,
    /// Seconds of processor time.
    pub seconds: u64,
    /// Bytes of text.
    pub text: usize,
}

/// Reads, writes, ends.
pub fn run(bounds: Bounds) -> ExitCode {
    ExitCode::from(outcome(bounds) as u8)
}

fn outcome(bounds: Bounds) -> Outcome {
    if shut_in(bounds).is_err() {
        return Outcome::NotShutIn;
    }
    let mut file = Vec::new();
    match std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut file) {
        Ok(read) if read as u64 <= LARGEST_FILE => {}
        _ => return Outcome::Failed,
    }
    let mut out = std::io::stdout().lock();
    let mut left = bounds.text;
    let read = pdf::each_page(file, |page| {
        // A page more than fits ends the reading.
        if page.len() >= left || out.write_all(page.as_bytes()).is_err() || out.write_all(&[PAGE_BREAK]).is_err() {
            return false;
        }
        left -= page.len() + 1;
        true
    });
    match (read, out.flush()) {
        (Ok(true), Ok(())) => Outcome::Whole,
        (Ok(false), Ok(())) => Outcome::Begun,
        _ => Outcome::Failed,
    }
}

/// Takes everything away that is not needed. A limit that cannot be set is an error: then nothing is read.
fn shut_in(bounds: Bounds) -> std::io::Result<()> {
    for (what, limit) in [
        (Resource::AS, bounds.memory),
        (Resource::CPU, bounds.seconds),
        (Resource::NOFILE, DESCRIPTORS),
        (Resource::FSIZE, 0),
        (Resource::CORE, 0),
    ] {
        what.set(limit, limit)?;
    }
    Ok(())
}
