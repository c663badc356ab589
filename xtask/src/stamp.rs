//! A hash of everything that a site is made from.

use crate::Error;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const INPUTS: [&str; 8] = [
    "app/src",
    "app/locales",
    "app/Cargo.toml",
    "style",
    "public",
    "xtask/src",
    "Cargo.toml",
    "Cargo.lock",
];

/// The hash, and how the client is built.
pub(crate) fn of(root: &Path, release: bool) -> Result<String, Error> {
    let mut hash = Sha256::new();
    for input in INPUTS {
        for file in files(&root.join(input))? {
            hash.update(file.strip_prefix(root).unwrap_or(&file).to_string_lossy().as_bytes());
            hash.update(fs::read(&file).map_err(Error::file("read", &file))?);
        }
    }
    Ok(format!(
        "{} {}",
        if release { "release" } else { "dev" },
        hex::encode(hash.finalize())
    ))
}

/// Every file in a folder, sorted, so that the hash is the same everywhere.
pub(crate) fn files(place: &Path) -> Result<Vec<PathBuf>, Error> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(place)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(Error::file("read", place))?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}
