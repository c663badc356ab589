//! Whether a configuration fits the world it is to run in. Nothing is changed, nothing is connected to.

use super::{Config, Problem, bounds};
use crate::domain::loopback::is_loopback;
use crate::login::config::ConfigProblem;
use std::path::Path;
use url::Url;
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The word in a common name that marks a demonstration authority, and what it issues.
const DEMONSTRATION: &str = "demonstration";

/// Every problem there is.
pub(super) fn problems(config: &Config) -> Vec<Problem> {
    let mut found = Vec::new();
    public_address(config, &mut found);
    listeners(config, &mut found);
    database(config, &mut found);
    let certificates = certificates(config, &mut found);
    saml(config, &mut found);
    mail(config, &mut found);
    sms(config, &mut found);
    push(config, &mut found);
    times(config, &mut found);
    found.extend(bounds::problems(config));
    keep(config, &mut found);
    if let Err(error) = crate::telemetry::filter(&config.log.level) {
        found.push(Problem::new("log.level", error));
    }
    if !config.web.is_on_loopback() {
        demonstration(config, &certificates, &mut found);
    }
    found
}

/// What it starts in spite of.
pub(super) fn warnings(config: &Config) -> Vec<Problem> {
    let root = &config.web.site_root;
    if root.is_dir() {
        return Vec::new();
    }
    let text = format!(
        "{} is no folder: pages come without style and script. «cargo run --bin xtask -- site --release --out FOLDER» lays one out",
        root.display()
    );
    vec![Problem::new("web.site_root", text)]
}

fn public_address(config: &Config, found: &mut Vec<Problem>) {
    let url = &config.web.public_url;
    match url.scheme() {
        "https" => {}
        "http" if config.web.is_on_loopback() => {}
        "http" => found.push(Problem::new(
            "web.public_url",
            format!("{url} is not encrypted: people's logins would travel in the clear. Use https://"),
        )),
        other => found.push(Problem::new(
            "web.public_url",
            format!("begins with {other}:. Write https:// and the name that people type"),
        )),
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        found.push(Problem::new(
            "web.public_url",
            format!("{url} has more than host and port. Leave out the rest"),
        ));
    }
    if config.service.public_url.scheme() != "https" {
        found.push(Problem::new(
            "service.public_url",
            "deliveries come over mutual TLS only. Write https://",
        ));
    }
    for (key, url) in [
        ("register.recipient_url", &config.register.recipient_url),
        ("register.authority_url", &config.register.authority_url),
    ] {
        if url.scheme() != "https" {
            found.push(Problem::new(
                key,
                "the register is called over mutual TLS only. Write https://",
            ));
        }
    }
}

fn listeners(config: &Config, found: &mut Vec<Problem>) {
    let all = [
        ("web.listen", config.web.listen),
        ("service.listen", config.service.listen),
        ("ops.listen", config.ops.listen),
    ];
    for (place, (key, address)) in all.iter().enumerate() {
        let taken = all
            .iter()
            .take(place)
            .find(|(_, other)| other == address && address.port() != 0);
        if let Some((other, _)) = taken {
            found.push(Problem::new(
                *key,
                format!("{address} is {other} already; give it a port of its own"),
            ));
        }
    }
}

fn database(config: &Config, found: &mut Vec<Problem>) {
    let url = config.database.url.expose();
    if let Some(file) = config.database.file() {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let text = format!("the folder {} is missing; make it (mkdir -p {0})", folder.display());
            found.push(Problem::new("database.url", text));
        }
    } else if !["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|engine| url.starts_with(engine))
    {
        found.push(Problem::new(
            "database.url",
            "is no database that is known here. Write sqlite:FILE or postgres://user:password@host/name",
        ));
    }
}

/// Reads every file of certificates and keys; gives back the certificates with the key that named them.
fn certificates(config: &Config, found: &mut Vec<Problem>) -> Vec<(&'static str, Vec<Pem>)> {
    let bundles = [
        ("service.cert_file", config.service.cert_file.as_path()),
        ("trust.client_ca_file", config.trust.client_ca_file.as_path()),
        ("trust.signing_ca_file", config.trust.signing_ca_file.as_path()),
        ("register.cert_file", config.register.cert_file.as_path()),
        ("register.ca_file", config.register.ca_file.as_path()),
    ];
    let own = [
        config.smtp.ca_file.as_deref().map(|file| ("smtp.ca_file", file)),
        config.sms.ca_file.as_deref().map(|file| ("sms.ca_file", file)),
    ];
    let mut read = Vec::new();
    for (key, file) in bundles.into_iter().chain(own.into_iter().flatten()) {
        match std::fs::read(file) {
            Err(error) => found.push(missing(key, file, &error)),
            Ok(bytes) => {
                let pems: Vec<Pem> = Pem::iter_from_buffer(&bytes).filter_map(Result::ok).collect();
                let certificates: Vec<Pem> = pems.into_iter().filter(|pem| pem.label == "CERTIFICATE").collect();
                let broken = certificates.iter().any(|pem| pem.parse_x509().is_err());
                if certificates.is_empty() || broken {
                    let text = format!(
                        "{} holds no certificate that can be read; it must be PEM",
                        file.display()
                    );
                    found.push(Problem::new(key, text));
                } else {
                    read.push((key, certificates));
                }
            }
        }
    }
    for (key, file) in [
        ("service.key_file", &config.service.key_file),
        ("register.key_file", &config.register.key_file),
    ] {
        match std::fs::read_to_string(file) {
            Err(error) => found.push(missing(key, file, &error)),
            Ok(text) if !text.contains("PRIVATE KEY-----") => {
                found.push(Problem::new(
                    key,
                    format!("{} holds no private key; it must be PEM", file.display()),
                ));
            }
            Ok(_) => {}
        }
    }
    for file in &config.trust.crl_files {
        if let Err(error) = std::fs::metadata(file) {
            found.push(missing("trust.crl_files", file, &error));
        }
    }
    if let Err(error) = crate::seal::Keys::load(&config.keys.master_file) {
        found.push(Problem::new(
            "keys.master_file",
            format!("{error}. `brevlada keys new` makes one"),
        ));
    }
    read
}

/// Keys, sources of metadata and ranges; demonstration keys too.
fn saml(config: &Config, found: &mut Vec<Problem>) {
    let reads = [
        config.saml.keys(&config.web.public_url).map(drop),
        config.saml.sources().map(drop),
    ];
    let problems = config.saml.out_of_range();
    for problem in problems.into_iter().chain(reads.into_iter().filter_map(Result::err)) {
        found.push(match problem {
            ConfigProblem::Value { key, text } => Problem::new(format!("saml.{key}"), text),
            other => Problem::new("saml", other.to_string()),
        });
    }
    for problem in config.staff.out_of_range() {
        found.push(match problem {
            ConfigProblem::Value { key, text } => Problem::new(format!("staff.{key}"), text),
            other => Problem::new("staff", other.to_string()),
        });
    }
}

fn missing(key: &str, file: &Path, error: &std::io::Error) -> Problem {
    let text = format!(
        "cannot read {}: {error}. Put it there for the service's user to read, or name the right file",
        file.display()
    );
    Problem::new(key, text)
}

fn mail(config: &Config, found: &mut Vec<Problem>) {
    if let Err(error) = crate::outbox::mail::look_over(&config.smtp) {
        found.push(Problem::new("smtp.url", error.to_string()));
    }
    if sends_in_the_clear(&config.smtp.url) && !is_loopback(&config.smtp.url) {
        found.push(Problem::new(
            "smtp.url",
            "would send people's addresses in the clear. Use smtps://, or add ?tls=required for STARTTLS",
        ));
    }
    if config.smtp.user.is_some() != config.smtp.password.is_some() {
        found.push(Problem::new(
            "smtp.user",
            "smtp.user and smtp.password go together; give both or neither",
        ));
    }
    bounces(config, found);
}

fn bounces(config: &Config, found: &mut Vec<Problem>) {
    let Some(address) = &config.smtp.bounce_address else {
        return;
    };
    let (user, most) = (address.user(), crate::outbox::return_path::LONGEST);
    if user.len() > most || user.contains('+') {
        let text = format!(
            "the part before @ must be at most {most} signs, without +: a sign for each notice is put after it"
        );
        found.push(Problem::new("smtp.bounce_address", text));
    }
}

fn sms(config: &Config, found: &mut Vec<Problem>) {
    let sms = &config.sms;
    if sms.url.scheme() != "https" && !is_loopback(&sms.url) {
        found.push(Problem::new(
            "sms.url",
            "would send people's numbers in the clear. Use https://",
        ));
    }
    if sms.reports && config.web.is_on_loopback() && !is_loopback(&sms.url) {
        found.push(Problem::new(
            "sms.reports",
            "the gateway is to report to web.public_url, which is this machine alone. Give an address that it reaches, or set it to false",
        ));
    }
    if sms.user.is_some() != sms.password.is_some() {
        found.push(Problem::new(
            "sms.user",
            "sms.user and sms.password go together; give both or neither",
        ));
    }
    let is_name = (3..=11).contains(&sms.from.len()) && sms.from.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_number = sms
        .from
        .strip_prefix('+')
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_name && !is_number {
        let text = "must be 3 to 11 letters a to z and digits, or a number that begins with +";
        found.push(Problem::new("sms.from", text));
    }
}

fn push(config: &Config, found: &mut Vec<Problem>) {
    let push = &config.push;
    // Google's service takes nothing longer, and refuses every message that asks for it.
    if push.hold > std::time::Duration::from_hours(28 * 24) {
        found.push(Problem::new(
            "push.hold",
            "push services refuse more than 28d. Write 28d or less",
        ));
    }
}

fn sends_in_the_clear(url: &Url) -> bool {
    url.scheme() == "smtp"
        && !url
            .query_pairs()
            .any(|(name, value)| name == "tls" && value == "required")
}

fn times(config: &Config, found: &mut Vec<Problem>) {
    if config.session.warning >= config.session.idle {
        found.push(Problem::new(
            "session.warning",
            "must be shorter than session.idle, or it never comes. Lower it, or raise session.idle",
        ));
    }
    if config.session.idle > config.session.longest {
        found.push(Problem::new(
            "session.idle",
            "must not be longer than session.longest, which ends every login. Lower it, or raise session.longest",
        ));
    }
    let kept = config.service.keep_calls;
    if kept < std::time::Duration::from_hours(1) || kept > std::time::Duration::from_hours(30 * 24) {
        found.push(Problem::new(
            "service.keep_calls",
            "must be from 1h to 30d: who sent something to whom is not to outlast a mailbox that was ended",
        ));
    }
    if config.notice.look_every.is_zero() {
        found.push(Problem::new("notice.look_every", "must be at least 1s"));
    }
    if config.search.look_every.is_zero() {
        found.push(Problem::new("search.look_every", "must be at least 1s"));
    }
    if config.search.reader_time < std::time::Duration::from_secs(1) {
        found.push(Problem::new("search.reader_time", "must be at least 1s"));
    }
    for (key, timeout) in [
        ("smtp.timeout", config.smtp.timeout),
        ("sms.timeout", config.sms.timeout),
        ("push.timeout", config.push.timeout),
    ] {
        if config.notice.lease <= timeout * 2 {
            let text =
                format!("must be more than twice {key}, or messages may be sent twice. Raise it, or lower {key}");
            found.push(Problem::new("notice.lease", text));
        }
        if timeout.is_zero() {
            found.push(Problem::new(key, "must be at least 1s"));
        }
    }
}

fn keep(config: &Config, found: &mut Vec<Problem>) {
    let folder = &config.keep.folder;
    if folder.exists() && !folder.is_dir() {
        found.push(Problem::new(
            "keep.folder",
            format!(
                "{} is no folder. Name one that the service's user may write in",
                folder.display()
            ),
        ));
    }
    if config.keep.hold.is_zero() {
        found.push(Problem::new(
            "keep.hold",
            "must be at least 1s, or no export can be fetched",
        ));
    }
}

/// Demonstration keys are known to whoever has the program: real people must never depend on them.
fn demonstration(config: &Config, certificates: &[(&'static str, Vec<Pem>)], found: &mut Vec<Problem>) {
    let host = config.web.public_url.host_str().unwrap_or_default();
    for (key, pems) in certificates {
        if pems.iter().any(|pem| is_demonstration(&pem.contents)) {
            let text = format!("is for demonstration, and {host} is not this machine. Get a certificate of your own");
            found.push(Problem::new(*key, text));
        }
    }
    let marked =
        std::fs::read_to_string(&config.keys.master_file).is_ok_and(|text| crate::seal::demonstration_mark(&text));
    if marked {
        let text =
            format!("is for demonstration, and {host} is not this machine. Make your own with `brevlada keys new`");
        found.push(Problem::new("keys.master_file", text));
    }
}

/// Whether a certificate is a demonstration authority's, or was issued by one.
fn is_demonstration(der: &[u8]) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return false;
    };
    certificate
        .subject()
        .iter_common_name()
        .chain(certificate.issuer().iter_common_name())
        .filter_map(|name| name.as_str().ok())
        .any(|name| name.to_lowercase().contains(DEMONSTRATION))
}
