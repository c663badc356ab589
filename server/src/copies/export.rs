//! What lies where in an export, and what its own files say: the page to begin at, how signatures are checked with public tools, the
//! certificates, and a list for programs, by which the export can be read in again.

use super::manifest::{Kept, MANIFEST, Manifest, Marks};
use super::page::address;
use super::zip::{self, Entry, TooBig};
use super::{LetterCopy, page, text};
use crate::domain::file_name::words_as_name;
use app::CopyWords;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// The page to begin at.
const INDEX: &str = "index.html";
/// The original in a letter's folder.
const ORIGINAL: &str = "original.xml";
/// In its place of a letter that was passed on without its signature.
const COPY: &str = "kopia.xml";

/// Why a piece of an export could not be written. Never says which letter.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file that the format does not hold.
    #[error(transparent)]
    TooBig(#[from] TooBig),
    /// A page.
    #[error("a page could not be written")]
    Page(#[from] askama::Error),
    /// What is kept of pieces, or the list.
    #[error("the list could not be written or read")]
    List(#[from] serde_json::Error),
}

/// A letter on the page to begin at.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    folder: String,
    sender: String,
    subject: String,
    came: String,
    /// The person's own folder, by its names from the top.
    #[serde(default)]
    lies: String,
    signature: bool,
    /// It was passed on as a copy without signature.
    #[serde(default)]
    copy: bool,
}

/// What is kept of a piece until the end is written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Piece {
    entries: Vec<Entry>,
    lines: Vec<Line>,
    kept: Vec<Kept>,
    /// Certificates of those who signed, by fingerprint: name and content.
    certificates: BTreeMap<String, (String, String)>,
}

/// Writes pieces of one export.
#[derive(Debug)]
pub struct Writer<'a> {
    /// In which words.
    pub words: &'a CopyWords,
    /// When the export was asked for: the time that its copies tell.
    pub made_at: OffsetDateTime,
    /// Where the piece begins in the whole.
    pub begin: u64,
    /// The piece.
    pub part: Vec<u8>,
    /// What is to be kept of it.
    pub piece: Piece,
}

impl<'a> Writer<'a> {
    /// A new piece that begins at `begin` in the whole.
    pub fn new(words: &'a CopyWords, made_at: OffsetDateTime, begin: u64) -> Self {
        Self {
            words,
            made_at,
            begin,
            part: Vec::new(),
            piece: Piece::default(),
        }
    }

    /// Adds a letter's folder; the delivery and the place in it say where the letter came from.
    pub fn letter(
        &mut self,
        letter: &LetterCopy,
        (delivery, place): (Uuid, i64),
        marks: Marks,
    ) -> Result<(), ExportError> {
        let words = self.words;
        let number = letter.id.simple().to_string();
        let short = number.get(24..).unwrap_or_default();
        // Whatever the names are cut to, no two letters share a folder.
        let folder = format!("{}/{} ({short})", words.folder_letters(), letter.file_name());
        let at = letter.received_at;
        let page = page::letter(letter, words, Some(words.folder_attachments()), self.made_at)?;
        let text = text::letter(letter, words, self.made_at);
        let name = words.file_letter();
        self.file(&format!("{folder}/{name}.html"), page.as_bytes(), at)?;
        self.file(&format!("{folder}/{name}.txt"), text.as_bytes(), at)?;
        let original = format!("{folder}/{}", original_name(letter.report.is_none()));
        self.file(&original, letter.original.as_bytes(), at)?;
        for (name, attachment) in letter.attachments() {
            let name = format!("{folder}/{}/{name}", words.folder_attachments());
            self.file(&name, &attachment.content, at)?;
        }
        for signer in letter.report.iter().flat_map(|report| [&report.signer, &report.sealer]) {
            self.piece
                .certificates
                .entry(hex::encode(signer.fingerprint_sha256))
                .or_insert_with(|| (signer.name.clone(), pem(&signer.der)));
        }
        self.piece.lines.push(Line {
            folder,
            sender: letter.sender.name.clone(),
            subject: letter.message.subject.clone(),
            came: words.time(at),
            lies: marks.folder.join(" / "),
            signature: !letter.is_broken(),
            copy: letter.report.is_none(),
        });
        self.piece.kept.push(Kept {
            delivery,
            original,
            place,
            received_at: at,
            passed_on: letter.passed_on.is_some(),
            marks,
        });
        Ok(())
    }

    /// Adds what is made when every letter is written: the list, the certificates, how to check, the page to begin at. `pieces` are those
    /// before this one, in their order; `authorities` is the bundle of those whose signatures count here.
    pub fn closing(&mut self, pieces: &[Piece], authorities: &str, holder: &str) -> Result<(), ExportError> {
        let (words, made_at) = (self.words, self.made_at);
        let manifest = Manifest::new(
            made_at,
            pieces.iter().flat_map(|piece| piece.kept.iter().cloned()).collect(),
        );
        let folder = words.folder_certificates();
        let lines: Vec<&Line> = pieces.iter().rev().flat_map(|piece| piece.lines.iter().rev()).collect();
        let index = Index {
            words,
            export_of: words.export_of(holder, made_at, u64::try_from(lines.len()).unwrap_or(u64::MAX)),
            lines,
        };
        self.file(INDEX, index.render()?.as_bytes(), made_at)?;
        self.file(words.file_check(), how_to_check(words).as_bytes(), made_at)?;
        self.file(&format!("{folder}/{AUTHORITIES}"), authorities.as_bytes(), made_at)?;
        let certificates: BTreeMap<_, _> = pieces.iter().flat_map(|piece| &piece.certificates).collect();
        for (fingerprint, (name, pem)) in certificates {
            let name = words_as_name(name, 40);
            let short = fingerprint.get(..16).unwrap_or(fingerprint);
            self.file(&format!("{folder}/{name} {short}.pem"), pem.as_bytes(), made_at)?;
        }
        self.file(MANIFEST, &serde_json::to_vec_pretty(&manifest)?, made_at)
    }

    /// Writes the directory and the end after everything else. What people look for first stands first in it.
    pub fn directory(&mut self, pieces: &[Piece]) -> Result<(), ExportError> {
        let begin = self.begin + length(&self.part);
        let own = std::mem::take(&mut self.piece.entries);
        let mut files = 0_u64;
        let letters = pieces.iter().rev().flat_map(|piece| &piece.entries);
        for entry in own.iter().chain(letters) {
            zip::add_to_directory(&mut self.part, entry)?;
            files += 1;
        }
        let end = self.begin + length(&self.part);
        zip::finish(&mut self.part, files, begin, end);
        Ok(())
    }

    fn file(&mut self, name: &str, content: &[u8], at: OffsetDateTime) -> Result<(), ExportError> {
        let entry = zip::add(&mut self.part, self.begin, name, content, at)?;
        self.piece.entries.push(entry);
        Ok(())
    }
}

/// The bundle of authorities, in the folder of certificates.
const AUTHORITIES: &str = "utfardare.pem";

#[derive(Template)]
#[template(path = "copy/index.html")]
struct Index<'a> {
    words: &'a CopyWords,
    export_of: String,
    lines: Vec<&'a Line>,
}

impl Index<'_> {
    fn page(&self, line: &Line) -> String {
        inside(line, &format!("{}.html", self.words.file_letter()))
    }

    #[expect(clippy::unused_self, reason = "asked by the template, which knows only the index")]
    fn original(&self, line: &Line) -> String {
        inside(line, original_name(line.copy))
    }
}

fn original_name(is_copy: bool) -> &'static str {
    if is_copy { COPY } else { ORIGINAL }
}

fn inside(line: &Line, name: &str) -> String {
    let mut names: Vec<&str> = line.folder.split('/').collect();
    names.push(name);
    address(&names)
}

#[derive(Template)]
#[template(path = "copy/check.sv.txt")]
struct CheckSwedish;

#[derive(Template)]
#[template(path = "copy/check.en.txt")]
struct CheckEnglish;

fn how_to_check(words: &CopyWords) -> String {
    // Without places to fill these cannot fail.
    match words.tag() {
        "en" => CheckEnglish.render(),
        _ => CheckSwedish.render(),
    }
    .unwrap_or_default()
}

fn pem(der: &[u8]) -> String {
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    let encoded = STANDARD.encode(der);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

fn length(part: &[u8]) -> u64 {
    u64::try_from(part.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::tests;
    use app::Language;
    use std::io::{Cursor, Read as _};
    use time::macros::datetime;

    #[test]
    fn an_export_in_pieces_is_one_archive() {
        let words = CopyWords::of(Language::Swedish);
        let made_at = datetime!(2026-12-01 08:00 UTC);
        let (mut whole, mut pieces) = (Vec::new(), Vec::new());
        for n in 0..3 {
            let mut letter = tests::letter();
            letter.id = Uuid::from_u128(n);
            letter.message.subject = format!("Brev <{n}>");
            let mut writer = Writer::new(&words, made_at, whole.len() as u64);
            writer
                .letter(
                    &letter,
                    (letter.id, 0),
                    Marks {
                        read_at: Some(made_at),
                        folder: vec!["Hemmet".to_owned(), "El & vatten".to_owned()],
                        ..Marks::default()
                    },
                )
                .unwrap();
            whole.extend(writer.part);
            pieces.push(writer.piece);
        }
        let mut writer = Writer::new(&words, made_at, whole.len() as u64);
        writer.closing(&pieces, "authorities", "Tolvan").unwrap();
        writer.directory(&pieces).unwrap();
        whole.extend(writer.part);

        let mut archive = ::zip::ZipArchive::new(Cursor::new(whole)).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(
            names[..3],
            ["index.html", "KONTROLLERA.txt", "certifikat/utfardare.pem"]
        );
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let manifest = Manifest::read(read(MANIFEST).as_bytes()).unwrap();
        assert_eq!(manifest.letters.len(), 3);
        assert_eq!(manifest.letters[0].marks.read_at, Some(made_at));
        assert_eq!(manifest.letters[0].marks.folder, ["Hemmet", "El & vatten"]);
        assert_eq!(read(&manifest.letters[2].original), "<SealedDelivery/>");
        let index = read("index.html");
        let at = |text: &str| index.find(text).unwrap_or_else(|| panic!("{text} in {index}"));
        assert!(
            at("Brev &#60;2&#62;") < at("Brev &#60;0&#62;"),
            "the newest first, and escaped"
        );
        at("Hemmet / El &#38; vatten");
        for no in ["http:", "https:", "<script"] {
            assert!(!index.contains(no), "{no}");
        }
    }
}
