//! Everything started in one process, used as its users do: over TLS, HTTP and SMTP.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

mod catchers;
mod changes;
mod companies;
mod far;
mod idp;
mod sending;

use contracts::call::{AnswerError, Call, Wire as _};
use contracts::xml::Limits;
use infrastruktur::clock::Clock;
use infrastruktur::config::Config;
use infrastruktur::http_client::Connection;
use infrastruktur::pki::Pki;
use infrastruktur::{Infrastructure, Running, tls};
use std::sync::LazyLock;
use tempfile::TempDir;
use url::Url;

/// One set of certificates for all tests: making RSA keys takes longer than everything else.
static PKI: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    Pki::open(dir.path(), Clock::system().now()).unwrap();
    dir
});

/// A running infrastructure and its folder.
pub(crate) struct House {
    pub(crate) running: Running,
    pub(crate) dir: TempDir,
}

impl House {
    pub(crate) async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::for_tests(dir.path());
        PKI.path().clone_into(&mut config.pki.dir);
        config.idp.sp_metadata = vec![dir.path().join("sp.xml").display().to_string()];
        let running = Infrastructure::start(&config, Clock::system()).await.unwrap();
        Self { running, dir }
    }

    /// Asks FaR or Authority with the certificate of `who`.
    pub(crate) async fn ask<C: Call>(&self, who: &str, path: &str, question: &C) -> Result<C::Answer, AnswerError> {
        let pair = self.running.pki.pair(who).unwrap();
        let tls = tls::client(Some(&pair), self.running.pki.authority()).unwrap();
        let port = self.running.addresses.register.port();
        let url = Url::parse(&format!("https://localhost:{port}{path}")).unwrap();
        let mut connection = Connection::open(&url, Some(tls)).await.unwrap();
        let (_, answer) = connection.post_soap(question.to_envelope().into()).await.unwrap();
        C::Answer::from_envelope(&answer, &Limits::default())
    }
}
