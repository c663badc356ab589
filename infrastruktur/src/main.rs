//! The program. See `infrastruktur --help`.

mod commands;

use clap::{Args, Parser, Subcommand};
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use infrastruktur::config::Config;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What a mailbox operator does not own, for one machine. For demonstration and tests: nothing in it is trusted by anybody.
#[derive(Parser)]
#[command(name = "infrastruktur", version)]
struct Arguments {
    /// Settings; without it, infrastruktur.toml in this folder if there is one. `INFRASTRUKTUR__SECTION__KEY` goes before both.
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
    /// Signs, seals and delivers one letter; prints the `TransId`.
    Send(Box<SendArguments>),
    /// Delivers many letters over kept-alive connections; prints rates and percentiles.
    Load(LoadArguments),
    /// Moves a person's mailbox to the other operator, as that operator does it; or back with --to.
    Move(MoveArguments),
    /// Sends the demonstration's letters; those that are there already stay one.
    DemoMail(DemoArguments),
}

#[derive(Args)]
struct SendArguments {
    /// Personal or organisation number, twelve digits.
    #[arg(long)]
    to: RecipientId,
    /// Subject, at most 255 characters.
    #[arg(long)]
    subject: String,
    /// The letter in plain text.
    #[arg(long, required_unless_present = "html")]
    text: Option<String>,
    /// A file with the letter in HTML; goes before --text.
    #[arg(long)]
    html: Option<PathBuf>,
    /// A file to go with the letter; may be given several times.
    #[arg(long)]
    attach: Vec<PathBuf>,
    /// The sending organisation.
    #[arg(long, default_value = "162021004748")]
    sender: OrganisationNumber,
    /// The mediating organisation; without it, the sender itself.
    #[arg(long)]
    mediator: Option<OrganisationNumber>,
    /// Language of the letter, as senders write it.
    #[arg(long, default_value = "svSE")]
    language: String,
    /// The matter that the letter belongs to.
    #[arg(long)]
    matter: Option<String>,
    /// What the matter is about.
    #[arg(long, requires = "matter")]
    matter_subject: Option<String>,
    /// Id of this event in the matter; without it, a new one.
    #[arg(long, requires = "matter")]
    event: Option<String>,
    /// Id of the event before this one.
    #[arg(long, requires = "matter")]
    preceding: Option<String>,
    /// What has happened, in the sender's words.
    #[arg(long, requires = "matter")]
    event_type: Option<String>,
    /// How the matter stands: senderinitiative, recipientinitiative or closed.
    #[arg(long, requires = "matter")]
    status: Option<String>,
    /// Kronor to pay, with two decimals or none.
    #[arg(long, requires_all = ["due", "bankgiro"])]
    pay: Option<String>,
    /// Last day of payment, YYYY-MM-DD.
    #[arg(long)]
    due: Option<String>,
    /// Bankgiro number to pay to.
    #[arg(long)]
    bankgiro: Option<String>,
    /// OCR number.
    #[arg(long)]
    ocr: Option<String>,
}

#[derive(Args)]
struct LoadArguments {
    /// How many letters.
    #[arg(long, default_value_t = 1_000)]
    count: usize,
    /// Over how many connections at once.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Bytes of text in each letter.
    #[arg(long, default_value_t = 6_000)]
    size: usize,
    /// The first recipient.
    #[arg(long, default_value = "191212121212")]
    to: RecipientId,
    /// Over how many recipients the letters are spread: the first one and fictitious ones after it, who must have mailboxes.
    #[arg(long, default_value_t = 1)]
    mailboxes: usize,
    /// The sending organisation.
    #[arg(long, default_value = "162021004748")]
    sender: OrganisationNumber,
    /// The mailbox's address; without it, FaR is asked.
    #[arg(long)]
    address: Option<String>,
    /// Also as JSON, on a line of its own.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct MoveArguments {
    /// Twelve digits.
    #[arg(long)]
    person: PersonalNumber,
    /// The internet domain of the operator to move to.
    #[arg(long, default_value = "grannpost.invalid")]
    to: String,
}

#[derive(Args)]
struct DemoArguments {
    /// Whom the letters are for.
    #[arg(long, default_value = "191212121212")]
    to: RecipientId,
    /// How many seconds to wait for a mailbox that is starting.
    #[arg(long, default_value_t = 10)]
    wait: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let usual = if matches!(arguments.command, Command::Serve) {
        "info"
    } else {
        "warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("infrastruktur: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), commands::Failure> {
    let config = Config::read(arguments.config.as_deref())?;
    match arguments.command {
        Command::Serve => commands::serve(&config).await,
        Command::Pki => commands::pki(&config),
        Command::People => commands::people(),
        Command::Send(arguments) => commands::send(&config, *arguments).await,
        Command::Load(arguments) => commands::load(&config, arguments).await,
        Command::Move(arguments) => commands::move_person(&config, arguments).await,
        Command::DemoMail(arguments) => commands::demo_mail(&config, &arguments).await,
    }
}
