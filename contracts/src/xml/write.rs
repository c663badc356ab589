//! Writing XML without prefixes.
//!
//! Each element carries a default `xmlns` where its namespace differs from its parent's, and nothing else declares
//! anything. This is the form that deliveries are signed in (section 7.2), and it is canonical XML as it stands: no
//! empty-element tags, the escapes of Canonical XML 1.0, no line breaks of ours.

/// Writes elements one after the other. Unbalanced calls make unbalanced text, never a panic.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    /// Name and namespace of each open element.
    open: Vec<(String, String)>,
    in_tag: bool,
}

impl Writer {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty document with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Opens an element; attributes may follow.
    pub fn start(&mut self, namespace: &str, name: &str) -> &mut Self {
        self.close_tag();
        let changes = self.open.last().map_or("", |(_, around)| around.as_str()) != namespace;
        self.out.push('<');
        self.out.push_str(name);
        if changes {
            self.out.push_str(" xmlns=\"");
            escape_attribute(namespace, &mut self.out);
            self.out.push('"');
        }
        self.open.push((name.to_owned(), namespace.to_owned()));
        self.in_tag = true;
        self
    }

    /// An attribute of the element just opened, written as named. Canonical form wants them sorted; that is the
    /// caller's part.
    pub fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(value, &mut self.out);
        self.out.push('"');
        self
    }

    /// Text, escaped.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.close_tag();
        escape_text(text, &mut self.out);
        self
    }

    /// Text that is XML already.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.close_tag();
        self.out.push_str(xml);
        self
    }

    /// Closes the innermost open element.
    pub fn end(&mut self) -> &mut Self {
        self.close_tag();
        if let Some((name, _)) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push('>');
        }
        self
    }

    /// An element that holds only text.
    pub fn element(&mut self, namespace: &str, name: &str, text: &str) -> &mut Self {
        self.start(namespace, name).text(text).end()
    }

    /// An element that holds only text, when there is one.
    pub fn optional(&mut self, namespace: &str, name: &str, text: Option<&str>) -> &mut Self {
        if let Some(text) = text {
            self.element(namespace, name, text);
        }
        self
    }

    /// Closes what is open and gives the text.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.out
    }

    fn close_tag(&mut self) {
        if self.in_tag {
            self.out.push('>');
            self.in_tag = false;
        }
    }
}

/// Escapes text as Canonical XML 1.0 does.
pub fn escape_text(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Escapes an attribute value as Canonical XML 1.0 does.
pub fn escape_attribute(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Copies clean runs whole: most text is base64 without anything to escape, so that is asked first, in a form that
/// compiles to vector instructions.
fn escape(text: &str, out: &mut String, entity: impl Fn(u8) -> Option<&'static str>) {
    let special = |byte: u8| byte < b' ' || matches!(byte, b'&' | b'<' | b'>' | b'"');
    if !text.bytes().fold(false, |any, byte| any | special(byte)) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some((at, replacement)) = rest
        .bytes()
        .enumerate()
        .find_map(|(at, byte)| entity(byte).map(|replacement| (at, replacement)))
    {
        // All bytes that are escaped are ASCII, so both cuts are between characters.
        let (clean, tail) = rest.split_at(at);
        out.push_str(clean);
        out.push_str(replacement);
        rest = tail.get(1..).unwrap_or("");
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Xml};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_namespace_is_declared_where_it_changes() {
        let mut xml = Writer::new();
        xml.start("n", "a")
            .attribute("id", "1\"")
            .element("n", "b", "x<y")
            .start("m", "c")
            .element("", "d", "");
        assert_eq!(
            xml.finish(),
            r#"<a xmlns="n" id="1&quot;"><b>x&lt;y</b><c xmlns="m"><d xmlns=""></d></c></a>"#
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(text in "[ -~åäö\r\n\t€]{0,60}", value in "[ -~åäö\r\n\t]{0,60}") {
            let mut xml = Writer::new();
            xml.start("n", "a").attribute("v", &value).text(&text);
            let xml = xml.finish();
            let parsed = Xml::parse(&xml, &Limits::default()).unwrap();
            let read = parsed.root().text().unwrap();
            prop_assert_eq!(read.as_ref(), text.as_str());
            prop_assert_eq!(parsed.root().attribute("v"), Some(value.as_str()));
        }
    }
}
