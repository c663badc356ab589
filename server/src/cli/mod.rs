//! `brevlada`: what can be said on the command line.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod audit;
mod bounce;
mod check_config;
mod feedback;
mod import;
mod jobs;
mod keys;
mod mailbox;
mod output;
mod search;
mod staff;
mod text;

use crate::config::{Config, Problems};
use crate::db::{Db, DbError};
use crate::mailbox::MailboxError;
use crate::seal::KeysError;
use crate::{serve, telemetry};
use clap::{Parser, Subcommand};
use output::{complain, say};
use std::path::PathBuf;
use std::process::ExitCode;
use time::OffsetDateTime;

/// The exit code when the configuration cannot be used.
const CONFIG: u8 = 2;

/// The exit code after which a mail server keeps a mail and tries again (`EX_TEMPFAIL` of sysexits.h); any other but 0 makes it throw a
/// report away.
const TRY_AGAIN: u8 = 75;

/// A secure citizen mailbox, and a mailbox operator in Mina meddelanden.
#[derive(Debug, Parser)]
#[command(name = "brevlada", version, arg_required_else_help = false)]
struct Arguments {
    /// A file with what is to differ from the defaults; brevlada.toml in this folder when there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Run the mailbox (this is what happens when nothing is said).
    Serve,
    /// Bring the database's tables up to date, and end.
    Migrate,
    /// Tell everything that is wrong with the configuration, and end: 0 when nothing is, 2 otherwise.
    CheckConfig,
    /// The keys that seal what the database holds.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Mailboxes.
    #[command(subcommand)]
    Mailbox(mailbox::Mailbox),
    /// Read letters in again from a file that a person downloaded with «Ladda ner allt». Every signature is checked anew, and what
    /// is here already is left as it is.
    Import(import::Import),
    /// Help, news and banners, which people read on the pages.
    #[command(subcommand)]
    Text(text::Text),
    /// What people think of the service.
    #[command(subcommand)]
    Feedback(feedback::Feedback),
    /// Work that follows a commit: notices and codes by mail.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// The operator's staff: who may log in on their side of the pages, /admin.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// The log of what staff do and what happens to accounts.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// The index of search.
    #[command(subcommand)]
    Search(search::Search),
    /// Read one PDF from standard input and write its text, shut in: the mailbox calls this by itself.
    #[command(hide = true)]
    Extract(search::Extract),
    /// Take in a mail that came back, from standard input: what the mail server is to run for `smtp.bounce_address`.
    Bounce(bounce::Bounce),
}

/// Why a command ended without having done what it was asked.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("{0}")]
    Config(#[from] Problems),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error(transparent)]
    Audit(#[from] crate::audit::AuditError),
    #[error("the audit log does not hold: {0}. Keep the database as it is, and see docs/operations.md")]
    AuditBroken(crate::audit::Broken),
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
    #[error(transparent)]
    Pem(#[from] crate::register::PemError),
    #[error("the mail cannot be read from standard input: {0}")]
    Input(std::io::Error),
    #[error("standard output: {0}")]
    Output(std::io::Error),
    #[error(
        "there is no database at {0} (database.url, seen from this folder). Say this in the folder where brevlada runs, or give \
         its settings with --config"
    )]
    NoDatabase(PathBuf),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("not opened: {0}")]
    NotOurs(String),
    #[error(transparent)]
    Support(#[from] crate::support::SupportError),
    #[error("{0}")]
    Staff(String),
    #[error("the password cannot be read: {0}")]
    Password(std::io::Error),
    #[error("{0}")]
    NotImported(String),
    #[error("nobody with that number has a mailbox here")]
    NotProtected,
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
}

/// Does what the command line says. `environment` is the process' own.
pub fn run(
    arguments: impl IntoIterator<Item = std::ffi::OsString>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too, with exit code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(CONFIG));
        }
    };
    let (config, failure) = match arguments.command {
        Some(Command::Bounce(_)) => (TRY_AGAIN, ExitCode::from(TRY_AGAIN)),
        _ => (CONFIG, ExitCode::FAILURE),
    };
    // Without a runtime: it would hold more descriptors than the process may have.
    if let Some(Command::Extract(order)) = arguments.command {
        return order.obey();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain!("brevlada: the system gives no threads: {error}");
            return failure;
        }
    };
    let done = runtime.block_on(obey(&arguments, environment));
    // What still runs then has had its time.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(CommandError::Config(problems)) => {
            complain!("brevlada: the configuration cannot be used:");
            for problem in problems.0 {
                complain!("  {problem}");
            }
            ExitCode::from(config)
        }
        Err(error) => {
            complain!("brevlada: {error}");
            failure
        }
    }
}

async fn obey(
    arguments: &Arguments,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(), CommandError> {
    let file = arguments.config.as_deref();
    match arguments.command.clone().unwrap_or(Command::Serve) {
        Command::Serve => {
            let config = Config::load_for_service(file, environment)?;
            telemetry::start(&config.log);
            serve::until_stopped(config).await?;
        }
        Command::CheckConfig => check_config::check(file, environment)?,
        Command::Migrate => {
            let config = Config::load(file, environment)?;
            let db = Db::open(config.database.url.expose()).await?;
            db.migrate().await?;
            db.close().await;
            say!("The tables are up to date.")?;
        }
        Command::Import(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Keys(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Jobs(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Audit(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Staff(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Search(command) => command.obey(&Config::load(file, environment)?).await?,
        // Obeyed before there was a runtime.
        Command::Extract(_) => {}
        Command::Mailbox(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Bounce(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Text(command) => command.obey(&Config::load(file, environment)?).await?,
        Command::Feedback(command) => command.obey(&Config::load(file, environment)?).await?,
    }
    Ok(())
}

/// The database that a mailbox has made, for commands that only look into it: they make none by looking in the wrong folder.
async fn existing_db(config: &Config) -> Result<Db, CommandError> {
    match config.database.file() {
        Some(file) if !file.exists() => Err(CommandError::NoDatabase(file.to_owned())),
        _ => Ok(Db::open(config.database.url.expose()).await?),
    }
}

/// A time as an operator reads it, to the second.
fn shown(at: OffsetDateTime) -> String {
    at.replace_nanosecond(0)
        .unwrap_or(at)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}
