//! One kept-alive HTTP/1.1 connection, with or without mutual TLS. Small on purpose: `load` needs to know which
//! connection carries what.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

/// As the field's clients: answers are waited for this long (infrastructure.md 3).
const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not an address that can be called.
    #[error("«{0}» is not an address that can be called")]
    Address(String),
    /// Nobody listens there, or the name is unknown.
    #[error("{address}: {source}. Is it running?")]
    Connect {
        /// Host and port.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nobody answered in time.
    #[error("{0}: no answer in time")]
    Timeout(String),
    /// The TLS handshake failed, most often because of a certificate.
    #[error("{address}: TLS: {source}")]
    Tls {
        /// Host and port.
        address: String,
        /// What the library said.
        source: std::io::Error,
    },
    /// The conversation broke.
    #[error("{address}: {source}")]
    Http {
        /// Host and port.
        address: String,
        /// What the library said.
        source: hyper::Error,
    },
    /// The answer could not be read.
    #[error("{address}: the answer could not be read: {reason}")]
    Answer {
        /// Host and port.
        address: String,
        /// Why.
        reason: String,
    },
}

/// An open connection to one host.
#[derive(Debug)]
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    address: String,
    path: String,
}

impl Connection {
    /// Connects to the host of `url`. `tls` is needed for `https`.
    pub async fn open(url: &Url, tls: Option<Arc<ClientConfig>>) -> Result<Self, HttpError> {
        let bad = || HttpError::Address(url.to_string());
        let host = url.host_str().ok_or_else(bad)?.to_owned();
        let port = url.port_or_known_default().ok_or_else(bad)?;
        let address = format!("{host}:{port}");
        let connecting = TcpStream::connect(address.clone());
        let stream = tokio::time::timeout(CONNECT_TIMEOUT, connecting)
            .await
            .map_err(|_| HttpError::Timeout(address.clone()))?
            .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
            .map_err(|source| HttpError::Connect {
                address: address.clone(),
                source,
            })?;
        let sender = match (url.scheme(), tls) {
            ("http", _) => Self::begin(stream, &address).await?,
            ("https", Some(tls)) => {
                let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| bad())?;
                let stream = TlsConnector::from(tls)
                    .connect(name, stream)
                    .await
                    .map_err(|source| HttpError::Tls {
                        address: address.clone(),
                        source,
                    })?;
                Self::begin(stream, &address).await?
            }
            _ => return Err(bad()),
        };
        let path = url
            .query()
            .map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        Ok(Self { sender, address, path })
    }

    async fn begin<S>(stream: S, address: &str) -> Result<SendRequest<Full<Bytes>>, HttpError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|source| HttpError::Http {
                address: address.to_owned(),
                source,
            })?;
        tokio::spawn(async move {
            // An error here reaches the one who waits for an answer as well.
            let _ = connection.await;
        });
        Ok(sender)
    }

    /// Asks for the page that the connection was opened for.
    pub async fn get(&mut self) -> Result<(StatusCode, Bytes), HttpError> {
        let request = Request::get(self.path.clone()).header(header::HOST, self.address.clone());
        self.send(request.body(Full::default())).await
    }

    /// Posts a form to the address that the connection was opened for.
    pub async fn post_form(&mut self, form: Bytes) -> Result<(StatusCode, Bytes), HttpError> {
        let request = Request::post(self.path.clone())
            .header(header::HOST, self.address.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Full::new(form))).await
    }

    /// Posts a SOAP 1.1 envelope to the address that the connection was opened for.
    pub async fn post_soap(&mut self, envelope: Bytes) -> Result<(StatusCode, Bytes), HttpError> {
        let request = Request::post(self.path.clone())
            .header(header::HOST, self.address.clone())
            .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
            .header("SOAPAction", "\"\"");
        self.send(request.body(Full::new(envelope))).await
    }

    async fn send(
        &mut self,
        request: Result<Request<Full<Bytes>>, http::Error>,
    ) -> Result<(StatusCode, Bytes), HttpError> {
        let request = request.map_err(|_| HttpError::Address(self.address.clone()))?;
        let failed = |source| HttpError::Http {
            address: self.address.clone(),
            source,
        };
        let exchange = async {
            self.sender.ready().await.map_err(failed)?;
            let answer = self.sender.send_request(request).await.map_err(failed)?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), LARGEST_ANSWER)
                .collect()
                .await
                .map_err(|e| HttpError::Answer {
                    address: self.address.clone(),
                    reason: e.to_string(),
                })?;
            Ok((status, body.to_bytes()))
        };
        tokio::time::timeout(ANSWER_TIMEOUT, exchange)
            .await
            .map_err(|_| HttpError::Timeout(self.address.clone()))?
    }
}
