//! The sections, one struct each. What each key means is written in `brevlada.default.toml`, for operators;
//! here stands what a value that exists has been checked for.

use super::{Secret, span};
use crate::domain::forward::Limits;
use crate::domain::loopback::is_loopback;
use crate::domain::push::{HostPattern, Services};
use contracts::identifier::OrganisationNumber;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// The pages that people see.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// The address that people type.
    #[serde(deserialize_with = "address")]
    pub public_url: Url,
    /// The folder with style sheets, scripts and pictures.
    pub site_root: PathBuf,
    /// Where the source of the program that runs can be had.
    #[serde(deserialize_with = "address_or_none")]
    pub source_url: Option<Url>,
    /// Connections held open at once.
    pub max_connections: usize,
}

impl Web {
    /// Whether people can only come from this machine: then, and only then, demonstration keys will do.
    pub fn is_on_loopback(&self) -> bool {
        is_loopback(&self.public_url)
    }

    /// Whether browsers come over TLS, so that cookies can be kept to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// The name of a site with its port, as people type it.
pub(crate) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

/// Where mediators deliver letters.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Where the service listens.
    pub listen: SocketAddr,
    /// The address that the WSDL names.
    #[serde(deserialize_with = "address")]
    pub public_url: Url,
    /// The server's certificate with its chain, PEM.
    pub cert_file: PathBuf,
    /// Its key, PEM.
    pub key_file: PathBuf,
    /// Largest request, in bytes, envelope and base64 included.
    pub max_request_bytes: usize,
    /// Connections held open at once.
    pub max_connections: usize,
    /// Requests worked on at once.
    pub max_in_flight: usize,
    /// Of those, requests of one organisation.
    pub max_in_flight_of_one: usize,
    /// Deliveries in one commit, at most.
    pub max_batch: usize,
    /// Body and attachments of one message together, in bytes before base64.
    pub max_message_bytes: usize,
    /// Messages in one delivery, at most.
    pub max_messages: usize,
    /// Media types that an attachment may have; empty: every type.
    pub attachment_types: Vec<String>,
    /// Whether the organisation of the connection must be the one that sealed the delivery, or one of `agents`.
    pub require_tls_sealer_match: bool,
    /// Organisations whose connections may carry what others have sealed.
    pub agents: Vec<OrganisationNumber>,
    /// How long a TLS handshake may take.
    #[serde(deserialize_with = "span::one")]
    pub handshake: Duration,
    /// How long a connection may be silent between requests, or take over a request's head.
    #[serde(deserialize_with = "span::one")]
    pub idle: Duration,
    /// How long a request's body may take, and how long a request may wait for its turn.
    #[serde(deserialize_with = "span::one")]
    pub body: Duration,
    /// How long it is kept what became of each call.
    #[serde(deserialize_with = "span::one")]
    pub keep_calls: Duration,
    /// How often certificates, authorities and revocation lists are read again; zero: only on SIGHUP.
    #[serde(deserialize_with = "span::one")]
    pub reload_every: Duration,
}

/// Health and figures.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ops {
    /// Where `/livez`, `/readyz` and `/metrics` are served.
    pub listen: SocketAddr,
    /// How long a stop may take.
    #[serde(deserialize_with = "span::one")]
    pub stop_within: Duration,
}

/// Where everything is kept.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:FILE` or `postgres://…`; hidden, as it may hold a password.
    pub url: Secret,
    /// The file that it was read from.
    #[serde(deserialize_with = "or_none")]
    pub url_file: Option<PathBuf>,
    /// Connections to PostgreSQL held open at once.
    pub max_connections: u32,
}

impl Database {
    /// The file of the embedded database; none for PostgreSQL.
    pub fn file(&self) -> Option<&Path> {
        let place = self.url.expose().strip_prefix("sqlite:")?.trim_start_matches("//");
        let file = place.split('?').next().unwrap_or_default();
        (file != ":memory:").then(|| Path::new(file))
    }
}

/// The keys that seal what the database holds.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The master keys, all versions.
    pub master_file: PathBuf,
}

/// Whom we believe.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// PEM bundle: who may connect to the service.
    pub client_ca_file: PathBuf,
    /// PEM bundle: whose signatures count.
    pub signing_ca_file: PathBuf,
    /// Revocation lists, DER or PEM.
    pub crl_files: Vec<PathBuf>,
    /// Refuse a connection or signature that no valid revocation list speaks of.
    pub require_crl: bool,
    /// Accept signatures with SHA-1.
    pub allow_sha1: bool,
}

/// FaR and Authority.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Recipient v3.
    #[serde(deserialize_with = "address")]
    pub recipient_url: Url,
    /// Authority.
    #[serde(deserialize_with = "address")]
    pub authority_url: Url,
    /// Our organisation certificate, PEM.
    pub cert_file: PathBuf,
    /// Its key, PEM.
    pub key_file: PathBuf,
    /// PEM bundle: who may have issued the register's server certificate.
    pub ca_file: PathBuf,
    /// What FaR calls this operator in a request: its internet domain.
    pub service_supplier: String,
    /// How often the lists of senders and mediators are read.
    #[serde(deserialize_with = "span::one")]
    pub refresh_every: Duration,
    /// How many readings in a row senders that nobody knows may cause.
    pub miss_burst: u32,
    /// After how long one more such reading is allowed.
    #[serde(deserialize_with = "span::one")]
    pub miss_every: Duration,
    /// How often FaR is asked which holders have gone.
    #[serde(deserialize_with = "span::one")]
    pub leavers_every: Duration,
    /// How long a connection may take to come about.
    #[serde(deserialize_with = "span::one")]
    pub connect: Duration,
    /// How long an answer may take.
    #[serde(deserialize_with = "span::one")]
    pub answer: Duration,
    /// Largest answer that is read, in bytes.
    pub max_answer_bytes: usize,
}

/// Where e-mail goes out.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// `smtp://host:port`, `smtp://host:port?tls=required` or `smtps://host:port`.
    #[serde(deserialize_with = "address")]
    pub url: Url,
    /// User name, when the server asks.
    #[serde(deserialize_with = "or_none")]
    pub user: Option<String>,
    /// Password, when the server asks.
    #[serde(deserialize_with = "or_none")]
    pub password: Option<Secret>,
    /// The file that it was read from.
    #[serde(deserialize_with = "or_none")]
    pub password_file: Option<PathBuf>,
    /// PEM bundle of one's own that the server's certificate is checked against.
    #[serde(deserialize_with = "or_none")]
    pub ca_file: Option<PathBuf>,
    /// Who mail comes from.
    #[serde(deserialize_with = "sender")]
    pub from: lettre::message::Mailbox,
    /// What return paths are made of; none when nothing takes in what comes back.
    #[serde(deserialize_with = "bounces")]
    pub bounce_address: Option<lettre::Address>,
    /// How long one conversation may take.
    #[serde(deserialize_with = "span::one")]
    pub timeout: Duration,
}

/// Where text messages go out.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// A gateway that speaks as 46elks does.
    #[serde(deserialize_with = "address")]
    pub url: Url,
    /// User name.
    #[serde(deserialize_with = "or_none")]
    pub user: Option<String>,
    /// Password.
    #[serde(deserialize_with = "or_none")]
    pub password: Option<Secret>,
    /// The file that it was read from.
    #[serde(deserialize_with = "or_none")]
    pub password_file: Option<PathBuf>,
    /// PEM bundle of one's own that the gateway's certificate is checked against, beside the public ones.
    #[serde(deserialize_with = "or_none")]
    pub ca_file: Option<PathBuf>,
    /// Who text messages come from.
    pub from: String,
    /// Whether the gateway is asked to report what became of each message.
    pub reports: bool,
    /// How long one call may take.
    #[serde(deserialize_with = "span::one")]
    pub timeout: Duration,
}

/// Notices to browsers.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// Hosts of the push services that may be called; empty: no browser is offered notices.
    pub services: Vec<HostPattern>,
    /// How the push services reach the operator: `mailto:` or `https:`; none for the address that people type.
    #[serde(deserialize_with = "contact")]
    pub contact: Option<Url>,
    /// The number of the key pair that new browsers are subscribed with.
    pub key: u32,
    /// How long a push service keeps a notice for a browser that is off.
    #[serde(deserialize_with = "span::one")]
    pub hold: Duration,
    /// How long one call may take.
    #[serde(deserialize_with = "span::one")]
    pub timeout: Duration,
}

impl Push {
    /// The push services that may be called by the house at `public_url`.
    pub fn services(&self, public_url: &Url) -> Services {
        Services {
            hosts: self.services.clone(),
            loopback: is_loopback(public_url),
        }
    }
}

/// How long a login lasts.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Ends after so long without a sign of life.
    #[serde(deserialize_with = "span::one")]
    pub idle: Duration,
    /// Warns so long before that.
    #[serde(deserialize_with = "span::one")]
    pub warning: Duration,
    /// Ends after so long whatever happens.
    #[serde(deserialize_with = "span::one")]
    pub longest: Duration,
}

/// Notices and other work after a commit.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// How long to wait after each failed try; after the last one it is given up.
    #[serde(deserialize_with = "span::many")]
    pub retry: Vec<Duration>,
    /// How many jobs one server runs at the same time.
    pub at_once: usize,
    /// How often to look for work unasked.
    #[serde(deserialize_with = "span::one")]
    pub look_every: Duration,
    /// How long a server may sit on work.
    #[serde(deserialize_with = "span::one")]
    pub lease: Duration,
}

/// The index of search, and the reading of attachments for it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Mailboxes that one server indexes at the same time.
    pub at_once: usize,
    /// How often to look for letters that nobody has rung the bell for.
    #[serde(deserialize_with = "span::one")]
    pub look_every: Duration,
    /// The program that reads PDFs; this one when there is none.
    #[serde(deserialize_with = "or_none")]
    pub reader: Option<PathBuf>,
    /// Memory for the reading of one PDF, in bytes of address space.
    pub reader_memory: u64,
    /// Processor time for the reading of one PDF.
    #[serde(deserialize_with = "span::one")]
    pub reader_time: Duration,
}

/// What people keep outside their mailbox.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// The folder of exports while they wait to be fetched. Sealed; shared by servers that share a database.
    pub folder: PathBuf,
    /// How long an export waits.
    #[serde(deserialize_with = "span::one")]
    pub hold: Duration,
    /// The folder of the faces that PDFs are set in; without it no PDFs are made.
    #[serde(deserialize_with = "or_none")]
    pub fonts: Option<PathBuf>,
    /// Senders whose letters are not passed on.
    pub stay: Vec<OrganisationNumber>,
    /// The biggest mail that a letter is passed on in, in bytes as it travels.
    pub largest_mail: u64,
}

impl Keep {
    /// What may be passed on.
    pub fn limits(&self) -> Limits {
        Limits {
            stay: self.stay.clone(),
            largest: self.largest_mail,
        }
    }
}

/// What is written to standard output.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// In which form.
    pub format: LogFormat,
    /// How much: a level, or levels by part.
    pub level: String,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// A JSON object a line.
    Json,
    /// For eyes.
    Text,
}

/// Reads a key where "" means that there is none.
pub(crate) fn or_none<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Secret::deserialize(deserializer)?;
    if text.expose().is_empty() {
        return Ok(None);
    }
    let value = serde::de::value::StrDeserializer::<D::Error>::new(text.expose());
    T::deserialize(value).map(Some)
}

/// Reads the address of a service.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    Url::parse(&text).map_err(|error| D::Error::custom(format!("«{text}» is not an address: {error}")))
}

/// Reads an address, or "" for none.
fn address_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(Some(url)),
        _ => Err(D::Error::custom(format!(
            "«{text}» is no web address: it begins with https://"
        ))),
    }
}

/// Reads how an operator is reached, or "" for the address that people type. RFC 8292, section 2.1.
fn contact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "https" | "mailto") => Ok(Some(url)),
        _ => Err(D::Error::custom(format!(
            "«{text}» does not begin with mailto: or https://"
        ))),
    }
}

/// Reads an address with or without a name: `Brevlåda <avisering@example.se>`.
fn sender<'de, D: Deserializer<'de>>(deserializer: D) -> Result<lettre::message::Mailbox, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!(
            "«{text}» is not an e-mail address: write Name <name@example.se>"
        ))
    })
}

/// Reads a bare e-mail address, or "" for none.
fn bounces<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<lettre::Address>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| D::Error::custom(format!("«{text}» is not an e-mail address: write name@example.se"));
    text.parse().map(Some).map_err(wrong)
}
