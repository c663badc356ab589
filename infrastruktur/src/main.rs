//! The program: `serve`, `pki`, `people`. See `infrastruktur --help`.

use clap::{Parser, Subcommand};
use infrastruktur::clock::Clock;
use infrastruktur::config::Config;
use infrastruktur::people::{self, Circumstance};
use infrastruktur::pki::Pki;
use infrastruktur::texts::Languages;
use infrastruktur::Infrastructure;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What a mailbox operator does not own, for one machine. For demonstration and tests: nothing in it is trusted by anybody.
#[derive(Parser)]
#[command(name = "infrastruktur", version)]
struct Arguments {
    /// Settings; without it, infrastruktur.toml in this folder if there is one. INFRASTRUKTUR__SECTION__KEY goes before both.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts FaR, Authority, the e-legitimation and the catchers; stops on Ctrl-C.
    Serve,
    /// Makes the demonstration certificates that are missing, and says where they are.
    Pki,
    /// Lists the demonstration's persons, companies and senders.
    People,
}

/// What a command may fail with; shown to the one at the keyboard.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("infrastruktur: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let config = Config::read(arguments.config.as_deref())?;
    match arguments.command {
        Command::Serve => serve(&config).await,
        Command::Pki => {
            Pki::open(&config.pki.dir, Clock::system().now())?;
            println!("{}", config.pki.dir.display());
            Ok(())
        }
        Command::People => list_people(),
    }
}

async fn serve(config: &Config) -> Result<(), Failure> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let running = Infrastructure::start(config, Clock::system()).await?;
    let at = running.addresses;
    tracing::info!(register = %at.register, idp = %at.idp, catcher = %at.catcher, smtp = %at.smtp, sms = %at.sms, "infrastruktur is ready");
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

fn list_people() -> Result<(), Failure> {
    let languages = Languages::read()?;
    let about = |circumstance: Circumstance| languages.swedish().circumstances.of(circumstance).to_owned();
    println!("Personer");
    for person in people::PERSONS {
        println!("  {}  {:<20} {}", person.number, person.name(), about(person.circumstance));
    }
    println!("\nFöretag");
    for company in people::COMPANIES {
        println!("  {}  {:<20} {}", company.number, company.name, company.signatories.join(", "));
    }
    println!("\nAvsändare (och förmedlare)");
    for sender in people::SENDERS {
        let also = if sender.mediates_for.is_empty() {
            String::new()
        } else {
            format!("förmedlar även för {}", sender.mediates_for.join(", "))
        };
        println!("  {}  {:<20} {also}", sender.number, sender.name);
    }
    Ok(())
}
