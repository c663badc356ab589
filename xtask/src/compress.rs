//! Compressing once, when the site is made, as hard as can be, instead of at each request.

use crate::{Error, stamp};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is text, or as loose as text. Pictures are compressed already.
const LOOSE: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Puts `x.br` and `x.gz` beside each file that gains from it.
pub(crate) fn beforehand(site: &Path, release: bool) -> Result<(), Error> {
    for file in stamp::files(site)? {
        if !file
            .extension()
            .is_some_and(|kind| LOOSE.iter().any(|loose| kind == *loose))
        {
            continue;
        }
        let content = fs::read(&file).map_err(Error::file("read", &file))?;
        let brotli = brotli(&content, release).map_err(Error::file("compress", &file))?;
        let gzip = gzip(&content, release).map_err(Error::file("compress", &file))?;
        for (ending, packed) in [("br", brotli), ("gz", gzip)] {
            let place = with_ending(&file, ending);
            fs::write(&place, packed).map_err(Error::file("write", &place))?;
        }
    }
    Ok(())
}

/// What a browser fetches for a file, in bytes.
pub(crate) fn size_on_the_wire(file: &Path) -> u64 {
    fs::metadata(with_ending(file, "br"))
        .or_else(|_| fs::metadata(file))
        .map_or(0, |facts| facts.len())
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn brotli(content: &[u8], hard: bool) -> std::io::Result<Vec<u8>> {
    let quality = if hard { 11 } else { 4 };
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, quality, 22);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

fn gzip(content: &[u8], hard: bool) -> std::io::Result<Vec<u8>> {
    let level = if hard { Compression::best() } else { Compression::fast() };
    let mut writer = GzEncoder::new(Vec::new(), level);
    writer.write_all(content)?;
    writer.finish()
}
