//! XML as the contract uses it: parsed once, within limits, read in order, written without prefixes.
//!
//! One parser serves everything (the one that the signature library also uses), so that what is verified and what is
//! read cannot be understood in two ways.

mod read;
mod value;
mod write;

pub use bergshamra::xml::{Document, NodeId, NodeKind};
pub use read::{Attribute, Element, ReadError, Sequence};
pub use value::{
    decode_base64, encode_base64, parse_boolean, parse_date, parse_date_time, write_date, write_date_time,
};
pub use write::{Writer, escape_attribute, escape_text};

use bergshamra::xml::uppsala::{Parser, XmlError as ParserError};

/// What a document may cost before it is refused. The parser builds a tree, so a few megabytes of empty elements would
/// otherwise become hundreds of megabytes of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole document.
    pub bytes: usize,
    /// Elements within elements.
    pub depth: u32,
    /// Tags in all, opening and closing.
    pub tags: usize,
    /// Attributes and namespace declarations of one tag; the parser compares each with each.
    pub attributes: usize,
    /// Attributes of all tags together, namespace declarations too.
    pub attributes_in_all: usize,
    /// Namespace declarations that hold at one place: each prefix is looked for among them.
    pub namespaces: usize,
}

impl Default for Limits {
    /// 4 MiB leaves room for the 2 MB that a message may hold, in base64 and within its envelope (section 10).
    fn default() -> Self {
        Self {
            bytes: 4 * 1024 * 1024,
            depth: 48,
            tags: 40_000,
            attributes: 128,
            attributes_in_all: 20_000,
            namespaces: 256,
        }
    }
}

impl Limits {
    /// The same limits for documents of another size.
    #[must_use]
    pub fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }
}

/// Why a document was refused before anything was read from it. The texts name no content, so they may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// More bytes than allowed.
    #[error("the document is larger than {limit} bytes; send less at a time")]
    TooLarge {
        /// What is allowed.
        limit: usize,
    },
    /// Nested deeper than allowed.
    #[error("elements are nested deeper than {limit} levels; nothing in the contract is")]
    TooDeep {
        /// What is allowed.
        limit: u32,
    },
    /// More tags than allowed.
    #[error("the document has more than {limit} tags")]
    TooManyTags {
        /// What is allowed.
        limit: usize,
    },
    /// More attributes on one element than allowed.
    #[error("an element has more than {limit} attributes")]
    TooManyAttributes {
        /// What is allowed.
        limit: usize,
    },
    /// More attributes in all than allowed.
    #[error("the document has more than {limit} attributes")]
    TooManyAttributesInAll {
        /// What is allowed.
        limit: usize,
    },
    /// More namespace declarations around one place than allowed.
    #[error("more than {limit} namespace declarations hold at one place")]
    TooManyNamespaces {
        /// What is allowed.
        limit: usize,
    },
    /// Something else than UTF-8, or declared as something else.
    #[error("the document is not UTF-8; send it as UTF-8 and say so, or nothing, in the XML declaration")]
    NotUtf8,
    /// A document type: nothing in the contract needs one, and entities are declared there.
    #[error("a document type (DOCTYPE) and entities are not allowed; leave them out")]
    DocumentType,
    /// A processing instruction, where none may be.
    #[error("processing instructions are not allowed; leave them out")]
    ProcessingInstruction,
    /// Not XML, or cut off.
    #[error("the document is not well-formed XML at line {line}, column {column}")]
    NotWellFormed {
        /// Line, counted from 1; 0 when the document just ends.
        line: usize,
        /// Column, counted from 1; 0 when the document just ends.
        column: usize,
    },
}

/// A parsed document.
#[derive(Debug)]
pub struct Xml<'a> {
    document: Document<'a>,
    root: NodeId,
}

impl<'a> Xml<'a> {
    /// Parses `bytes` within `limits`. No document type, no entities but the five of XML, UTF-8 only.
    pub fn parse_bytes(bytes: &'a [u8], limits: &Limits) -> Result<Self, XmlError> {
        if bytes.len() > limits.bytes {
            return Err(XmlError::TooLarge { limit: limits.bytes });
        }
        Self::parse(std::str::from_utf8(bytes).map_err(|_| XmlError::NotUtf8)?, limits)
    }

    /// As [`Xml::parse_bytes`], for text.
    pub fn parse(text: &'a str, limits: &Limits) -> Result<Self, XmlError> {
        check_cost(text, limits)?;
        let parser = Parser::new()
            .with_max_depth(limits.depth)
            .with_forbid_dtd(true)
            .with_forbid_entities(true);
        let document = parser.parse(text).map_err(|error| refusal(&error, text, limits))?;
        let encoding = document
            .xml_declaration
            .as_ref()
            .and_then(|declaration| declaration.encoding.as_deref());
        if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8") && !name.eq_ignore_ascii_case("us-ascii")) {
            return Err(XmlError::NotUtf8);
        }
        let root = document
            .document_element()
            .ok_or(XmlError::NotWellFormed { line: 0, column: 0 })?;
        Ok(Self { document, root })
    }

    /// The document element.
    pub fn root(&self) -> Element<'_> {
        Element::new(&self.document, self.root)
    }

    /// The tree as the signature library takes it.
    pub fn document(&self) -> &Document<'a> {
        &self.document
    }
}

/// Counts what the parser would have to hold, before it holds it. A `<` cannot stand inside an attribute value, so each
/// piece between two of them has at most one tag, and that tag's attributes.
fn check_cost(text: &str, limits: &Limits) -> Result<(), XmlError> {
    if text.len() > limits.bytes {
        return Err(XmlError::TooLarge { limit: limits.bytes });
    }
    let bytes = text.as_bytes();
    let tags = count(bytes, |byte| byte == b'<');
    // Text may be full of equals signs; attributes also have quotes. Most documents have fewer in all than one tag may.
    let attributes =
        |piece: &[u8]| count(piece, |byte| byte == b'=').min(count(piece, |byte| matches!(byte, b'"' | b'\'')) / 2);
    if attributes(bytes) > limits.attributes {
        let mut in_all = 0;
        for piece in bytes.split(|byte| *byte == b'<') {
            let of_tag = attributes(piece);
            if of_tag > limits.attributes {
                return Err(XmlError::TooManyAttributes {
                    limit: limits.attributes,
                });
            }
            in_all += of_tag;
        }
        if in_all > limits.attributes_in_all {
            return Err(XmlError::TooManyAttributesInAll {
                limit: limits.attributes_in_all,
            });
        }
    }
    if tags > limits.tags {
        return Err(XmlError::TooManyTags { limit: limits.tags });
    }
    if text.matches("xmlns").count() > limits.namespaces {
        check_namespaces(text, limits)?;
    }
    Ok(())
}

/// Counts the namespace declarations that hold at each place. In comments and CDATA tags could stand that are none: where there are
/// such, no end tag is believed.
fn check_namespaces(text: &str, limits: &Limits) -> Result<(), XmlError> {
    let believed = !text.contains("<!");
    let (mut around, mut here) = (Vec::new(), 0);
    for piece in text.split('<').skip(1) {
        if piece.starts_with('/') {
            if believed {
                here -= around.pop().unwrap_or(0);
            }
            continue;
        }
        // Some of them may be text: they count all the same.
        let declared = piece.matches("xmlns").count();
        here += declared;
        if here > limits.namespaces {
            return Err(XmlError::TooManyNamespaces {
                limit: limits.namespaces,
            });
        }
        if believed && ends_itself(piece) {
            here -= declared;
        } else {
            around.push(declared);
        }
    }
    Ok(())
}

/// Whether the tag that begins a piece is an empty element's.
fn ends_itself(piece: &str) -> bool {
    let (mut quote, mut last) = (None, b' ');
    for byte in piece.bytes() {
        match (quote, byte) {
            (Some(mark), _) if mark == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return last == b'/',
            _ => {}
        }
        last = byte;
    }
    false
}

/// How many bytes are such. Written as a sum, which compiles to vector instructions.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().map(|byte| usize::from(is(*byte))).sum()
}

/// Translates the parser's error. Its own text is not passed on: it quotes the document.
fn refusal(error: &ParserError, text: &str, limits: &Limits) -> XmlError {
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return XmlError::DocumentType;
    }
    let (line, column, message) = match error {
        ParserError::Parse(at) => (at.line, at.column, at.message.as_str()),
        ParserError::WellFormedness(at) => (at.line, at.column, at.message.as_str()),
        ParserError::Namespace(at) => (at.line, at.column, ""),
        _ => (0, 0, ""),
    };
    if message.contains("maximum depth") {
        return XmlError::TooDeep { limit: limits.depth };
    }
    XmlError::NotWellFormed { line, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> XmlError {
        Xml::parse(text, &Limits::default()).unwrap_err()
    }

    #[test]
    fn a_plain_document_is_read() {
        let xml = Xml::parse(
            "<?xml version='1.0' encoding='utf-8'?><a xmlns='n'><b>x</b></a>",
            &Limits::default(),
        );
        let xml = xml.unwrap();
        assert_eq!((xml.root().namespace(), xml.root().name()), ("n", "a"));
    }

    #[test]
    fn document_types_and_entities_are_refused() {
        assert_eq!(error("<!DOCTYPE a><a/>"), XmlError::DocumentType);
        assert_eq!(
            error("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"),
            XmlError::DocumentType
        );
        assert!(matches!(error("<a>&x;</a>"), XmlError::NotWellFormed { .. }));
    }

    #[test]
    fn what_costs_too_much_is_refused() {
        let limits = Limits {
            bytes: 2000,
            depth: 8,
            tags: 50,
            attributes: 4,
            attributes_in_all: 6,
            namespaces: 3,
        };
        let parse = |text: &str| Xml::parse(text, &limits).map(|_| ());
        assert_eq!(parse(&"x".repeat(2001)), Err(XmlError::TooLarge { limit: 2000 }));
        assert_eq!(
            parse(&format!("{}{}", "<a>".repeat(9), "</a>".repeat(9))),
            Err(XmlError::TooDeep { limit: 8 })
        );
        assert_eq!(
            parse(&format!("<a>{}</a>", "<b/>".repeat(50))),
            Err(XmlError::TooManyTags { limit: 50 })
        );
        assert_eq!(
            parse("<a b='' c='' d='' e='' f=''/>"),
            Err(XmlError::TooManyAttributes { limit: 4 })
        );
        assert_eq!(parse("<a>==========================</a>"), Ok(()));
        assert_eq!(
            parse("<a><b c='' d='' e=''/><b c='' d='' e=''/><b c=''/></a>"),
            Err(XmlError::TooManyAttributesInAll { limit: 6 })
        );
        let beside = "<b xmlns='u'><c xmlns='v'/></b><b xmlns='w'/><b xmlns='x'/>";
        assert_eq!(
            parse(&format!("<a>{beside}</a>")),
            Ok(()),
            "never more than two at one place"
        );
        for within in [
            "<b xmlns='u'><b xmlns='v'><b xmlns='w'><b xmlns='x'/></b></b></b>",
            "<!--</b>--><b xmlns='u'/><b xmlns='v'/><b xmlns='w'/><b xmlns='x'/>",
            "<b xmlns='u' c='/>'><b xmlns='v' c='/>'><b xmlns='w'><b xmlns='x'/></b></b></b>",
            "<b c='>' xmlns:d='u' xmlns:e='v'><b xmlns:d='u' xmlns:e='v'/></b>",
        ] {
            assert_eq!(
                parse(&format!("<a>{within}</a>")),
                Err(XmlError::TooManyNamespaces { limit: 3 }),
                "{within}"
            );
        }
    }

    #[test]
    fn cut_off_and_broken_documents_are_refused() {
        for text in [
            "",
            "<a>",
            "<a><b></a></b>",
            "<a/><b/>",
            "<a b='1' b='2'/>",
            "<x:a/>",
            "text",
        ] {
            assert!(matches!(error(text), XmlError::NotWellFormed { .. }), "{text}");
        }
    }

    #[test]
    fn only_utf8_is_read() {
        assert_eq!(
            error("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
            XmlError::NotUtf8
        );
        assert_eq!(
            Xml::parse_bytes(b"<a>\xff</a>", &Limits::default()).unwrap_err(),
            XmlError::NotUtf8
        );
    }
}
