//! Reads an e-mail: headers, parts, encodings (RFC 5322, 2045–2047). Only what a reader of notices needs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How deep parts may lie in parts.
const DEEPEST: usize = 8;

/// The parts of an e-mail that a person reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
}

/// Reads a whole e-mail, as it was sent.
pub(super) fn read(source: &[u8]) -> Mail {
    let (headers, body) = split(source);
    let mut mail = Mail {
        from: decode_words(&header(&headers, "from").unwrap_or_default()),
        subject: decode_words(&header(&headers, "subject").unwrap_or_default()),
        ..Mail::default()
    };
    read_part(&headers, body, &mut mail, 0);
    mail
}

type Headers = Vec<(String, String)>;

/// Headers, unfolded, and what follows the empty line.
fn split(source: &[u8]) -> (Headers, &[u8]) {
    let mut headers: Headers = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let end = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim_start());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, rest)
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
}

fn read_part(headers: &Headers, body: &[u8], mail: &mut Mail, depth: usize) {
    let content_type = header(headers, "content-type").unwrap_or_else(|| "text/plain".into());
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        let Some(boundary) = parameter(&content_type, "boundary") else {
            return;
        };
        if depth < DEEPEST {
            for part in parts(body, &boundary) {
                let (headers, body) = split(part);
                read_part(&headers, body, mail, depth + 1);
            }
        }
        return;
    }
    let place = match kind.as_str() {
        "text/plain" => &mut mail.text,
        "text/html" => &mut mail.html,
        _ => return,
    };
    let attached =
        header(headers, "content-disposition").is_some_and(|d| d.to_ascii_lowercase().starts_with("attachment"));
    if place.is_none() && !attached {
        let encoding = header(headers, "content-transfer-encoding")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let bytes = match encoding.as_str() {
            "base64" => from_base64(body),
            "quoted-printable" => from_quoted_printable(body),
            _ => body.to_vec(),
        };
        let charset = parameter(&content_type, "charset").unwrap_or_default();
        *place = Some(to_text(&bytes, &charset).replace("\r\n", "\n"));
    }
}

/// A parameter of a structured header, `name=value` or `name="value"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The parts between the boundary's lines.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let dashes = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in body.split_inclusive(|&b| b == b'\n') {
        let trimmed = line.trim_ascii_end();
        if trimmed.starts_with(dashes.as_bytes()) {
            // The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1).
            if let Some(part) = begun.and_then(|from| body.get(from..at)) {
                let part = part.strip_suffix(b"\n").unwrap_or(part);
                parts.push(part.strip_suffix(b"\r").unwrap_or(part));
            }
            begun = (!trimmed.ends_with(b"--") || trimmed.len() == dashes.len()).then_some(at + line.len());
        }
        at += line.len();
    }
    if let Some(part) = begun.and_then(|from| body.get(from..)) {
        parts.push(part);
    }
    parts
}

fn from_base64(body: &[u8]) -> Vec<u8> {
    let compact: Vec<u8> = body.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    STANDARD.decode(compact).unwrap_or_default()
}

fn from_quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|&b| b == b'\n') {
        let (content, line_break): (&[u8], &[u8]) = match line.strip_suffix(b"\n") {
            Some(content) => (content.trim_ascii_end(), b"\n"),
            None => (line, b""),
        };
        let (content, line_break) = content
            .strip_suffix(b"=")
            .map_or((content, line_break), |c| (c, b"".as_slice()));
        decode_equals(content, &mut bytes);
        bytes.extend_from_slice(line_break);
    }
    bytes
}

/// `=E5` and the like; what is no code stays as it is.
fn decode_equals(mut rest: &[u8], into: &mut Vec<u8>) {
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'=').then(|| after.get(..2)).flatten();
        let byte = code
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        if let Some(byte) = byte {
            into.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            into.push(first);
            rest = after;
        }
    }
}

/// UTF-8, and ISO 8859-1 with its subset ASCII: others are shown as UTF-8 with marks where that fails.
fn to_text(bytes: &[u8], charset: &str) -> String {
    if charset.eq_ignore_ascii_case("iso-8859-1") || charset.eq_ignore_ascii_case("latin1") {
        bytes.iter().copied().map(char::from).collect()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// Encoded words in a header, `=?utf-8?b?…?=` (RFC 2047). White space between two of them is not text.
fn decode_words(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        if let Some((word, after)) = decode_word(from) {
            if !(after_word && before.trim().is_empty()) {
                text.push_str(before);
            }
            text.push_str(&word);
            rest = after;
            after_word = true;
        } else {
            text.push_str(before);
            text.push_str("=?");
            rest = from.get(2..).unwrap_or_default();
            after_word = false;
        }
    }
    text.push_str(rest);
    text
}

/// The word at the start of `from`, and what follows it.
fn decode_word(from: &str) -> Option<(String, &str)> {
    let (charset, rest) = from.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (content, after) = rest.split_once("?=")?;
    let bytes = match encoding {
        "b" | "B" => STANDARD.decode(content).ok()?,
        "q" | "Q" => {
            let mut bytes = Vec::new();
            decode_equals(content.replace('_', " ").as_bytes(), &mut bytes);
            bytes
        }
        _ => return None,
    };
    // A language may follow the character set (RFC 2231, 5).
    let charset = charset.split('*').next().unwrap_or_default();
    Some((to_text(&bytes, charset), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_notice_in_two_forms() {
        let mail = read(
            "From: =?utf-8?q?Brevl=C3=A5dan?= <no-reply@example.test>\r\n\
             Subject: =?utf-8?b?RHUgaGFyIGbDpXR0?=\r\n =?utf-8?q?_ett_nytt_brev?=\r\n\
             Content-Type: multipart/alternative;\r\n boundary=\"x=y\"\r\n\r\n\
             preamble\r\n--x=y\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\nHej!=0D=0ARad tv=C3=A5 =\r\nforts=C3=A4tter\r\n\
             --x=y\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
             PHA+SMOk\r\nbHNuaW5nPC9wPg==\r\n--x=y--\r\nepilogue"
                .as_bytes(),
        );
        assert_eq!(mail.from, "Brevlådan <no-reply@example.test>");
        assert_eq!(mail.subject, "Du har fått ett nytt brev");
        assert_eq!(mail.text.as_deref(), Some("Hej!\nRad två fortsätter"));
        assert_eq!(mail.html.as_deref(), Some("<p>Hälsning</p>"));
    }

    #[test]
    fn reads_a_plain_mail_without_any_headers_of_mime() {
        let mail = read(b"Subject: plain\n\nline one\nline two\n");
        assert_eq!(mail.subject, "plain");
        assert_eq!(mail.text.as_deref(), Some("line one\nline two\n"));
        assert_eq!(mail.html, None);
    }

    #[test]
    fn an_attachment_is_not_the_text() {
        let mail = read(
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment\n\
              Content-Type: text/plain\n\nfile\n--b\nContent-Type: text/plain; charset=iso-8859-1\n\nbr\xf6d\n--b--\n",
        );
        assert_eq!(mail.text.as_deref(), Some("bröd"));
    }

    #[test]
    fn what_is_no_encoded_word_stays() {
        assert_eq!(decode_words("a =? b =?utf-8?x?y?= c"), "a =? b =?utf-8?x?y?= c");
    }
}
