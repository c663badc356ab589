//! Text messages, through a gateway that speaks as 46elks does: a form of `from`, `to`, `message` and, where reports are wanted,
//! `whendelivered`; answered in JSON.

use super::mail::Refusal;
use crate::config::Sms as Settings;
use crate::http_client::{self, HttpClient, Over};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use std::path::Path;
use std::time::Duration;
use url::Url;

/// The largest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;

/// The most of an answer that is kept.
const KEPT: usize = 200;

/// Sends text messages through the gateway of the configuration.
#[derive(Clone)]
pub struct Texter {
    client: HttpClient,
    url: Uri,
    from: String,
    authorization: Option<HeaderValue>,
    timeout: Duration,
}

impl std::fmt::Debug for Texter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texter")
    }
}

/// A text message to one person.
#[derive(Clone, Debug)]
pub struct Sms {
    /// The number, E.164.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Where the gateway is to say what became of it, if anywhere.
    pub report_to: Option<Url>,
}

/// Why the texter cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TexterError {
    /// The address of the gateway.
    #[error("is no address that can be called")]
    Url,
    /// The authorities' certificates.
    #[error("sms.ca_file holds no certificate that can be read")]
    Authorities,
    /// User or password.
    #[error("sms.user and sms.password cannot be sent")]
    Login,
    /// The TLS library.
    #[error("TLS cannot be set up")]
    Tls,
}

/// Why a text message was not taken. Never names a person: the gateway's own words are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// The gateway was not reached, or the line broke.
    #[error("the text message gateway was not reached")]
    NoConnection,
    /// It took too long.
    #[error("the text message gateway took too long")]
    TooSlow,
    /// It said no, with this HTTP status.
    #[error("the text message gateway answered {0}")]
    Refused(u16),
}

impl Texter {
    /// Sets up for the gateway of the configuration. Connects to nothing yet.
    pub fn new(settings: &Settings) -> Result<Self, TexterError> {
        let mut roots = http_client::public_roots();
        if let Some(file) = &settings.ca_file {
            add_authorities(&mut roots, file)?;
        }
        let tls = http_client::tls(roots)
            .map_err(|_| TexterError::Tls)?
            .with_no_client_auth();
        Ok(Self {
            client: http_client::client(tls, Over::TlsOrClear, settings.timeout),
            url: settings.url.as_str().parse().map_err(|_| TexterError::Url)?,
            from: settings.from.clone(),
            authorization: authorization(settings)?,
            timeout: settings.timeout,
        })
    }

    /// Hands a message to the gateway; gives its answer when it has taken it.
    pub async fn send(&self, sms: &Sms) -> Result<String, Refusal<SmsError>> {
        let silent = |error| Refusal {
            error,
            answer: String::new(),
        };
        let mut request = Request::post(&self.url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request
            .body(Full::new(Bytes::from(self.form(sms))))
            .map_err(|_| silent(SmsError::NoConnection))?;
        let exchange = async {
            let answer = self.client.request(request).await.map_err(|_| SmsError::NoConnection)?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
            let body = body.map_err(|_| SmsError::NoConnection)?.to_bytes();
            Ok((status, String::from_utf8_lossy(&body).into_owned()))
        };
        let (status, body) = tokio::time::timeout(self.timeout, exchange)
            .await
            .map_err(|_| silent(SmsError::TooSlow))?
            .map_err(silent)?;
        let answer = format!("{} {}", status.as_u16(), told(&body));
        if status.is_success() {
            Ok(answer)
        } else {
            Err(Refusal {
                error: SmsError::Refused(status.as_u16()),
                answer,
            })
        }
    }

    /// What the gateway is posted.
    fn form(&self, sms: &Sms) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("from", &self.from)
            .append_pair("to", &sms.to)
            .append_pair("message", &sms.text);
        if let Some(report_to) = &sms.report_to {
            form.append_pair("whendelivered", report_to.as_str());
        }
        form.finish()
    }
}

/// What is worth keeping of an answer: of JSON the gateway's own id and status, else the beginning of what it wrote.
fn told(body: &str) -> String {
    let field = |json: &serde_json::Value, name: &str| Some(json.get(name)?.as_str()?.to_owned());
    let told = serde_json::from_str::<serde_json::Value>(body)
        .ok()
        .and_then(|json| Some(format!("{} {}", field(&json, "status")?, field(&json, "id")?)));
    let told = told.unwrap_or_else(|| body.trim().to_owned());
    told.chars().filter(|c| !c.is_control()).take(KEPT).collect()
}

fn authorization(settings: &Settings) -> Result<Option<HeaderValue>, TexterError> {
    let (Some(user), Some(password)) = (&settings.user, &settings.password) else {
        return Ok(None);
    };
    let pair = zeroize::Zeroizing::new(format!("{user}:{}", password.expose()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair.as_bytes())))
        .map_err(|_| TexterError::Login)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn add_authorities(roots: &mut rustls::RootCertStore, file: &Path) -> Result<(), TexterError> {
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject as _;

    let pem = std::fs::read(file).map_err(|_| TexterError::Authorities)?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| TexterError::Authorities)?;
        roots.add(certificate).map_err(|_| TexterError::Authorities)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_short_and_without_what_was_sent() {
        let json = r#"{"id":"s70df","status":"created","to":"+46701740605","message":"Blåklocka. Du har"}"#;
        assert_eq!(told(json), "created s70df");
        assert_eq!(told("Invalid to number\n"), "Invalid to number");
        assert_eq!(told(&"x".repeat(1000)).len(), KEPT);
    }
}
