//! HTTP to others: the one client of the house, over TLS by rustls, with connections that are kept for the next call.

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::client::WantsClientCert;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use std::sync::Arc;
use std::time::Duration;

/// A client. Cheap to clone.
pub(crate) type HttpClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Which addresses may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// `https` alone.
    Tls,
    /// `http` too: whoever configures the address has been told what that means.
    TlsOrClear,
}

/// TLS that believes servers certified by `roots`; what we show of ourselves is for the caller to add.
pub(crate) fn tls(roots: RootCertStore) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots))
}

/// The authorities that browsers believe.
pub(crate) fn public_roots() -> RootCertStore {
    RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    }
}

/// A client; a connection may take `connect` to come about.
pub(crate) fn client(tls: ClientConfig, over: Over, connect: Duration) -> HttpClient {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(connect));
    let builder = HttpsConnectorBuilder::new().with_tls_config(tls);
    let builder = match over {
        Over::Tls => builder.https_only(),
        Over::TlsOrClear => builder.https_or_http(),
    };
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(4)
        .build(builder.enable_http1().wrap_connector(tcp))
}
