//! Checksums of attachments. The schema says only "string", and senders fill it in different ways (section 6.3), so a
//! checksum is information: integrity comes from the signature.

use md5::{Digest as _, Md5};

use super::Attachment;

/// What a checksum turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecksumFinding {
    /// The content's MD5, in hexadecimal.
    Md5,
    /// The content's CRC-32, in decimal or hexadecimal.
    Crc32,
    /// Neither: another kind, or wrong. Worth a line in the log, no reason to refuse.
    Different,
}

impl Attachment {
    /// What the checksum that came along is.
    pub fn checksum_finding(&self) -> ChecksumFinding {
        let given = self.checksum.trim();
        let crc = crc32fast::hash(&self.content);
        if given.eq_ignore_ascii_case(&checksum(&self.content)) {
            ChecksumFinding::Md5
        } else if given.parse() == Ok(crc) || given.eq_ignore_ascii_case(&format!("{crc:08x}")) {
            ChecksumFinding::Crc32
        } else {
            ChecksumFinding::Different
        }
    }
}

/// The checksum that we write: MD5 in upper-case hexadecimal, as senders in production do.
pub fn checksum(content: &[u8]) -> String {
    hex::encode_upper(Md5::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_that_senders_use_are_recognised() {
        let finding = |checksum: &str| {
            let attachment = Attachment {
                content_type: "application/pdf".into(),
                content: b"123456789".to_vec(),
                checksum: checksum.into(),
                file_name: "a.pdf".into(),
            };
            attachment.checksum_finding()
        };
        assert_eq!(finding("25F9E794323B453885F5181F1B624D0B"), ChecksumFinding::Md5);
        assert_eq!(finding("25f9e794323b453885f5181f1b624d0b "), ChecksumFinding::Md5);
        assert_eq!(finding("3421780262"), ChecksumFinding::Crc32);
        assert_eq!(finding("CBF43926"), ChecksumFinding::Crc32);
        assert_eq!(finding("3421780263"), ChecksumFinding::Different);
        assert_eq!(finding(""), ChecksumFinding::Different);
    }
}
