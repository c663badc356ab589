//! Getting the text out of attachments, without trusting them.

use crate::config::Search;
use crate::domain::body;
use crate::domain::letter_text::{Pages, Reading};
use crate::extract::{Outcome, PAGE_BREAK};
use contracts::delivery::Attachment;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// Text of one attachment, in bytes, at most.
const MOST_TEXT: u64 = 2 * 1024 * 1024;

/// A PDF may begin with something else than its mark, but not for long.
const MARK_WITHIN: usize = 1024;

/// Why the reading process could not do its work at all: it says nothing about the attachment.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// It does not start, or cannot be talked to.
    #[error("search.reader: {0}")]
    Process(#[from] std::io::Error),
    /// It could not take away from itself what it must not have.
    #[error("the reader of attachments could not be shut in; see search.reader_memory")]
    NotShutIn,
}

/// Reads attachments.
#[derive(Clone, Debug)]
pub struct Reader {
    program: PathBuf,
    settings: Search,
}

impl Reader {
    /// By the settings; the reading process is this program unless another is named.
    pub fn new(settings: &Search) -> Result<Self, ReaderError> {
        let program = match &settings.reader {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        Ok(Self {
            program,
            settings: settings.clone(),
        })
    }

    /// The text of an attachment, by what it is rather than by what it is said to be.
    pub async fn read(&self, attachment: &Attachment) -> Result<Pages, ReaderError> {
        let begins = attachment.content.get(..MARK_WITHIN).unwrap_or(&attachment.content);
        if begins.windows(5).any(|bytes| bytes == b"%PDF-") {
            return self.read_pdf(&attachment.content).await;
        }
        let kind = body::media_type(&attachment.content_type);
        if kind.starts_with("text/") {
            return Ok(Pages {
                texts: vec![body::to_text(&kind, &attachment.content)],
                reading: Reading::Whole,
            });
        }
        Ok(Pages::none(Reading::OtherKind))
    }

    async fn read_pdf(&self, file: &[u8]) -> Result<Pages, ReaderError> {
        let mut process = Command::new(&self.program)
            .arg("extract")
            .args(["--memory", &self.settings.reader_memory.to_string()])
            .args(["--seconds", &self.settings.reader_time.as_secs().max(1).to_string()])
            .args(["--text", &MOST_TEXT.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let mut said = Vec::new();
        let talk = async {
            let give = async {
                if let Some(mut input) = input {
                    // A process that has ended reads no more; how it ended tells the rest.
                    let _ = input.write_all(file).await;
                }
            };
            let hear = async {
                if let Some(output) = output {
                    let _ = output.take(MOST_TEXT * 2).read_to_end(&mut said).await;
                }
            };
            tokio::join!(give, hear);
            process.wait().await
        };
        // The process' own limit is of processor time; this one is of the clock.
        let Ok(ended) = tokio::time::timeout(self.settings.reader_time * 2, talk).await else {
            return Ok(Pages::none(Reading::Failed));
        };
        let reading = match ended?.code() {
            Some(code) if code == Outcome::Whole as i32 => Reading::Whole,
            Some(code) if code == Outcome::Begun as i32 => Reading::Begun,
            Some(code) if code == Outcome::NotShutIn as i32 => return Err(ReaderError::NotShutIn),
            _ => return Ok(Pages::none(Reading::Failed)),
        };
        let said = String::from_utf8_lossy(&said);
        let mut texts: Vec<String> = said.split(char::from(PAGE_BREAK)).map(str::to_owned).collect();
        texts.pop();
        let (known, nameless) = letters(&texts);
        Ok(match reading {
            // Fonts that are damaged, or do not tell which letters they draw: what is left would be found by chance.
            _ if nameless * 2 > known => Pages::none(Reading::Failed),
            Reading::Whole if known == 0 => Pages::none(Reading::Pictures),
            reading => Pages { texts, reading },
        })
    }
}

/// How many letters and figures there are, and how many signs that nobody could name.
fn letters(texts: &[String]) -> (usize, usize) {
    let all = || texts.iter().flat_map(|text| text.chars());
    let known = all().filter(|c| c.is_alphanumeric()).count();
    (known, all().filter(|c| *c == char::REPLACEMENT_CHARACTER).count())
}
