//! Settings of Service v3.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Section `service`.
#[derive(Clone, Debug)]
pub struct Service {
    pub listen: SocketAddr,
    pub public_url: String,
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
    pub max_request_bytes: usize,
    pub max_connections: usize,
    pub max_in_flight: usize,
    pub max_batch: usize,
    pub max_messages: usize,
    pub handshake: Duration,
    pub idle: Duration,
    pub body: Duration,
    pub reload_every: Duration,
    pub require_tls_sealer_match: bool,
    pub agents: Vec<String>,
    pub attachment_types: Vec<String>,
}

/// Section `trust`.
#[derive(Clone, Debug)]
pub struct Trust {
    pub client_ca_file: PathBuf,
    pub signing_ca_file: PathBuf,
    pub crl_files: Vec<PathBuf>,
    pub require_crl: bool,
    pub allow_sha1: bool,
}
