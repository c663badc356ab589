//! What the program's commands do.

use crate::{DemoArguments, LoadArguments, MoveArguments, SendArguments};
use contracts::delivery::{AccountMethod, Invoice, MatterExtension, MatterIdentity, MatterStatus, OfficialMatter};
use contracts::identifier::RecipientId;
use contracts::xml::{parse_date, write_date};
use infrastruktur::Infrastructure;
use infrastruktur::clock::Clock;
use infrastruktur::config::Config;
use infrastruktur::http_client::HttpError;
use infrastruktur::moving::move_to;
use infrastruktur::people::{self, Circumstance};
use infrastruktur::pki::Pki;
use infrastruktur::sending::{Letter, Mediator, SendError, attachment, load, send_demonstration_mail};
use infrastruktur::texts::Languages;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use time::Date;
use url::Url;
use uuid::Uuid;

/// A line on standard output. Whoever listens may go away in the middle, as `head` does: the rest is said to nobody.
macro_rules! say {
    ($($words:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// What a command may fail with; shown to the one at the keyboard.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a mailbox takes with its usual settings.
const MOST_CONNECTIONS: usize = 1_024;
/// The largest message of the contract.
const LARGEST_TEXT: usize = 2_000_000;
/// Bytes of letters that `load` holds at once.
const MOST_SIGNED: usize = 2_000_000_000;

/// Serves until Ctrl-C or SIGTERM.
pub(crate) async fn serve(config: &Config) -> Result<(), Failure> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let running = Infrastructure::start(config, Clock::system()).await?;
    let at = running.addresses;
    tracing::info!(register = %at.register, idp = %at.idp, catcher = %at.catcher, smtp = %at.smtp, sms = %at.sms, push = %at.push, "infrastruktur is ready");
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Makes the certificates.
pub(crate) fn pki(config: &Config) -> Result<(), Failure> {
    Pki::open(&config.pki.dir, Clock::system().now())?;
    say!("{}", config.pki.dir.display());
    Ok(())
}

/// Lists everybody.
pub(crate) fn people() -> Result<(), Failure> {
    let languages = Languages::read()?;
    let about = |circumstance: Circumstance| languages.swedish().circumstances.of(circumstance).to_owned();
    say!("Personer");
    for person in people::PERSONS {
        say!(
            "  {}  {:<20} {}",
            person.number,
            person.name(),
            about(person.circumstance)
        );
    }
    say!("\nFöretag, med firmatecknare");
    for company in people::COMPANIES {
        say!(
            "  {}  {:<22} {}",
            company.number,
            company.name,
            company.signatories.join(", ")
        );
    }
    say!("\nAvsändare, som också är förmedlare");
    for sender in people::SENDERS {
        let also = match sender.mediates_for {
            [] => String::new(),
            others => format!("förmedlar även för {}", others.join(", ")),
        };
        say!("  {}  {:<22} {also}", sender.number, sender.name);
    }
    Ok(())
}

/// Sends one letter.
pub(crate) async fn send(config: &Config, arguments: SendArguments) -> Result<(), Failure> {
    let clock = Clock::system();
    let letter = letter(&arguments, clock.now().date())?;
    let pki = Pki::existing(&config.pki.dir, clock.now())?;
    let mediator = arguments.mediator.unwrap_or(arguments.sender);
    let mediator = Mediator::open(&pki, arguments.sender, mediator, &config.sending.recipient_url, clock)?;
    let result = mediator.send(&letter.to_delivery()).await?;
    say!("{}", result.trans_id);
    Ok(())
}

fn letter(arguments: &SendArguments, today: Date) -> Result<Letter, Failure> {
    if arguments.subject.chars().count() > 255 {
        return Err("--subject may have at most 255 characters".into());
    }
    let body = match (&arguments.html, &arguments.text) {
        (Some(path), _) => Letter::html(&String::from_utf8(read(path)?).map_err(|_| "--html must be UTF-8")?),
        (None, text) => Letter::text(text.as_deref().unwrap_or_default()),
    };
    let id = Uuid::new_v4().to_string();
    let mut letter = Letter::new(arguments.sender, arguments.to, id, &arguments.subject, body);
    letter.language.clone_from(&arguments.language);
    for path in &arguments.attach {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .ok_or("--attach needs a file name")?;
        letter.attachments.push(attachment(name, read(path)?));
    }
    letter.matter = matter(arguments, today)?;
    Ok(letter)
}

fn matter(arguments: &SendArguments, today: Date) -> Result<Option<OfficialMatter>, Failure> {
    let status = arguments
        .status
        .as_deref()
        .map(|word| MatterStatus::from_word(word).ok_or("--status is senderinitiative, recipientinitiative or closed"));
    let status = status.transpose()?;
    let extension = arguments.matter.as_ref().map(|id| MatterExtension {
        timestamp: today,
        identity: Some(MatterIdentity {
            event_id: Some(arguments.event.clone().unwrap_or_else(|| Uuid::new_v4().to_string())),
            official_matter_id: Some(id.clone()),
            preceding_event_id: arguments.preceding.clone(),
        }),
        subject: arguments.matter_subject.clone(),
        event_type: arguments.event_type.clone(),
        status,
    });
    let invoices: Vec<_> = invoice(arguments)?.into_iter().collect();
    let is_matter = extension.is_some() || !invoices.is_empty();
    Ok(is_matter.then_some(OfficialMatter {
        extension,
        invoices,
        foreign: Vec::new(),
    }))
}

fn invoice(arguments: &SendArguments) -> Result<Option<Invoice>, Failure> {
    let Some(amount) = &arguments.pay else { return Ok(None) };
    let (kronor, ore) = amount.split_once([',', '.']).unwrap_or((amount, "00"));
    let amount = (ore.len() == 2)
        .then(|| format!("{kronor}{ore}").parse().ok())
        .flatten();
    Ok(Some(Invoice {
        due_date: arguments
            .due
            .as_deref()
            .and_then(parse_date)
            .ok_or("--due is a day, YYYY-MM-DD")?,
        amount: amount
            .filter(|a| *a > 0)
            .ok_or("--pay is kronor, such as 1250 or 1250.50")?,
        currency: Some("SEK".to_owned()),
        account_method: AccountMethod::Bankgiro,
        account_number: arguments.bankgiro.clone().unwrap_or_default(),
        ocr_number: arguments.ocr.clone(),
    }))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()).into())
}

/// Sends many.
pub(crate) async fn load(config: &Config, arguments: LoadArguments) -> Result<(), Failure> {
    reasonable(&arguments)?;
    let clock = Clock::system();
    let pki = Pki::existing(&config.pki.dir, clock.now())?;
    let mediator = Mediator::open(
        &pki,
        arguments.sender,
        arguments.sender,
        &config.sending.recipient_url,
        clock,
    )?;
    let others = people::crowd()
        .map(RecipientId::from)
        .take(arguments.mailboxes.saturating_sub(1));
    let plan = load::Plan {
        sender: arguments.sender,
        recipients: std::iter::once(arguments.to).chain(others).collect(),
        count: arguments.count,
        connections: arguments.connections,
        size: arguments.size,
    };
    let report = match &arguments.address {
        Some(address) => load::run_at(&mediator, &plan, &Url::parse(address)?).await?,
        None => load::run(&mediator, &plan).await?,
    };
    say!("{report}");
    if arguments.json {
        let ms = |percent| report.percentile(percent).as_secs_f64() * 1_000.0;
        say!(
            "{}",
            serde_json::json!({
                "delivered": report.delivered, "not_delivered": report.not_delivered, "faults": report.faults,
                "broken": report.broken.values().sum::<usize>(), "request_bytes": report.request_bytes,
                "elapsed_s": report.elapsed.as_secs_f64(), "per_second": report.per_second(),
                "p50_ms": ms(50), "p90_ms": ms(90), "p99_ms": ms(99), "max_ms": ms(100),
            })
        );
    }
    if report.is_clean() {
        Ok(())
    } else {
        Err("not every letter arrived; see above".into())
    }
}

/// Refuses a load that cannot be, before anything is signed.
fn reasonable(arguments: &LoadArguments) -> Result<(), Failure> {
    if arguments.connections == 0 || arguments.mailboxes == 0 {
        return Err("--connections and --mailboxes are at least 1".into());
    }
    if arguments.connections > MOST_CONNECTIONS {
        return Err(format!(
            "--connections is at most {MOST_CONNECTIONS}: the mailbox holds no more open (its service.max_connections)"
        )
        .into());
    }
    if arguments.size > LARGEST_TEXT {
        return Err(format!(
            "--size is at most {LARGEST_TEXT} bytes: a message may hold 2 MB before base64, and a mailbox refuses more"
        )
        .into());
    }
    // Every letter is signed before the first is sent, and base64 makes it a third larger, twice.
    let signed = arguments
        .count
        .saturating_mul(arguments.size.saturating_mul(16) / 9 + 8_000);
    if signed > MOST_SIGNED {
        return Err(format!(
            "--count times --size would be {} MB of signed letters in memory; {} MB is the most. Send them in several turns",
            signed / 1_000_000,
            MOST_SIGNED / 1_000_000
        )
        .into());
    }
    Ok(())
}

/// Moves a person's mailbox to another operator.
pub(crate) async fn move_person(config: &Config, arguments: MoveArguments) -> Result<(), Failure> {
    let clock = Clock::system();
    let operator = [people::THIS_OPERATOR, people::ANOTHER_OPERATOR]
        .into_iter()
        .find(|operator| operator.domain == arguments.to)
        .ok_or("--to is grannpost.invalid or brevlada.localhost")?;
    let pki = Pki::existing(&config.pki.dir, clock.now())?;
    move_to(&pki, &config.sending.recipient_url, operator, arguments.person, &clock).await?;
    say!("{} has the mailbox now.", operator.name);
    Ok(())
}

/// Sends the demonstration's letters.
pub(crate) async fn demo_mail(config: &Config, arguments: &DemoArguments) -> Result<(), Failure> {
    let clock = Clock::system();
    let pki = Pki::existing(&config.pki.dir, clock.now())?;
    let day = day_of_demonstration(&config.pki.dir, clock.now().date())?;
    let patience = Instant::now() + Duration::from_secs(arguments.wait);
    let sent = loop {
        match send_demonstration_mail(&pki, &config.sending.recipient_url, arguments.to, day, &clock).await {
            Err(SendError::Http(HttpError::Connect { .. })) if Instant::now() < patience => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            answered => break answered?,
        }
    };
    for letter in sent {
        say!("{}  {}", letter.trans_id, letter.subject);
    }
    Ok(())
}

/// The day on which the letters were written: the first time, today. Kept beside the certificates, since the same letter
/// signed with another key would be another letter.
fn day_of_demonstration(pki: &Path, today: Date) -> Result<Date, Failure> {
    let path: PathBuf = pki.join("demo-mail.day");
    if let Some(day) = std::fs::read_to_string(&path)
        .ok()
        .and_then(|text| parse_date(text.trim()))
    {
        return Ok(day);
    }
    std::fs::write(&path, write_date(today)).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(today)
}
