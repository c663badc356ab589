//! Settings: built-in defaults, then `infrastruktur.toml`, then `INFRASTRUKTUR__SECTION__KEY`. Unknown keys are refused.

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Deserializer, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Every setting. The defaults are what `make run` uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The demonstration certificates.
    pub pki: Pki,
    /// FaR and Authority, and the mediator.
    pub register: Register,
    /// The demonstration e-legitimation.
    pub idp: Idp,
    /// What catches e-mail, SMS and notices to browsers.
    pub catcher: Catcher,
    /// Where `send`, `load` and `demo-mail` find FaR.
    pub sending: Sending,
}

/// `[pki]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pki {
    /// Folder of certificates and keys; made on first start.
    pub dir: PathBuf,
}

/// `[register]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Register {
    /// Where FaR, Authority and the mediator listen, with mutual TLS.
    pub listen: SocketAddr,
    /// The SQLite database, `sqlite:` and a path.
    pub database: String,
    /// What FaR answers as `ServiceAdress` of this operator.
    pub operator_address: String,
    /// What FaR answers as `UIAdress` of this operator.
    pub operator_page: String,
}

/// `[idp]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Idp {
    /// Where the pages are.
    pub listen: SocketAddr,
    /// How browsers reach it; without one, `http://localhost` and the port that it listens on.
    pub public_url: Option<String>,
    /// Metadata of the service providers that may ask: addresses (http) or files.
    #[serde(deserialize_with = "list")]
    pub sp_metadata: Vec<String>,
    /// How assertions are encrypted unless the person chooses otherwise on the page.
    pub encryption: Encryption,
}

/// Block encryption of assertions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// AES-256-GCM.
    #[default]
    Aes256Gcm,
    /// AES-192-GCM.
    Aes192Gcm,
    /// AES-128-GCM.
    Aes128Gcm,
    /// AES-256-CBC.
    Aes256Cbc,
    /// AES-192-CBC.
    Aes192Cbc,
    /// AES-128-CBC.
    Aes128Cbc,
}

/// `[catcher]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Catcher {
    /// The page and `/api/messages`.
    pub listen: SocketAddr,
    /// SMTP.
    pub smtp_listen: SocketAddr,
    /// The SMS gateway's form API.
    pub sms_listen: SocketAddr,
    /// How long after an SMS its report is sent, milliseconds.
    pub report_after: u64,
    /// The push service.
    pub push_listen: SocketAddr,
    /// How many messages are kept; the oldest go first.
    pub keep: usize,
    /// The largest e-mail that is accepted, bytes.
    pub max_size: usize,
}

/// `[sending]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sending {
    /// FaR's Recipient service.
    pub recipient_url: String,
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

impl Default for Pki {
    fn default() -> Self {
        Self {
            dir: "var/demo/pki".into(),
        }
    }
}

impl Default for Register {
    fn default() -> Self {
        Self {
            listen: loopback(8444),
            database: "sqlite:var/demo/far.db".into(),
            operator_address: "https://localhost:8443/service/v3".into(),
            operator_page: "http://localhost:8080".into(),
        }
    }
}

impl Default for Idp {
    fn default() -> Self {
        Self {
            listen: loopback(8090),
            public_url: None,
            sp_metadata: vec![
                "http://localhost:8080/saml/metadata".into(),
                "http://localhost:8080/staff/saml/metadata".into(),
            ],
            encryption: Encryption::default(),
        }
    }
}

impl Default for Catcher {
    fn default() -> Self {
        Self {
            listen: loopback(8025),
            smtp_listen: loopback(1025),
            sms_listen: loopback(8026),
            report_after: 1000,
            push_listen: loopback(8027),
            keep: 10_000,
            max_size: 10 * 1024 * 1024,
        }
    }
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            recipient_url: "https://localhost:8444/recipient/v3".into(),
        }
    }
}

impl Config {
    /// Reads defaults, then `file` if it is there, then the environment.
    pub fn read(file: Option<&Path>) -> Result<Self, Box<figment::Error>> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        figment = match file {
            Some(path) => figment.merge(Toml::file_exact(path)),
            None => figment.merge(Toml::file("infrastruktur.toml")),
        };
        figment
            .merge(Env::prefixed("INFRASTRUKTUR__").split("__"))
            .extract()
            .map_err(Box::new)
    }

    /// For tests: everything in `dir`, every port given by the system.
    pub fn for_tests(dir: &Path) -> Self {
        let mut config = Self::default();
        config.pki.dir = dir.join("pki");
        config.register.database = format!("sqlite:{}", dir.join("far.db").display());
        config.register.listen = loopback(0);
        config.idp.listen = loopback(0);
        config.catcher.listen = loopback(0);
        config.catcher.smtp_listen = loopback(0);
        config.catcher.sms_listen = loopback(0);
        config.catcher.report_after = 10;
        config.catcher.push_listen = loopback(0);
        config
    }
}

/// A list, or one text with commas: that is how lists stand in environment variables.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(many) => many,
        OneOrMany::One(one) => one
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Config, Box<figment::Error>> {
        Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::string(text))
            .extract()
            .map_err(Box::new)
    }

    #[test]
    fn a_file_of_ones_own_changes_what_it_names() {
        let config = read_text("[idp]\nencryption = \"aes128-cbc\"\nsp_metadata = \"a.xml, http://b\"\n").unwrap();
        assert_eq!(config.idp.encryption, Encryption::Aes128Cbc);
        assert_eq!(config.idp.sp_metadata, ["a.xml", "http://b"]);
        assert_eq!(config.register, Register::default());
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let refusal = read_text("[register]\nlisten_at = \"x\"\n").unwrap_err().to_string();
        assert!(refusal.contains("listen_at"), "{refusal}");
        assert!(read_text("[registre]\n").is_err());
    }
}
