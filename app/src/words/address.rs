//! Addresses of our own pages, put together from what others have named.

use crate::ports::{Attachment, LetterId};
use std::fmt::Write as _;

/// One segment of a path, or one value of a query, with everything but the unreserved characters of RFC 3986 escaped.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Where an attachment is fetched: its name is the end of the address, so that it is saved under it.
pub(crate) fn attachment_address(letter: &LetterId, attachment: &Attachment) -> String {
    format!(
        "/brev/{}/bilaga/{}/{}",
        segment(&letter.0),
        attachment.index,
        segment(&attachment.name)
    )
}

/// A `tel:` address for a number as a sender has written it, when there is a number in it.
pub(crate) fn telephone(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (digits.len() >= 3).then(|| format!("tel:{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_an_address() {
        assert_eq!(segment("Så överklagar du.pdf"), "S%C3%A5%20%C3%B6verklagar%20du.pdf");
        assert_eq!(segment("a/../b?c#d"), "a%2F..%2Fb%3Fc%23d");
    }

    #[test]
    fn a_number_becomes_callable() {
        assert_eq!(telephone("0980-31 92 00").as_deref(), Some("tel:0980319200"));
        assert_eq!(telephone("se webbplatsen"), None);
    }
}
