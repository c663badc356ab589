//! Mutual TLS for Service v3: who may connect, and who it is that did.

use super::turnstile::{Pass, Turnstile};
use crate::config::{Service as Settings, Trust};
use crate::domain::certificate::SeenAs;
use crate::house::House;
use crate::register::pem::{self, PemError};
use axum_server::accept::{Accept, NoDelayAcceptor};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use contracts::certificate::{Revocation, TrustStore, fingerprint, organisation_of};
use contracts::identifier::OrganisationNumber;
use futures::future::BoxFuture;
use http::Request;
use hyper::body::Incoming;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::CertificateRevocationListDer;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

/// What is read from files, and read again while the server runs.
pub(super) struct Material {
    /// For the listener.
    pub(super) server: Arc<rustls::ServerConfig>,
    /// For signatures.
    pub(super) signing: Arc<TrustStore>,
}

/// Reads certificates, keys, CAs and CRLs and puts them together.
pub(super) async fn read(service: &Settings, trust: &Trust) -> Result<Material, PemError> {
    let chain = pem::certificates(&service.cert_file).await?;
    let key = pem::private_key(&service.key_file).await?;
    let mut crls = Vec::new();
    for file in &trust.crl_files {
        crls.extend(pem::revocation_lists(file).await?);
    }
    let roots = pem::roots(&trust.client_ca_file).await?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .with_crls(crls.iter().map(|der| CertificateRevocationListDer::from(der.clone())));
    if trust.require_crl {
        verifier = verifier.enforce_revocation_expiration();
    } else {
        verifier = verifier.allow_unknown_revocation_status();
    }
    let verifier = verifier
        .build()
        .map_err(|e| PemError::content(&trust.client_ca_file, e))?;
    let mut server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| PemError::Setup(e.to_string()))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|e| PemError::content(&service.cert_file, e))?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    let signing_ca = pem::text(&trust.signing_ca_file).await?;
    let signing = TrustStore::from_pem(&signing_ca, crls).map_err(|e| PemError::content(&trust.signing_ca_file, e))?;
    let revocation = if trust.require_crl {
        Revocation::Hard
    } else {
        Revocation::Soft
    };
    Ok(Material {
        server: Arc::new(server),
        signing: Arc::new(signing.with_revocation(revocation)),
    })
}

/// Who is at the other end of the connection. Every request on it carries this as an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// An organisation, by its client certificate.
    Organisation(OrganisationNumber),
    /// A certificate that we trust, but that names no organisation.
    Nameless,
}

impl Peer {
    /// Whose connections it is counted among; those without a name are counted together.
    fn organisation(&self) -> Option<OrganisationNumber> {
        match self {
            Self::Organisation(organisation) => Some(*organisation),
            Self::Nameless => None,
        }
    }
}

/// Handshakes under way at once. They have places of their own: who has not shown a certificate takes none of those who have.
pub const HANDSHAKES: usize = 256;
/// Of those, from one address.
const HANDSHAKES_OF_ONE: usize = 64;

/// Accepts connections: bounded in number, without Nagle's delay, by mutual TLS, each with its [`Peer`].
#[derive(Clone, Debug)]
pub(super) struct PeerAcceptor {
    tls: RustlsAcceptor<NoDelayAcceptor>,
    handshakes: Arc<Semaphore>,
    addresses: Turnstile<IpAddr>,
    room: Arc<Semaphore>,
    seats: Turnstile<Option<OrganisationNumber>>,
    house: House,
}

impl PeerAcceptor {
    pub(super) fn new(house: House, tls: RustlsConfig, handshake: Duration, connections: usize) -> Self {
        let tls = RustlsAcceptor::new(tls)
            .handshake_timeout(handshake)
            .acceptor(NoDelayAcceptor::new());
        Self {
            tls,
            handshakes: Arc::new(Semaphore::new(HANDSHAKES)),
            addresses: Turnstile::new(HANDSHAKES_OF_ONE),
            room: Arc::new(Semaphore::new(connections)),
            // A quarter of the connections is enough for any mediator, and leaves room for three who mean harm.
            seats: Turnstile::new((connections / 4).max(1)),
            house,
        }
    }

    /// A place for a handshake, given back when it is dropped.
    fn place(&self, stream: &TcpStream) -> io::Result<(OwnedSemaphorePermit, Pass<IpAddr>)> {
        let address = neighbourhood(stream.peer_addr()?.ip());
        let pass = self.addresses.enter(address);
        let pass = pass.ok_or_else(|| io::Error::other("too many handshakes from one address"))?;
        let place = self.handshakes.clone().try_acquire_owned();
        Ok((
            place.map_err(|_| io::Error::other("every place for a handshake is taken"))?,
            pass,
        ))
    }
}

/// Whoever has one IPv6 address has the 64 bits after its network.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for PeerAcceptor {
    type Stream = tokio_rustls::server::TlsStream<TcpStream>;
    type Service = PeerService<<RustlsAcceptor<NoDelayAcceptor> as Accept<TcpStream, S>>::Service>;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = match self.place(&stream) {
            Ok(place) => place,
            Err(refused) => return Box::pin(async { Err(refused) }),
        };
        let accepted = self.tls.accept(stream, service);
        let (room, seats, house) = (self.room.clone(), self.seats.clone(), self.house.clone());
        Box::pin(async move {
            let (stream, inner) = accepted.await?;
            drop(place);
            let Ok(seat) = room.try_acquire_owned() else {
                return Err(io::Error::other("every connection is taken"));
            };
            let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
            let peer = match certificate.map(|der| (der, organisation_of(der))) {
                Some((der, Ok(organisation))) => {
                    // One that names no organisation could be a person's, and is not remembered.
                    let now = house.clock.now();
                    house.sightings.note(SeenAs::Connection, fingerprint(der), der, now);
                    Peer::Organisation(organisation)
                }
                _ => Peer::Nameless,
            };
            let Some(own) = seats.enter(peer.organisation()) else {
                return Err(io::Error::other(
                    "one organisation has taken all the connections that it may have",
                ));
            };
            let service = PeerService {
                inner,
                peer,
                _seat: Arc::new((seat, own)),
            };
            Ok((stream, service))
        })
    }
}

/// Gives every request of a connection its [`Peer`], and holds the connection's seat until the last has gone.
#[derive(Clone)]
pub(super) struct PeerService<S> {
    inner: S,
    peer: Peer,
    _seat: Arc<(OwnedSemaphorePermit, Pass<Option<OrganisationNumber>>)>,
}

impl<S: Service<Request<Incoming>>> Service<Request<Incoming>> for PeerService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer.clone());
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::neighbourhood;

    #[test]
    fn an_address_is_counted_with_those_of_its_owner() {
        let of = |address: &str| neighbourhood(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
    }
}
