//! A letter's body, made safe to show: cleaned HTML for a document of its own. Never the sender's bytes as they are.
//!
//! HTML is cleaned by an allow-list of elements (tables, lists, headings, emphasis); scripts, styles, forms and everything that
//! loads from elsewhere go. Pictures stay when they are in the letter itself (infrastructure: links to pictures are not allowed).
//! Plain text becomes paragraphs, and web addresses in it become links. What the reader shows is also shut in by the frame's
//! sandbox and its own content security policy: three walls, each enough alone.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The body as HTML for a document of its own.
pub fn to_safe_html(content_type: &str, body: &[u8]) -> String {
    let text = decode(body);
    if media_type(content_type) == "text/html" {
        CLEANER.clean(&text).to_string()
    } else {
        paragraphs(&text)
    }
}

/// The media type without its parameters, in lower case.
pub fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// UTF-8, or Latin-1 where it is not: no letter becomes unreadable for its charset.
fn decode(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(body.iter().map(|byte| char::from(*byte)).collect()),
    }
}

const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(ELEMENTS.iter().copied().collect())
        // The words in these are no part of the letter.
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan", "scope"])),
            ("ol", HashSet::from(["start", "type"])),
            ("time", HashSet::from(["datetime"])),
        ]))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "data"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") => is_own_picture(value).then_some(Cow::Borrowed(value)),
            ("a", "href") => (!scheme_is(value, "data")).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        })
        .set_tag_attribute_values(HashMap::from([("a", HashMap::from([("target", "_blank")]))]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

fn scheme_is(address: &str, scheme: &str) -> bool {
    address
        .trim_start()
        .split(':')
        .next()
        .is_some_and(|given| given.eq_ignore_ascii_case(scheme))
}

fn is_own_picture(source: &str) -> bool {
    [
        "data:image/png;base64,",
        "data:image/jpeg;base64,",
        "data:image/gif;base64,",
        "data:image/webp;base64,",
    ]
    .iter()
    .any(|start| {
        source
            .get(..start.len())
            .is_some_and(|given| given.eq_ignore_ascii_case(start))
    })
}

fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut html = String::with_capacity(text.len() + 64);
    for paragraph in text
        .split("\n\n")
        .map(|p| p.trim_matches('\n'))
        .filter(|p| !p.trim().is_empty())
    {
        html.push_str("<p>");
        for (index, line) in paragraph.split('\n').enumerate() {
            if index > 0 {
                html.push_str("<br>");
            }
            push_line(&mut html, line);
        }
        html.push_str("</p>");
    }
    html
}

/// One line of plain text; addresses that begin with `http://` or `https://` become links.
fn push_line(html: &mut String, line: &str) {
    let mut rest = line;
    while let Some(start) = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '”' | '“'))
            .unwrap_or(from.len());
        // The full stop that ends a sentence, or the bracket around the address, is no part of it.
        let address = from
            .get(..end)
            .unwrap_or_default()
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        push_escaped(html, before);
        if address.len() > "https://".len() {
            html.push_str("<a href=\"");
            push_escaped(html, address);
            html.push_str("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
            push_escaped(html, address);
            html.push_str("</a>");
        } else {
            push_escaped(html, address);
        }
        rest = from.get(address.len()..).unwrap_or_default();
    }
    push_escaped(html, rest);
}

fn push_escaped(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(text: &str) -> String {
        to_safe_html("text/html; charset=utf-8", text.as_bytes())
    }

    #[test]
    fn what_a_letter_needs_is_kept() {
        let letter = r#"<h1>Beslut</h1><table><tr><th scope="row">Avgift</th><td colspan="2">248 kr</td></tr></table><ul><li>ett</li></ul>"#;
        let clean = html(letter);
        for part in ["<h1>Beslut</h1>", "scope=\"row\"", "colspan=\"2\"", "<li>ett</li>"] {
            assert!(clean.contains(part), "{part} is missing in {clean}");
        }
    }

    #[test]
    fn nothing_runs_and_nothing_loads_from_elsewhere() {
        let nasty = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<img src='https://track.example/p.png'>",
            "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
            "<a href='javascript:alert(1)'>x</a>",
            "<a href=' data:text/html,<script>1</script>'>x</a>",
            "<svg onload=alert(1)><style>*{background:url(https://track.example)}</style></svg>",
            "<form action='https://track.example'><input name=q></form>",
            "<iframe srcdoc='<script>1</script>'></iframe>",
            "<div style='background:url(https://track.example)'>x</div>",
            "<base href='https://track.example'><meta http-equiv=refresh content='0;url=https://track.example'>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<link rel=stylesheet href='https://track.example'>",
        ];
        for text in nasty {
            let clean = html(text).to_ascii_lowercase();
            for bad in [
                "script",
                "onerror",
                "onload",
                "track.example",
                "style",
                "svg",
                "<form",
                "<iframe",
                "data:",
            ] {
                assert!(!clean.contains(bad), "«{bad}» stays of {text}: {clean}");
            }
        }
    }

    #[test]
    fn links_open_outside_and_tell_nobody() {
        let clean = html("<a href='https://kommun.example/a'>Läs mer</a>");
        assert!(
            clean.contains("target=\"_blank\"") && clean.contains("noreferrer"),
            "{clean}"
        );
    }

    #[test]
    fn plain_text_keeps_its_lines_and_gets_links() {
        let clean = to_safe_html(
            "text/plain",
            "Hej!\nLäs <här>: https://kommun.example/a?b=1&c=2.\r\n\r\nVänligen".as_bytes(),
        );
        assert_eq!(
            clean,
            "<p>Hej!<br>Läs &lt;här&gt;: <a href=\"https://kommun.example/a?b=1&amp;c=2\" target=\"_blank\" \
             rel=\"noopener noreferrer nofollow\">https://kommun.example/a?b=1&amp;c=2</a>.</p><p>Vänligen</p>"
        );
    }

    #[test]
    fn a_letter_in_latin_1_can_be_read() {
        assert_eq!(
            to_safe_html("text/plain; charset=iso-8859-1", b"r\xe4kning"),
            "<p>räkning</p>"
        );
    }

    proptest! {
        #[test]
        fn plain_text_never_becomes_markup(text in "[a-z<>\"'& :/.\\n]{0,80}") {
            let clean = to_safe_html("text/plain", text.as_bytes());
            let tags: String = clean.split('<').skip(1).filter_map(|t| t.split(['>', ' ']).next()).filter(|t| !["p", "/p", "br", "a", "/a"].contains(t)).collect();
            prop_assert_eq!(tags, "");
        }

        #[test]
        fn no_html_brings_a_script_through(text in "(<|>|script|img|onerror=|src=|javascript:|'|\"| |/|svg|style|a|href=){0,20}") {
            let clean = html(&text).to_ascii_lowercase();
            prop_assert!(!clean.contains("<script") && !clean.contains("<svg") && !clean.contains("<style"));
        }
    }
}
