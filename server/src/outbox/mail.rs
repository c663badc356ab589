//! E-mail over SMTP.

use crate::config::Smtp;
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::error::Error as StdError;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

/// Sends mail through the server of the configuration. Keeps connections for the next one.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer")
    }
}

/// A mail to one person, in words already.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Stays the same however often it is tried, so that a mail server that already has it can tell.
    pub id: Uuid,
    /// When it was first written.
    pub at: OffsetDateTime,
    /// To whom.
    pub to: Address,
    /// Where it comes back to when it cannot be delivered; none for the sender's own address.
    pub return_path: Option<Address>,
    /// `sv` or `en`.
    pub language: &'static str,
    /// The subject.
    pub subject: String,
    /// The text for those who read text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Why the mailer cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The address of the server.
    #[error("write smtp://host:port, smtp://host:port?tls=required or smtps://host:port")]
    Url,
    /// What stands after the question mark.
    #[error("«{0}» is not known here; only tls=required can be added")]
    Parameter(String),
    /// The authorities' certificates.
    #[error("smtp.ca_file holds no certificate that can be read")]
    Authorities,
    /// The TLS library.
    #[error("TLS cannot be set up")]
    Tls,
}

/// Why a mail was not sent. Never names a person: servers like to say the address in their answers, so their words are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server was not reached, or the line broke.
    #[error("the mail server was not reached")]
    NoConnection,
    /// It took too long.
    #[error("the mail server took too long")]
    TooSlow,
    /// No trusted TLS.
    #[error("the mail server's certificate or TLS does not fit")]
    Tls,
    /// It said no, with this code (RFC 5321, 4.2.3).
    #[error("the mail server answered {0}")]
    Refused(u16),
    /// It said something that is not SMTP.
    #[error("the mail server's answer was not understood")]
    NotUnderstood,
    /// The mail could not be put together.
    #[error("the mail could not be written")]
    NotWritten,
}

/// Why a message was not taken, and what the other side said: its words may name the person, so they are kept from every log.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal<E> {
    /// Why.
    pub error: E,
    /// In the other side's words; empty when it said nothing.
    pub answer: String,
}

impl<E: std::fmt::Debug> std::fmt::Debug for Refusal<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Refusal({:?}, …)", self.error)
    }
}

impl Mailer {
    /// Sets up for the server of `smtp`; `public_url` names us to it. Connects to nothing yet.
    pub fn new(smtp: &Smtp, public_url: &Url) -> Result<Self, MailerError> {
        let (server, tls, port) = server(smtp)?;
        let host = public_url.host_str().unwrap_or("localhost").to_owned();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server)
            .port(smtp.url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(smtp.timeout))
            .hello_name(ClientId::Domain(host.clone()));
        if let (Some(user), Some(password)) = (&smtp.user, &smtp.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Self {
            transport: builder.build(),
            from: smtp.from.clone(),
            host,
        })
    }

    /// Hands a mail to the server; gives its answer. When this returns without error the server has answered for it.
    pub async fn send(&self, mail: &Mail) -> Result<String, Refusal<MailError>> {
        self.send_with(mail, Vec::new()).await
    }

    /// The same, with files.
    pub async fn send_with(&self, mail: &Mail, files: Vec<SinglePart>) -> Result<String, Refusal<MailError>> {
        let refusal = |error, answer| Refusal { error, answer };
        let message = self
            .message(mail, files)
            .map_err(|error| refusal(error, String::new()))?;
        let from = mail.return_path.clone().unwrap_or_else(|| self.from.email.clone());
        let envelope = Envelope::new(Some(from), vec![mail.to.clone()])
            .map_err(|_| refusal(MailError::NotWritten, String::new()))?;
        match self.transport.send_raw(&envelope, &message.formatted()).await {
            Ok(answer) => Ok(said(
                &answer.code().to_string(),
                &answer.message().collect::<Vec<_>>().join(" "),
            )),
            Err(error) => {
                let words = error.status().map(|code| {
                    let words = error.source().map(ToString::to_string).unwrap_or_default();
                    said(&code.to_string(), &words)
                });
                Err(refusal(why(&error), words.unwrap_or_default()))
            }
        }
    }

    fn message(&self, mail: &Mail, files: Vec<SinglePart>) -> Result<Message, MailError> {
        let words = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
        let parts = if files.is_empty() {
            words
        } else {
            files
                .into_iter()
                .fold(MultiPart::mixed().multipart(words), MultiPart::singlepart)
        };
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.to.clone()))
            .subject(mail.subject.clone())
            .date(mail.at.into())
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            .header(AutoSubmitted)
            .header(NoAnswers)
            .header(ContentLanguage(mail.language))
            .multipart(parts)
            .map_err(|_| MailError::NotWritten)
    }
}

/// A server's answer on one line, not longer than anybody reads.
fn said(code: &str, words: &str) -> String {
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("{code} {words}").trim().to_owned()
}

/// Says what is wrong with the settings, without setting anything up.
pub fn look_over(smtp: &Smtp) -> Result<(), MailerError> {
    server(smtp).map(drop)
}

/// Host, encryption and usual port of the server.
fn server(smtp: &Smtp) -> Result<(String, Tls, u16), MailerError> {
    let server = smtp
        .url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or(MailerError::Url)?
        .to_owned();
    let mut starttls = false;
    for (name, value) in smtp.url.query_pairs() {
        match (name.as_ref(), value.as_ref()) {
            ("tls", "required") => starttls = true,
            _ => return Err(MailerError::Parameter(format!("{name}={value}"))),
        }
    }
    let (tls, port) = match smtp.url.scheme() {
        "smtps" => (Tls::Wrapper(tls(smtp, &server)?), 465),
        "smtp" if starttls => (Tls::Required(tls(smtp, &server)?), 587),
        "smtp" => (Tls::None, 25),
        _ => return Err(MailerError::Url),
    };
    Ok((server, tls, port))
}

fn tls(smtp: &Smtp, server: &str) -> Result<TlsParameters, MailerError> {
    let mut builder = TlsParameters::builder(server.to_owned());
    if let Some(file) = &smtp.ca_file {
        let pem = std::fs::read(file).map_err(|_| MailerError::Authorities)?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| MailerError::Authorities)?);
    }
    builder.build().map_err(|_| MailerError::Tls)
}

/// The kind of failure, without the server's words.
fn why(error: &lettre::transport::smtp::Error) -> MailError {
    if let Some(code) = error.status() {
        return MailError::Refused(code.into());
    }
    if error.is_timeout() {
        return MailError::TooSlow;
    }
    if error.is_tls() || is_certificate_trouble(error) {
        return MailError::Tls;
    }
    if error.is_response() {
        return MailError::NotUnderstood;
    }
    MailError::NoConnection
}

/// TLS that fails in the handshake comes as an I/O error with the reason inside it.
fn is_certificate_trouble(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io
                .get_ref()
                .is_some_and(|inner| inner.downcast_ref::<rustls::Error>().is_some())
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Says that no person wrote it, so that no holiday answer comes back (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted;

/// The same in the dialect of Exchange.
#[derive(Clone)]
struct NoAnswers;

/// The language of the mail, for screen readers and translators.
#[derive(Clone)]
struct ContentLanguage(&'static str);

macro_rules! written_header {
    ($type:ident, $name:literal, |$this:ident| $value:expr) => {
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
                Err("is only written".into())
            }
            fn display(&self) -> HeaderValue {
                let $this = self;
                HeaderValue::new(Self::name(), $value)
            }
        }
    };
}
written_header!(AutoSubmitted, "Auto-Submitted", |_this| "auto-generated".to_owned());
written_header!(NoAnswers, "X-Auto-Response-Suppress", |_this| "All".to_owned());
written_header!(ContentLanguage, "Content-Language", |this| this.0.to_owned());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn config(url: &str) -> Config {
        let mut config = Config::load(None, []).unwrap();
        config.smtp.url = url.parse().unwrap();
        config
    }

    fn mailer(url: &str) -> Mailer {
        let config = config(url);
        Mailer::new(&config.smtp, &config.web.public_url).unwrap()
    }

    fn mail() -> Mail {
        Mail {
            id: Uuid::from_u128(7),
            at: OffsetDateTime::UNIX_EPOCH,
            to: "anna@example.se".parse().unwrap(),
            return_path: None,
            language: "sv",
            subject: "Ny försändelse".to_owned(),
            text: "Hej\n".to_owned(),
            html: "<p>Hej</p>".to_owned(),
        }
    }

    #[test]
    fn servers_are_named_by_address() {
        for right in [
            "smtp://localhost:1025",
            "smtp://mail.example.se?tls=required",
            "smtps://mail.example.se",
        ] {
            assert!(look_over(&config(right).smtp).is_ok(), "{right}");
        }
        for wrong in [
            "http://localhost",
            "smtp:",
            "smtps://mail.example.se?verify=no",
            "smtp://mail.example.se?tls=none",
        ] {
            assert!(look_over(&config(wrong).smtp).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn the_headers_say_that_a_machine_wrote_it_and_stay_the_same() {
        let message = mailer("smtp://localhost:1025").message(&mail(), Vec::new()).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        for line in [
            "Message-ID: <00000000-0000-0000-0000-000000000007@localhost>",
            "Auto-Submitted: auto-generated",
            "Content-Language: sv",
            "To: anna@example.se",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "Content-Type: multipart/alternative;",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_no_connection() {
        // Port 1 of the machine itself: nobody listens there.
        let sent = mailer("smtp://127.0.0.1:1").send(&mail()).await;
        assert_eq!(sent.unwrap_err().error, MailError::NoConnection);
    }
}
