//! Section `saml` of the configuration.

use super::saml::keys::{KeyPair, KeyProblem, ServiceKeys, certificate_from_pem};
use super::saml::names::{EIDAS_HIGH, EIDAS_SUBSTANTIAL, LOA3, LOA4, UNCERTIFIED_LOA3};
use super::saml::provider::is_loopback;
use super::saml::signature::SigningKeys;
use crate::config::{or_none, span};
use contracts::signature::SigningIdentity;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The levels that an operator may choose among: level 3 or higher.
const ACCEPTABLE_LEVELS: [&str; 4] = [LOA3, LOA4, EIDAS_SUBSTANTIAL, EIDAS_HIGH];

/// Section `saml`: who we are to identity providers, and which of them we ask. What each key means is written in
/// `brevlada.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamlConfig {
    /// Our entity id; the address of our metadata if it is not given.
    #[serde(deserialize_with = "or_none")]
    pub entity_id: Option<String>,
    /// Metadata of identity providers: addresses or files, in the order of the login page. An entry may end with
    /// ` cert=FILE`.
    pub idp_metadata: Vec<String>,
    /// PEM with the certificates that may sign the metadata above.
    #[serde(deserialize_with = "or_none")]
    pub metadata_cert_file: Option<PathBuf>,
    /// Time between fetches of metadata.
    #[serde(deserialize_with = "span::one")]
    pub metadata_refresh: Duration,
    /// Certificate around the key that signs our requests.
    pub signing_cert_file: PathBuf,
    /// That key.
    pub signing_key_file: PathBuf,
    /// Further signing certificates to announce while peers change over.
    pub announced_cert_files: Vec<PathBuf>,
    /// Certificate around the key that assertions are encrypted to.
    pub encryption_cert_file: PathBuf,
    /// That key.
    pub encryption_key_file: PathBuf,
    /// Earlier encryption keys that peers may still use: PEM files with the certificate and the key.
    pub earlier_encryption_files: Vec<PathBuf>,
    /// Levels of login that are accepted, where the identity provider is certified for them.
    pub levels: Vec<String>,
    /// Entity ids of identity providers that `uncertified-loa3` is accepted from.
    pub uncertified: Vec<String>,
    /// Ask for a new legitimation every time.
    pub force_authn: bool,
    /// Take a samordningsnummer too, and say so in our metadata.
    pub coordination_numbers: bool,
    /// Entity categories in our metadata, beside the one for samordningsnummer.
    pub categories: Vec<String>,
    /// Name of the organisation as in the agreement, in Swedish.
    pub organisation_sv: String,
    /// The same in English.
    pub organisation_en: String,
    /// The organisation's address on the web; our public address if it is not given.
    #[serde(deserialize_with = "or_none")]
    pub organisation_url: Option<String>,
    /// Its number, ten digits.
    #[serde(deserialize_with = "or_none")]
    pub organisation_number: Option<String>,
    /// Name of the service in Swedish.
    pub display_name_sv: String,
    /// The same in English.
    pub display_name_en: String,
    /// One sentence on it in Swedish.
    pub description_sv: String,
    /// The same in English.
    pub description_en: String,
    /// Path or address of the logotype.
    pub logo: String,
    /// Its width in pixels.
    pub logo_width: u32,
    /// Its height in pixels.
    pub logo_height: u32,
    /// E-mail address for the identity providers' engineers.
    #[serde(deserialize_with = "or_none")]
    pub technical_contact: Option<String>,
    /// How far clocks may differ; the profile allows a minute at most.
    #[serde(deserialize_with = "span::one")]
    pub clock_skew: Duration,
}

/// The levels that staff may log in with.
const STAFF_LEVELS: [&str; 2] = [LOA3, LOA4];

/// Section `staff`: who we are to identity providers when it is staff who log in, and how long that lasts. What each key means is written in
/// `brevlada.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffConfig {
    /// The entity id; the address of its metadata if it is not given.
    #[serde(deserialize_with = "or_none")]
    pub entity_id: Option<String>,
    /// Levels of login that are accepted.
    pub levels: Vec<String>,
    /// Entity categories in the metadata; an identity provider must have one of them.
    pub categories: Vec<String>,
    /// Name of the staff's pages in Swedish.
    pub display_name_sv: String,
    /// The same in English.
    pub display_name_en: String,
    /// One sentence on them in Swedish.
    pub description_sv: String,
    /// The same in English.
    pub description_en: String,
    /// A login ends after so long without a sign of life.
    #[serde(deserialize_with = "span::one")]
    pub idle: Duration,
    /// It ends after so long whatever happens.
    #[serde(deserialize_with = "span::one")]
    pub longest: Duration,
}

impl StaffConfig {
    /// Checks ranges that types do not: the first value that is outside its own.
    pub fn check(&self) -> Result<(), ConfigProblem> {
        self.out_of_range().into_iter().next().map_or(Ok(()), Err)
    }

    /// Every value outside its range.
    pub fn out_of_range(&self) -> Vec<ConfigProblem> {
        let mut found = Vec::new();
        let mut wrong = |key, text: String| found.push(ConfigProblem::Value { key, text });
        if self.levels.is_empty() || self.levels.iter().any(|level| !STAFF_LEVELS.contains(&level.as_str())) {
            wrong(
                "levels",
                format!(
                    "staff log in at level 3 or higher. Write some of {}",
                    STAFF_LEVELS.join(", ")
                ),
            );
        }
        if self.idle < Duration::from_mins(1) || self.idle > self.longest {
            let text = "must be a minute or more, and not longer than staff.longest, which ends every login";
            wrong("idle", text.to_owned());
        }
        if self.longest > Duration::from_hours(12) {
            wrong(
                "longest",
                "a login of staff must not outlast a day of work. Write 12h or less".to_owned(),
            );
        }
        found
    }
}

/// What is wrong with the configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigProblem {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A key or certificate cannot be used.
    #[error("{path}: {source}")]
    Key {
        /// In which file.
        path: PathBuf,
        /// Why not.
        source: KeyProblem,
    },
    /// A key made for demonstration, and a public address off this machine.
    #[error("{0} is a demonstration key, and web.public_url is not on this machine: make keys of your own")]
    Demonstration(PathBuf),
    /// Metadata from elsewhere that nobody vouches for.
    #[error("idp_metadata: {0} is not on this machine; give the certificate that signs it (metadata_cert_file)")]
    Unsigned(String),
    /// A value outside its range.
    #[error("{key}: {text}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What is wrong, and what to do.
        text: String,
    },
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
    /// Checks ranges that types do not: the first value that is outside its own.
    pub fn check(&self) -> Result<(), ConfigProblem> {
        self.out_of_range().into_iter().next().map_or(Ok(()), Err)
    }

    /// Every value outside its range.
    pub fn out_of_range(&self) -> Vec<ConfigProblem> {
        let mut found = Vec::new();
        let mut wrong = |key, text: String| found.push(ConfigProblem::Value { key, text });
        if self.clock_skew > Duration::from_mins(1) {
            wrong("clock_skew", "the profile allows 60s at most. Lower it".to_owned());
        }
        if self.metadata_refresh < Duration::from_mins(1) {
            let text = "others' servers need a minute between fetches. Write 1m or more";
            wrong("metadata_refresh", text.to_owned());
        }
        if self.levels.is_empty() {
            let text = format!("no login would be accepted. Name at least {LOA3}");
            wrong("levels", text);
        }
        for level in &self.levels {
            if let Some(text) = level_problem(level) {
                wrong("levels", text);
            }
        }
        if self.idp_metadata.is_empty() {
            let text = "nobody could log in. Name the metadata of an identity provider, an address or a file";
            wrong("idp_metadata", text.to_owned());
        }
        if let Some(number) = &self.organisation_number
            && !(number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let text = format!("«{number}» is no organisation number. Write ten digits, without a hyphen");
            wrong("organisation_number", text);
        }
        found
    }

    /// Reads our keys. Demonstration keys are refused when `public_url` is not on this machine.
    pub fn keys(&self, public_url: &Url) -> Result<ServiceKeys, ConfigProblem> {
        let pair = |cert_file: &Path, key_file: &Path| {
            let (certificate, key) = (read(cert_file)?, zeroize::Zeroizing::new(read(key_file)?));
            let pair = KeyPair::from_pem(&certificate, &key).map_err(|source| ConfigProblem::Key {
                path: key_file.to_owned(),
                source,
            })?;
            if is_demonstration(pair.certificate()) && !is_loopback(public_url) {
                return Err(ConfigProblem::Demonstration(key_file.to_owned()));
            }
            Ok(pair)
        };
        let announced = |path: &PathBuf| {
            certificate_from_pem(&read(path)?).map_err(|source| ConfigProblem::Key {
                path: path.clone(),
                source,
            })
        };
        Ok(ServiceKeys {
            signing: self.signing_identity(public_url)?,
            also_announced: self
                .announced_cert_files
                .iter()
                .map(announced)
                .collect::<Result<_, _>>()?,
            encryption: pair(&self.encryption_cert_file, &self.encryption_key_file)?,
            also_decrypting: self
                .earlier_encryption_files
                .iter()
                .map(|file| pair(file, file))
                .collect::<Result<_, _>>()?,
        })
    }

    fn signing_identity(&self, public_url: &Url) -> Result<SigningIdentity, ConfigProblem> {
        let path = &self.signing_key_file;
        let (certificate, key) = (read(&self.signing_cert_file)?, zeroize::Zeroizing::new(read(path)?));
        let identity = SigningIdentity::from_pem(&certificate, &key).map_err(|source| ConfigProblem::Key {
            path: path.clone(),
            source: source.into(),
        })?;
        if is_demonstration(identity.certificate_der()) && !is_loopback(public_url) {
            return Err(ConfigProblem::Demonstration(path.clone()));
        }
        Ok(identity)
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

/// Why a level of login cannot be accepted; nothing when it can.
fn level_problem(level: &str) -> Option<String> {
    if ACCEPTABLE_LEVELS.contains(&level) {
        return None;
    }
    if level == UNCERTIFIED_LOA3 {
        let text = "is accepted from single identity providers only. Take it away, and name them in saml.uncertified";
        return Some(format!("{level} {text}"));
    }
    let known = ACCEPTABLE_LEVELS.join(", ");
    Some(format!(
        "«{level}» is no level of login that can be accepted here: it must be level 3 or higher, by the name that Sweden Connect \
         gives it. Write some of {known}"
    ))
}

fn read(path: &Path) -> Result<String, ConfigProblem> {
    std::fs::read_to_string(path).map_err(|source| ConfigProblem::File {
        path: path.to_owned(),
        source,
    })
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
        return Err(ConfigProblem::Key {
            path: path.to_owned(),
            source: KeyProblem::NoCertificate,
        });
    }
    Ok(keys)
}

/// `infrastruktur` writes the word into the subject of every certificate it makes.
fn is_demonstration(certificate: &[u8]) -> bool {
    X509Certificate::from_der(certificate).is_ok_and(|(_, it)| {
        format!("{} {}", it.subject(), it.issuer())
            .to_lowercase()
            .contains("demonstration")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn told(levels: &[&str]) -> Vec<String> {
        let Config { mut saml, .. } = Config::load(None, []).unwrap();
        saml.levels = levels.iter().map(ToString::to_string).collect();
        saml.out_of_range().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_levels_that_there_are_and_that_will_do_are_accepted() {
        assert_eq!(told(&ACCEPTABLE_LEVELS), [""; 0]);
        let wrong = [
            "http://id.elegnamnden.se/loa/1.0/loa9",
            "http://id.elegnamnden.se/loa/1.0/loa2",
            "loa3",
            "",
        ];
        for level in wrong {
            let said = told(&[LOA3, level]);
            assert_eq!(said.len(), 1, "{level}: {said:?}");
            assert!(
                said[0].starts_with(&format!("levels: «{level}» is no level")) && said[0].contains(LOA4),
                "{said:?}"
            );
        }
        assert!(told(&[UNCERTIFIED_LOA3])[0].contains("saml.uncertified"));
        assert!(told(&[])[0].contains("Name at least"));
    }
}
