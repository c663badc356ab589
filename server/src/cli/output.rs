//! What commands say. Whoever listens may go away in the middle, as `head` does: what a command is to do is done to its end all the same, and
//! the rest of what it says is said to nobody.

use super::CommandError;
use std::fmt::Arguments;
use std::io::{ErrorKind, Write as _, stderr, stdout};

/// A line on standard output, as `println!` writes it. An error when it cannot be written although somebody may be there to read it, as on a
/// full disk.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::output::line(format_args!($($words)*))
    };
}

/// A line on standard error. There is nowhere to say that it could not be written.
macro_rules! complain {
    ($($words:tt)*) => {
        $crate::cli::output::complaint(format_args!($($words)*))
    };
}

pub(super) use complain;
pub(super) use say;

pub(super) fn line(words: Arguments<'_>) -> Result<(), CommandError> {
    match writeln!(stdout(), "{words}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CommandError::Output(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(super) fn complaint(words: Arguments<'_>) {
    let _ = writeln!(stderr(), "{words}");
}
