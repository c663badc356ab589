//! Writes a ZIP file piece by piece, so that an export can be begun by one process and finished by another.
//!
//! Every entry is complete before it is written: sizes and checksum stand in its local header, and nothing has to be gone back to. What
//! the directory at the end needs is kept as [`Entry`]. ZIP64 where numbers outgrow the old fields (APPNOTE 4.3, 4.5.3).

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use time::OffsetDateTime;
use time_tz::{OffsetDateTimeExt as _, timezones};

/// Version of the format that a reader must know: 2.0 for deflate, 4.5 for ZIP64.
const DEFLATE: u16 = 20;
const ZIP64: u16 = 45;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// Fast, and within some percent of the best for letters.
const EFFORT: Compression = Compression::new(3);

/// What the directory at the end says of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    name: String,
    crc: u32,
    packed: u32,
    size: u32,
    offset: u64,
    stamp: u32,
    deflated: bool,
}

/// A file that a ZIP entry cannot hold without more of ZIP64 than we need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file of 4 GiB or more, or a name of 64 KiB")]
pub struct TooBig;

/// Writes a file at the end of `part`, which itself begins at `begin` in the whole.
pub fn add(
    part: &mut Vec<u8>,
    begin: u64,
    name: &str,
    content: &[u8],
    changed: OffsetDateTime,
) -> Result<Entry, TooBig> {
    let packed = deflated(content);
    // What does not get smaller is stored as it is: most attachments are packed already.
    let deflated = packed.len() < content.len();
    let packed = if deflated { packed.as_slice() } else { content };
    let number = |n: usize| u32::try_from(n).map_err(|_| TooBig);
    let entry = Entry {
        name: name.to_owned(),
        crc: crc32fast::hash(content),
        packed: number(packed.len())?,
        size: number(content.len())?,
        offset: begin + wide(part.len()),
        stamp: dos_time(changed),
        deflated,
    };
    let name_length = u16::try_from(name.len()).map_err(|_| TooBig)?;
    part.extend_from_slice(b"PK\x03\x04");
    part.extend_from_slice(&DEFLATE.to_le_bytes());
    entry.common(part, name_length, 0);
    part.extend_from_slice(name.as_bytes());
    part.extend_from_slice(packed);
    Ok(entry)
}

/// Writes the directory's line of a file.
pub fn add_to_directory(part: &mut Vec<u8>, entry: &Entry) -> Result<(), TooBig> {
    let far = u32::try_from(entry.offset).is_err();
    let name_length = u16::try_from(entry.name.len()).map_err(|_| TooBig)?;
    let needed = if far { ZIP64 } else { DEFLATE };
    part.extend_from_slice(b"PK\x01\x02");
    // Made by: a Unix system, for the rights below.
    part.extend_from_slice(&(0x0300 | ZIP64).to_le_bytes());
    part.extend_from_slice(&needed.to_le_bytes());
    entry.common(part, name_length, if far { 12 } else { 0 });
    // No comment, disk 0, no inner attributes; a plain file that its owner may write and all may read.
    part.extend_from_slice(&[0; 6]);
    part.extend_from_slice(&(0o100_644_u32 << 16).to_le_bytes());
    part.extend_from_slice(&clamped(entry.offset).to_le_bytes());
    part.extend_from_slice(entry.name.as_bytes());
    if far {
        part.extend_from_slice(&1_u16.to_le_bytes());
        part.extend_from_slice(&8_u16.to_le_bytes());
        part.extend_from_slice(&entry.offset.to_le_bytes());
    }
    Ok(())
}

/// Writes the end: the directory of `files` lines began at `directory` and ends where `part` does, `end` in the whole.
pub fn finish(part: &mut Vec<u8>, files: u64, directory: u64, end: u64) {
    let size = end - directory;
    let far = files >= 0xffff || size >= u64::from(u32::MAX) || directory >= u64::from(u32::MAX);
    if far {
        part.extend_from_slice(b"PK\x06\x06");
        part.extend_from_slice(&44_u64.to_le_bytes());
        part.extend_from_slice(&ZIP64.to_le_bytes());
        part.extend_from_slice(&ZIP64.to_le_bytes());
        part.extend_from_slice(&[0; 8]);
        for number in [files, files, size, directory] {
            part.extend_from_slice(&number.to_le_bytes());
        }
        part.extend_from_slice(b"PK\x06\x07");
        part.extend_from_slice(&[0; 4]);
        part.extend_from_slice(&end.to_le_bytes());
        part.extend_from_slice(&1_u32.to_le_bytes());
    }
    let count = u16::try_from(files).unwrap_or(u16::MAX);
    part.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    part.extend_from_slice(&count.to_le_bytes());
    part.extend_from_slice(&count.to_le_bytes());
    part.extend_from_slice(&clamped(size).to_le_bytes());
    part.extend_from_slice(&clamped(directory).to_le_bytes());
    part.extend_from_slice(&[0; 2]);
}

/// An archive that is sent while it is written: nothing of it is kept but its directory.
#[derive(Debug, Default)]
pub struct Streamed {
    entries: Vec<Entry>,
    sent: u64,
}

impl Streamed {
    /// The bytes that add a file.
    pub fn file(&mut self, name: &str, content: &[u8], changed: OffsetDateTime) -> Result<Vec<u8>, TooBig> {
        let mut bytes = Vec::new();
        self.entries.push(add(&mut bytes, self.sent, name, content, changed)?);
        self.sent += wide(bytes.len());
        Ok(bytes)
    }

    /// The bytes that end the archive.
    pub fn end(self) -> Result<Vec<u8>, TooBig> {
        let mut bytes = Vec::new();
        for entry in &self.entries {
            add_to_directory(&mut bytes, entry)?;
        }
        let end = self.sent + wide(bytes.len());
        finish(&mut bytes, wide(self.entries.len()), self.sent, end);
        Ok(bytes)
    }
}

impl Entry {
    /// What the local header and the directory's line have in common, from the flags to the length of the extra field.
    fn common(&self, part: &mut Vec<u8>, name_length: u16, extra: u16) {
        part.extend_from_slice(&UTF8.to_le_bytes());
        part.extend_from_slice(&(if self.deflated { 8_u16 } else { 0 }).to_le_bytes());
        for number in [self.stamp, self.crc, self.packed, self.size] {
            part.extend_from_slice(&number.to_le_bytes());
        }
        part.extend_from_slice(&name_length.to_le_bytes());
        part.extend_from_slice(&extra.to_le_bytes());
    }
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(content.len() / 2), EFFORT);
    // Writing to a Vec cannot fail; were it to, the result would be longer than nothing and the content stored.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_else(|_| content.to_vec())
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn clamped(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Date and time as ZIP has them: local, two seconds to a tick, from 1980. The time is in the low half.
fn dos_time(at: OffsetDateTime) -> u32 {
    let at = at.to_timezone(timezones::db::europe::STOCKHOLM);
    let year = u32::try_from(at.year() - 1980).unwrap_or(0).min(127);
    let date = (year << 9) | (u32::from(u8::from(at.month())) << 5) | u32::from(at.day());
    let time = (u32::from(at.hour()) << 11) | (u32::from(at.minute()) << 5) | u32::from(at.second() / 2);
    (date << 16) | time
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read as _};
    use time::macros::datetime;

    const WHEN: OffsetDateTime = datetime!(2026-11-25 21:47:10 UTC);

    #[test]
    fn a_file_written_in_pieces_is_read_by_another_program() {
        let text = "räkning ".repeat(500);
        let random: Vec<u8> = (0..5000_u32)
            .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
            .collect();
        let mut first = Vec::new();
        let one = add(&mut first, 0, "brev/Räkning å.txt", text.as_bytes(), WHEN).unwrap();
        let mut second = Vec::new();
        let begin = first.len() as u64;
        let two = add(&mut second, begin, "brev/bilaga.bin", &random, WHEN).unwrap();
        let three = add(&mut second, begin, "tom", b"", WHEN).unwrap();
        let directory = begin + second.len() as u64;
        let mut last = Vec::new();
        for entry in [&three, &one, &two] {
            add_to_directory(&mut last, entry).unwrap();
        }
        let end = directory + last.len() as u64;
        finish(&mut last, 3, directory, end);
        let whole = [first, second, last].concat();
        let mut archive = ::zip::ZipArchive::new(Cursor::new(whole)).unwrap();
        let mut read = |name: &str| {
            let mut content = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut content).unwrap();
            content
        };
        assert_eq!(read("brev/Räkning å.txt"), text.as_bytes());
        assert_eq!(read("brev/bilaga.bin"), random);
        assert_eq!(read("tom"), b"");
        // The order of the directory is the order that people see.
        assert_eq!(archive.file_names().next().unwrap().unwrap(), "tom");
    }

    #[test]
    fn an_archive_that_is_sent_as_it_is_written_is_one() {
        let mut streamed = Streamed::default();
        let mut whole = streamed.file("1/å.txt", b"hej", WHEN).unwrap();
        whole.extend(streamed.file("2/tom", b"", WHEN).unwrap());
        whole.extend(streamed.end().unwrap());
        let mut archive = ::zip::ZipArchive::new(Cursor::new(whole)).unwrap();
        let mut content = String::new();
        archive
            .by_name("1/å.txt")
            .unwrap()
            .read_to_string(&mut content)
            .unwrap();
        assert_eq!((content.as_str(), archive.len()), ("hej", 2));
    }

    #[test]
    fn more_files_than_the_old_format_counts() {
        let (mut part, mut entries) = (Vec::new(), Vec::new());
        for n in 0..70_000 {
            entries.push(add(&mut part, 0, &format!("{n}"), b"", WHEN).unwrap());
        }
        let directory = part.len() as u64;
        for entry in &entries {
            add_to_directory(&mut part, entry).unwrap();
        }
        let end = part.len() as u64;
        finish(&mut part, 70_000, directory, end);
        assert_eq!(::zip::ZipArchive::new(Cursor::new(part)).unwrap().len(), 70_000);
    }

    #[test]
    fn a_file_far_into_a_big_archive_is_found() {
        let mut part = Vec::new();
        let entry = add(&mut part, 5_000_000_000, "far", b"far away", WHEN).unwrap();
        let mut line = Vec::new();
        add_to_directory(&mut line, &entry).unwrap();
        assert!(line.ends_with(&5_000_000_000_u64.to_le_bytes()));
        assert!(line.windows(4).any(|four| four == [0xff; 4]));
    }
}
