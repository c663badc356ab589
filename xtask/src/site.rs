//! The folder that is served: what goes into it, and from what.

use crate::{Error, client, compress, stamp, style};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Says what the site was made from, so that it is made again only when that has changed.
const STAMP: &str = ".made-from";
/// What the inbox fetches on a first visit, besides its own HTML.
const FIRST_VISIT: [&str; 5] = [
    "pkg/brevlada.js",
    "pkg/brevlada_bg.wasm",
    "brevlada.css",
    "ikoner.svg",
    "favicon.svg",
];

/// Fills the folder, or leaves it when nothing has changed.
pub(crate) fn lay_out(release: bool, out: Option<PathBuf>) -> Result<(), Error> {
    let root = root();
    let target = client::target_dir(&root);
    let out = out.unwrap_or_else(|| target.join("site"));
    let made_from = stamp::of(&root, release)?;
    let stamp = out.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|last| last == made_from) {
        println!("site: {} is up to date", out.display());
        return Ok(());
    }
    let begun = Instant::now();
    let wasm = client::build(&root, &target, release)?;
    empty(&out, &stamp)?;
    client::bind(&wasm, &out.join("pkg"), release)?;
    style::join(&root.join("style"), &out)?;
    copy(&root.join("public"), &out)?;
    compress::beforehand(&out, release)?;
    fs::write(&stamp, made_from).map_err(Error::file("write", &stamp))?;
    println!(
        "site: {} made in {:.1} s; a first visit fetches {} kB of it, compressed",
        out.display(),
        begun.elapsed().as_secs_f32(),
        FIRST_VISIT
            .iter()
            .map(|file| compress::size_on_the_wire(&out.join(file)))
            .sum::<u64>()
            .div_ceil(1000)
    );
    Ok(())
}

/// The workspace: the folder above this crate.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Empties a folder that is new or that was made here. Another one is left alone.
fn empty(out: &Path, stamp: &Path) -> Result<(), Error> {
    let in_use = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if in_use {
        if !stamp.exists() {
            return Err(Error::NotOurs(out.to_owned()));
        }
        fs::remove_dir_all(out).map_err(Error::file("empty", out))?;
    }
    fs::create_dir_all(out).map_err(Error::file("make", out))?;
    // From here on the folder is ours, even if what follows fails.
    fs::write(stamp, "unfinished").map_err(Error::file("write", stamp))
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(from).map_err(Error::file("read", from))? {
        let entry = entry.map_err(Error::file("read", from))?;
        let (source, place) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            fs::create_dir_all(&place).map_err(Error::file("make", &place))?;
            copy(&source, &place)?;
        } else {
            fs::copy(&source, &place).map_err(Error::file("copy", &source))?;
        }
    }
    Ok(())
}
