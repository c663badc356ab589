//! The master keys: a file with versions, the newest of which wraps what is new.

use super::record::{HouseKey, MailboxKey, Place, Root, SealError, split_version};
use crate::clock::Ids;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What is wrong with the key file.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// It cannot be read or written.
    #[error("the key file {path}: {source}")]
    File {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A new one was asked for, and there is one.
    #[error("{0} is there already, and was left as it was. `brevlada keys rotate` adds a version to it")]
    There(PathBuf),
    /// It does not hold what it should. The text never holds a key.
    #[error("the key file is not right: {0}")]
    Content(&'static str),
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
}

/// The file as it is written: `keys new` makes it, `keys rotate` adds to it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    /// Keys made for a demonstration are refused off loopback.
    #[serde(default)]
    demonstration: bool,
    /// Key of the blind indexes. It never changes: the indexes would have to be made anew from the sealed numbers.
    index: Zeroizing<String>,
    /// Every version, oldest first. The last one wraps what is new.
    master: Vec<Master>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Master {
    version: u32,
    key: Zeroizing<String>,
}

/// Whether the text of a key file says that it was made for a demonstration.
pub fn demonstration_mark(text: &str) -> bool {
    toml::from_str::<KeyFile>(text).is_ok_and(|file| file.demonstration)
}

struct Set {
    index: Zeroizing<[u8; 32]>,
    current: u32,
    versions: BTreeMap<u32, Zeroizing<[u8; 32]>>,
}

/// A mailbox key as it is stored.
#[derive(Clone, Debug)]
pub struct Wrapped {
    /// The sealed key.
    pub bytes: Vec<u8>,
    /// The master key version that wraps it.
    pub version: u32,
}

/// The master keys in use. A version that another process added to the file is read when it is first met.
#[derive(Clone)]
pub struct Keys {
    path: Arc<PathBuf>,
    set: Arc<RwLock<Arc<Set>>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Keys({}, current version {})",
            self.path.display(),
            self.set().current
        )
    }
}

impl Keys {
    /// Reads the key file.
    pub fn load(path: &Path) -> Result<Self, KeysError> {
        let set = read(path)?;
        Ok(Self {
            path: Arc::new(path.to_owned()),
            set: Arc::new(RwLock::new(Arc::new(set))),
        })
    }

    /// Makes a key file, readable by its owner only. An existing file is left alone and is an error.
    pub fn create(path: &Path, ids: Ids, demonstration: bool) -> Result<(), KeysError> {
        let file = KeyFile {
            demonstration,
            index: fresh(ids)?,
            master: vec![Master {
                version: 1,
                key: fresh(ids)?,
            }],
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| at(path, source))?;
        }
        match write_new(path, &file) {
            Err(KeysError::File { source, .. }) if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(KeysError::There(path.to_owned()))
            }
            written => written,
        }
    }

    /// Adds a new master key version and makes it the current one; gives its number. The file is replaced as a whole.
    pub fn add_version(&self, ids: Ids) -> Result<u32, KeysError> {
        let mut file = parse(&std::fs::read_to_string(&*self.path).map_err(|source| at(&self.path, source))?)?;
        let version = file.master.iter().map(|m| m.version).max().unwrap_or(0) + 1;
        file.master.push(Master {
            version,
            key: fresh(ids)?,
        });
        let beside = self.path.with_extension("new");
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(at(&beside, error)),
            _ => {}
        }
        write_new(&beside, &file)?;
        std::fs::rename(&beside, &*self.path).map_err(|source| at(&self.path, source))?;
        self.reload()?;
        Ok(version)
    }

    /// The version that wraps what is new.
    pub fn current_version(&self) -> u32 {
        self.set().current
    }

    /// Every version in the file, oldest first.
    pub fn versions(&self) -> Vec<u32> {
        self.set().versions.keys().copied().collect()
    }

    /// A new mailbox key, and its wrapped form for the row `mailbox_id`.
    pub fn new_mailbox_key(&self, ids: Ids, mailbox_id: &Uuid) -> Result<(MailboxKey, Wrapped), SealError> {
        let key = MailboxKey::from_bytes(ids.bytes().map_err(|_| SealError::NoRandomness)?);
        let wrapped = self.wrap(ids, mailbox_id, &key)?;
        Ok((key, wrapped))
    }

    /// Wraps a mailbox key under the current master key.
    pub fn wrap(&self, ids: Ids, mailbox_id: &Uuid, key: &MailboxKey) -> Result<Wrapped, SealError> {
        let set = self.set();
        let master = set.purpose(set.current, b"mailbox-key")?;
        let bytes = MailboxKey::from_bytes(*master).seal(ids, &wrapped_place(mailbox_id), key.bytes())?;
        Ok(Wrapped {
            bytes,
            version: set.current,
        })
    }

    /// Unwraps the key of a mailbox.
    pub fn unwrap(&self, mailbox_id: &Uuid, wrapped: &Wrapped) -> Result<MailboxKey, SealError> {
        let master = self
            .set_with(wrapped.version)
            .purpose(wrapped.version, b"mailbox-key")?;
        let plain = Zeroizing::new(MailboxKey::from_bytes(*master).open(&wrapped_place(mailbox_id), &wrapped.bytes)?);
        let bytes = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| SealError::DoesNotOpen)?;
        Ok(MailboxKey::from_bytes(bytes))
    }

    /// Seals what belongs to no mailbox.
    pub fn seal(&self, ids: Ids, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let set = self.set();
        set.house(set.current)?.seal(ids, place, plain)
    }

    /// Opens what [`Keys::seal`] made for the same place, under whichever version.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, _) = split_version(sealed)?;
        self.set_with(version).house(version)?.open(place, sealed)
    }

    /// Seals a record that belongs to no mailbox.
    pub fn seal_record(&self, ids: Ids, place: &Place<'_>, record: &impl Serialize) -> Result<Vec<u8>, SealError> {
        self.seal(ids, place, &place.written(record)?)
    }

    /// Opens what [`Keys::seal_record`] made for the same place.
    pub fn open_record<T: DeserializeOwned>(&self, place: &Place<'_>, sealed: &[u8]) -> Result<T, SealError> {
        place.read(self.open(place, sealed)?)
    }

    /// A keyed hash that finds `value` in a column of `purpose` and tells nothing about it.
    pub fn blind_index(&self, purpose: &str, value: &str) -> [u8; 32] {
        let set = self.set();
        // HMAC takes keys of every length, so this cannot fail; an all-zero answer would find nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(set.index.as_ref()) else {
            return [0; 32];
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The secret half of the `number`th key pair that push services know us by. It comes from the key of the blind indexes, which never
    /// changes, so that a rotated master key cuts off no browser.
    pub fn push_secret(&self, number: u32) -> Result<Zeroizing<[u8; 32]>, SealError> {
        Root::of(&self.set().index).derive(format!("push {number}").as_bytes())
    }

    fn set(&self) -> Arc<Set> {
        self.set.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_with(&self, version: u32) -> Arc<Set> {
        if !self.set().versions.contains_key(&version)
            && let Err(error) = self.reload()
        {
            tracing::error!(%error, version, "the key file could not be read again");
        }
        self.set()
    }

    fn reload(&self) -> Result<(), KeysError> {
        let fresh = Arc::new(read(&self.path)?);
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

impl Set {
    fn purpose(&self, version: u32, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let master = self.versions.get(&version).ok_or(SealError::UnknownVersion(version))?;
        Root::of(master).derive(purpose)
    }

    fn house(&self, version: u32) -> Result<HouseKey, SealError> {
        Ok(HouseKey {
            version,
            root: Root::of(&*self.purpose(version, b"house")?),
        })
    }
}

fn wrapped_place(mailbox_id: &Uuid) -> Place<'_> {
    Place::of("mailbox", mailbox_id, "wrapped_key")
}

fn at(path: &Path, source: std::io::Error) -> KeysError {
    KeysError::File {
        path: path.to_owned(),
        source,
    }
}

fn fresh(ids: Ids) -> Result<Zeroizing<String>, KeysError> {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(ids.bytes().map_err(|_| KeysError::NoRandomness)?);
    Ok(Zeroizing::new(STANDARD.encode(bytes.as_ref())))
}

fn parse(text: &str) -> Result<KeyFile, KeysError> {
    toml::from_str(text).map_err(|_| {
        KeysError::Content("it should hold index and at least one [[master]]; make one with «brevlada keys new»")
    })
}

fn secret(text: &str) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let bytes = Zeroizing::new(
        STANDARD
            .decode(text)
            .map_err(|_| KeysError::Content("a key is not base64"))?,
    );
    let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeysError::Content("a key is not 32 bytes"))?;
    Ok(Zeroizing::new(bytes))
}

fn read(path: &Path) -> Result<Set, KeysError> {
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|source| at(path, source))?);
    let file = parse(&text)?;
    let versions = file
        .master
        .iter()
        .map(|master| Ok((master.version, secret(&master.key)?)))
        .collect::<Result<BTreeMap<_, _>, KeysError>>()?;
    let current = *versions
        .keys()
        .last()
        .ok_or(KeysError::Content("there is no [[master]]"))?;
    Ok(Set {
        index: secret(&file.index)?,
        current,
        versions,
    })
}

fn write_new(path: &Path, file: &KeyFile) -> Result<(), KeysError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let text = Zeroizing::new(toml::to_string(file).map_err(|_| KeysError::Content("it cannot be written as TOML"))?);
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| at(path, source))?;
    out.write_all(text.as_bytes())
        .and_then(|()| out.sync_all())
        .map_err(|source| at(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_key_opens_old_and_new_also_in_another_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/master.toml");
        Keys::create(&path, Ids, true).unwrap();
        assert!(
            Keys::create(&path, Ids, true).is_err(),
            "an existing key file must be left alone"
        );
        let (here, elsewhere) = (Keys::load(&path).unwrap(), Keys::load(&path).unwrap());

        let mailbox = Ids.random();
        let place = Place::of("job", &mailbox, "payload");
        let old = here.seal(Ids, &place, b"before").unwrap();
        let (key, wrapped) = here.new_mailbox_key(Ids, &mailbox).unwrap();
        let letter = key
            .seal(Ids, &Place::of("letter", &mailbox, "header"), b"subject")
            .unwrap();

        assert_eq!(here.add_version(Ids).unwrap(), 2);
        let new = here.seal(Ids, &place, b"after").unwrap();
        let rewrapped = here
            .wrap(Ids, &mailbox, &here.unwrap(&mailbox, &wrapped).unwrap())
            .unwrap();
        assert_eq!(rewrapped.version, 2);

        // The other process has only read version 1 so far.
        assert_eq!(elsewhere.open(&place, &old).unwrap(), b"before");
        assert_eq!(elsewhere.open(&place, &new).unwrap(), b"after");
        let key = elsewhere.unwrap(&mailbox, &rewrapped).unwrap();
        assert_eq!(
            key.open(&Place::of("letter", &mailbox, "header"), &letter).unwrap(),
            b"subject"
        );
        assert_eq!(here.blind_index("holder", "x"), elsewhere.blind_index("holder", "x"));
        assert_eq!(here.push_secret(1).unwrap(), elsewhere.push_secret(1).unwrap());
        assert_ne!(here.push_secret(1).unwrap(), here.push_secret(2).unwrap());
    }

    #[test]
    fn a_debug_print_holds_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.toml");
        Keys::create(&path, Ids, false).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let printed = format!("{:?}", Keys::load(&path).unwrap());
        assert!(
            text.lines()
                .filter_map(|l| l.split('"').nth(1))
                .all(|secret| !printed.contains(secret))
        );
    }
}
