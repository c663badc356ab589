//! A ZIP archive that is written as it goes (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4): files are stored as they are, names are UTF-8.
//! Letters are sealed XML and PDF, which compressing again would hardly make smaller.

use time::OffsetDateTime;

/// Version 2.0 is all it takes to read it.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

/// More than a plain archive can hold: four gigabytes, or 65,535 files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than a ZIP archive holds")]
pub(super) struct Full;

/// What is known of the archive so far.
#[derive(Debug, Default)]
pub(super) struct Zip {
    directory: Vec<u8>,
    files: u16,
    offset: u32,
}

impl Zip {
    /// The bytes that add a file.
    pub(super) fn file(&mut self, name: &str, content: &[u8], at: OffsetDateTime) -> Result<Vec<u8>, Full> {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let size = u32::try_from(content.len()).map_err(|_| Full)?;
        let length = u16::try_from(name.len()).map_err(|_| Full)?;
        let (date, clock) = dos_time(at);
        // What the file's own head and its line in the directory have in common.
        let mut common = Vec::with_capacity(32);
        for word in [VERSION, FLAGS, 0, clock, date] {
            common.extend_from_slice(&word.to_le_bytes());
        }
        for long in [crc.sum(), size, size] {
            common.extend_from_slice(&long.to_le_bytes());
        }
        common.extend_from_slice(&length.to_le_bytes());
        common.extend_from_slice(&0_u16.to_le_bytes());

        let mut bytes = Vec::with_capacity(content.len() + name.len() + 64);
        bytes.extend_from_slice(b"PK\x03\x04");
        bytes.extend_from_slice(&common);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(content);

        self.directory.extend_from_slice(b"PK\x01\x02");
        self.directory.extend_from_slice(&VERSION.to_le_bytes());
        self.directory.extend_from_slice(&common);
        // No comment, first disk, no attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&self.offset.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());

        let written = u32::try_from(bytes.len()).map_err(|_| Full)?;
        self.offset = self.offset.checked_add(written).ok_or(Full)?;
        self.files = self.files.checked_add(1).ok_or(Full)?;
        Ok(bytes)
    }

    /// The bytes that end the archive: its directory.
    pub(super) fn end(self) -> Result<Vec<u8>, Full> {
        let size = u32::try_from(self.directory.len()).map_err(|_| Full)?;
        let mut bytes = self.directory;
        bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        bytes.extend_from_slice(&self.files.to_le_bytes());
        bytes.extend_from_slice(&self.files.to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&self.offset.to_le_bytes());
        bytes.extend_from_slice(&0_u16.to_le_bytes());
        Ok(bytes)
    }
}

/// Date and time as MS-DOS had them: since 1980, to two seconds.
fn dos_time(at: OffsetDateTime) -> (u16, u16) {
    let year = u16::try_from(at.year() - 1980).unwrap_or(0).min(127);
    let date = year << 9 | u16::from(u8::from(at.month())) << 5 | u16::from(at.day());
    let clock = u16::from(at.hour()) << 11 | u16::from(at.minute()) << 5 | u16::from(at.second() / 2);
    (date, clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_as_the_format_has_it() {
        let at = OffsetDateTime::from_unix_timestamp(1_764_075_600).unwrap();
        let mut zip = Zip::default();
        let mut archive = zip.file("å.txt", b"hej", at).unwrap();
        assert_eq!(archive.len(), 30 + 6 + 3);
        // The well-known check value of CRC-32 for these bytes is in both places.
        let crc = &archive[14..18].to_vec();
        archive.extend(zip.end().unwrap());
        let directory = 39;
        assert_eq!(&archive[directory..directory + 4], b"PK\x01\x02");
        assert_eq!(&archive[directory + 16..directory + 20], crc.as_slice());
        assert_eq!(archive.len(), directory + 46 + 6 + 22);
    }
}
