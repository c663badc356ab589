//! Sections `saml` and `session` of the configuration.

use super::saml::keys::{KeyPair, KeyProblem, ServiceKeys, certificate_from_pem};
use super::saml::metadata::InTwoLanguages;
use super::saml::names::{LOA3, LOA4};
use super::saml::provider::is_loopback;
use super::saml::signature::SigningKeys;
use serde::{Deserialize, Deserializer};
use std::path::{Path, PathBuf};
use url::Url;
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Section `saml`: who we are to identity providers, and which of them we ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SamlConfig {
    /// Our entity id; the address of our metadata if it is not given.
    pub entity_id: Option<String>,
    /// Metadata of identity providers: addresses or files, shown in this order. An entry may end with ` cert=FILE`, the
    /// certificate that signs just that one.
    #[serde(deserialize_with = "list")]
    pub idp_metadata: Vec<String>,
    /// PEM with the certificates that may sign the metadata above. Without it, only files and addresses on this machine
    /// are taken.
    pub metadata_cert_file: Option<PathBuf>,
    /// Minutes between fetches of metadata.
    pub metadata_refresh_minutes: u32,
    /// Certificate around the key that signs our requests.
    pub signing_cert_file: PathBuf,
    /// That key.
    pub signing_key_file: PathBuf,
    /// Further signing certificates to announce while peers change over.
    #[serde(deserialize_with = "paths")]
    pub announced_cert_files: Vec<PathBuf>,
    /// Certificate around the key that assertions are encrypted to.
    pub encryption_cert_file: PathBuf,
    /// That key.
    pub encryption_key_file: PathBuf,
    /// Earlier encryption keys that peers may still use.
    pub earlier_encryption: Vec<PairOfFiles>,
    /// Levels of login that are accepted, where the identity provider is certified for them.
    #[serde(deserialize_with = "list")]
    pub levels: Vec<String>,
    /// Entity ids of identity providers that are not certified but whose e-legitimation is approved at level 3
    /// (Tekniska anslutningsregler 1.2.3): from these `uncertified-loa3` is accepted too.
    #[serde(deserialize_with = "list")]
    pub uncertified: Vec<String>,
    /// Ask for a new legitimation every time, whatever session the identity provider still has.
    pub force_authn: bool,
    /// Take a samordningsnummer too, and say so in our metadata.
    pub coordination_numbers: bool,
    /// Entity categories in our metadata, beside the one for samordningsnummer.
    #[serde(deserialize_with = "list")]
    pub categories: Vec<String>,
    /// Name of the organisation as in the agreement.
    pub organisation: InTwoLanguages,
    /// Its address on the web; our public address if it is not given.
    pub organisation_url: Option<String>,
    /// Its number, ten digits.
    pub organisation_number: String,
    /// Name of the service.
    pub display_name: InTwoLanguages,
    /// One sentence on it.
    pub description: InTwoLanguages,
    /// Path or address of the logotype.
    pub logo: String,
    /// Its width in pixels.
    pub logo_width: u32,
    /// Its height in pixels.
    pub logo_height: u32,
    /// E-mail address for the identity providers' engineers.
    pub technical_contact: Option<String>,
    /// How far clocks may differ; the profile allows 60 at most.
    pub clock_skew_seconds: u32,
}

impl Default for SamlConfig {
    fn default() -> Self {
        let both = |sv: &str, en: &str| InTwoLanguages { sv: sv.into(), en: en.into() };
        Self {
            entity_id: None,
            idp_metadata: vec![],
            metadata_cert_file: None,
            metadata_refresh_minutes: 60,
            signing_cert_file: "var/keys/saml-signing.crt".into(),
            signing_key_file: "var/keys/saml-signing.key".into(),
            announced_cert_files: vec![],
            encryption_cert_file: "var/keys/saml-encryption.crt".into(),
            encryption_key_file: "var/keys/saml-encryption.key".into(),
            earlier_encryption: vec![],
            levels: vec![LOA3.into(), LOA4.into()],
            uncertified: vec![],
            force_authn: true,
            coordination_numbers: true,
            categories: vec![
                "http://id.elegnamnden.se/ec/1.0/loa3-pnr".into(),
                "http://id.elegnamnden.se/st/1.0/public-sector-sp".into(),
                "http://id.swedenconnect.se/general-ec/1.0/secure-authenticator-binding".into(),
            ],
            organisation: both("Brevlåda", "Brevlåda"),
            organisation_url: None,
            organisation_number: String::new(),
            display_name: both("Brevlåda", "Brevlåda"),
            description: both("Din digitala brevlåda för post från myndigheter", "Your digital mailbox for letters from authorities"),
            logo: "/logo.png".into(),
            logo_width: 256,
            logo_height: 256,
            technical_contact: None,
            clock_skew_seconds: 60,
        }
    }
}

/// A certificate and its key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairOfFiles {
    /// Certificate, PEM.
    pub cert_file: PathBuf,
    /// Private key, PEM.
    pub key_file: PathBuf,
}

/// Section `session`: how long a person stays logged in.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionConfig {
    /// Minutes without anything done.
    pub idle_minutes: u32,
    /// Minutes in all, whatever is done.
    pub absolute_minutes: u32,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self { idle_minutes: 15, absolute_minutes: 8 * 60 }
    }
}

/// A list as a list, or as text with commas (the form of environment variables).
fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Form::deserialize(from)? {
        Form::List(list) => list,
        Form::Text(text) => text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
    })
}

fn paths<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
    list(from).map(|list| list.into_iter().map(PathBuf::from).collect())
}

/// What is wrong with the configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigProblem {
    /// A file cannot be read.
    #[error("saml: {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A key or certificate cannot be used.
    #[error("saml: {path}: {source}")]
    Key {
        /// In which file.
        path: PathBuf,
        /// Why not.
        source: KeyProblem,
    },
    /// A key made for demonstration, and a public address off this machine.
    #[error("saml: {0} is a demonstration key, and web.public_url is not on this machine: make keys of your own")]
    Demonstration(PathBuf),
    /// Metadata from elsewhere that nobody vouches for.
    #[error("saml.idp_metadata: {0} is not on this machine; give the certificate that signs it (metadata_cert_file)")]
    Unsigned(String),
    /// A value outside its range.
    #[error("{0}")]
    Value(&'static str),
}

/// Where metadata of identity providers comes from, and who must have signed it.
#[derive(Clone, Debug)]
pub struct Source {
    /// An address or a file.
    pub place: Place,
    /// Keys that may have signed it; none are asked for if there is no list.
    pub pinned: Option<SigningKeys>,
}

/// An address or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Fetched.
    Address(Url),
    /// Read.
    File(PathBuf),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Address(address) => write!(f, "{address}"),
            Place::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl SamlConfig {
    /// Checks ranges that types do not.
    pub fn check(&self) -> Result<(), ConfigProblem> {
        if self.clock_skew_seconds > 60 {
            return Err(ConfigProblem::Value("saml.clock_skew_seconds: the profile allows 60 at most"));
        }
        if self.levels.is_empty() {
            return Err(ConfigProblem::Value("saml.levels: at least one level must be accepted"));
        }
        Ok(())
    }

    /// Reads our keys. Demonstration keys are refused when `public_url` is not on this machine.
    pub fn keys(&self, public_url: &Url) -> Result<ServiceKeys, ConfigProblem> {
        let pair = |cert_file: &Path, key_file: &Path| {
            let (certificate, key) = (read(cert_file)?, zeroize::Zeroizing::new(read(key_file)?));
            let pair = KeyPair::from_pem(&certificate, &key)
                .map_err(|source| ConfigProblem::Key { path: key_file.to_owned(), source })?;
            if is_demonstration(pair.certificate()) && !is_loopback(public_url) {
                return Err(ConfigProblem::Demonstration(key_file.to_owned()));
            }
            Ok(pair)
        };
        let announced = |path: &PathBuf| {
            certificate_from_pem(&read(path)?).map_err(|source| ConfigProblem::Key { path: path.clone(), source })
        };
        Ok(ServiceKeys {
            signing: pair(&self.signing_cert_file, &self.signing_key_file)?,
            also_announced: self.announced_cert_files.iter().map(announced).collect::<Result<_, _>>()?,
            encryption: pair(&self.encryption_cert_file, &self.encryption_key_file)?,
            also_decrypting: self
                .earlier_encryption
                .iter()
                .map(|files| pair(&files.cert_file, &files.key_file))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Where metadata comes from, in the order it is shown.
    pub fn sources(&self) -> Result<Vec<Source>, ConfigProblem> {
        let common = self.metadata_cert_file.as_deref().map(pinned).transpose()?;
        self.idp_metadata
            .iter()
            .map(|entry| {
                let (place, own) = match entry.split_once(" cert=") {
                    Some((place, file)) => (place.trim(), Some(pinned(Path::new(file.trim()))?)),
                    None => (entry.as_str(), None),
                };
                let keys = own.or_else(|| common.clone());
                let place = match Url::parse(place) {
                    Ok(address) if matches!(address.scheme(), "http" | "https") => Place::Address(address),
                    Ok(address) if address.scheme() == "file" => Place::File(address.path().into()),
                    _ => Place::File(place.into()),
                };
                match &place {
                    Place::Address(address) if keys.is_none() && !is_loopback(address) => {
                        Err(ConfigProblem::Unsigned(address.to_string()))
                    }
                    _ => Ok(Source { place, pinned: keys }),
                }
            })
            .collect()
    }
}

fn read(path: &Path) -> Result<String, ConfigProblem> {
    std::fs::read_to_string(path).map_err(|source| ConfigProblem::File { path: path.to_owned(), source })
}

/// Every certificate in a PEM file.
fn pinned(path: &Path) -> Result<SigningKeys, ConfigProblem> {
    let text = read(path)?;
    let certificates: Vec<_> = Pem::iter_from_buffer(text.as_bytes())
        .filter_map(Result::ok)
        .filter(|block| block.label == "CERTIFICATE")
        .map(|block| block.contents)
        .collect();
    let keys = SigningKeys::from_certificates(certificates.iter().map(Vec::as_slice));
    if keys.is_empty() {
        return Err(ConfigProblem::Key { path: path.to_owned(), source: KeyProblem::NoCertificate });
    }
    Ok(keys)
}

/// `infrastruktur` writes the word into the subject of every certificate it makes.
fn is_demonstration(certificate: &[u8]) -> bool {
    X509Certificate::from_der(certificate)
        .is_ok_and(|(_, certificate)| certificate.subject().to_string().to_lowercase().contains("demonstration"))
}
