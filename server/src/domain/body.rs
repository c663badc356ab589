//! A letter's body, made safe to show: cleaned HTML for a document of its own. Never the sender's bytes as they are.
//!
//! HTML is cleaned by an allow-list of elements (tables, lists, headings, emphasis); scripts, styles, forms and everything that
//! loads from elsewhere go. Pictures stay when they are in the letter itself (infrastructure: links to pictures are not allowed).
//! Plain text becomes paragraphs, and web addresses in it become links. What the reader shows is also shut in by the frame's
//! sandbox and its own content security policy: three walls, each enough alone. On the page for printing the cleaned HTML stands in a
//! page of ours, since of a frame only what it shows is printed: there the cleaning and the page's policy are the walls, and what
//! looks like a heading or a link there can be the sender's.
//!
//! The time and the memory it takes grow with the body and no faster. HTML that would grow beyond that loses its layout and keeps
//! its words. Even so it is work for a processor: run it beside the threads that serve people.

use super::html_cost::is_affordable;
use super::html_text::without_tags;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The most HTML that a letter is shown as, in bytes. A message holds 2 MB; pictures in it are part of that.
const MAX_HTML: usize = 8 * 1024 * 1024;
/// The most text that is shown, in bytes before it is escaped.
const MAX_TEXT: usize = 2 * 1024 * 1024;
/// Web addresses that become links; those after them stay words.
const MAX_LINKS: usize = 2000;

/// Whether a body is shown as its sender laid it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As it was laid out.
    AsSent,
    /// Only its words, or only the first of them: all of it would cost too much to show.
    WordsOnly,
}

/// The body as HTML for a document of its own, and how much of its layout that has.
pub fn to_shown(content_type: &str, body: &[u8]) -> (String, Layout) {
    let text = decode(body);
    if media_type(content_type) != "text/html" {
        return paragraphs(&text);
    }
    let html = is_affordable(&text).then(|| CLEANER.clean(&text).to_string());
    match html.filter(|html| html.len() <= MAX_HTML) {
        Some(html) => (html, Layout::AsSent),
        None => (paragraphs(&without_tags(&text)).0, Layout::WordsOnly),
    }
}

/// The body as HTML for a document of its own.
pub fn to_safe_html(content_type: &str, body: &[u8]) -> String {
    to_shown(content_type, body).0
}

/// About how many characters there are to read, without cleaning anything: for a first guess of the height.
pub fn length(content_type: &str, body: &[u8]) -> usize {
    if media_type(content_type) != "text/html" {
        return body.len();
    }
    let (mut inside, mut length) = (false, 0);
    for byte in body {
        match byte {
            b'<' => inside = true,
            b'>' => inside = false,
            _ => length += usize::from(!inside),
        }
    }
    length
}

/// The words of a body, without markup: what search looks in. Paragraphs, rows and cells stay apart.
pub fn to_text(content_type: &str, body: &[u8]) -> String {
    if media_type(content_type) != "text/html" {
        return decode(body).into_owned();
    }
    let html = to_safe_html(content_type, body);
    let mut text = String::with_capacity(html.len());
    for part in html.split('<') {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if !INSIDE_WORDS.contains(&name) {
            text.push('\n');
        }
        text.push_str(words);
    }
    // The cleaner writes these and no others.
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The words of the beginning of a body, quickly: without cleaning what nobody will be shown as HTML. It may end inside a tag.
pub(super) fn words_of_beginning(content_type: &str, beginning: &[u8]) -> String {
    let text = decode(whole_characters(beginning));
    if media_type(content_type) == "text/html" {
        without_tags(&text)
    } else {
        text.into_owned()
    }
}

/// Without a last character that the cut has gone through: what is left reads as the whole does.
fn whole_characters(cut: &[u8]) -> &[u8] {
    match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => cut.get(..error.valid_up_to()).unwrap_or(cut),
        _ => cut,
    }
}

/// Elements that may begin or end inside a word or a sentence.
const INSIDE_WORDS: &[&str] = &[
    "", "a", "abbr", "b", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time",
    "u",
];

/// The media type without its parameters, in lower case.
pub fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// `svSE`, which senders really write, is no language tag; its first two letters are.
pub fn language_tag(language: &str) -> Option<String> {
    let tag = language.get(..2)?.to_ascii_lowercase();
    tag.chars().all(|c| c.is_ascii_lowercase()).then_some(tag)
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

fn paragraphs(text: &str) -> (String, Layout) {
    let shown = text.floor_char_boundary(MAX_TEXT);
    let layout = if shown < text.len() {
        Layout::WordsOnly
    } else {
        Layout::AsSent
    };
    let text = text.get(..shown).unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut html = String::with_capacity(text.len() + 64);
    let mut links = MAX_LINKS;
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
            push_line(&mut html, line, &mut links);
        }
        html.push_str("</p>");
    }
    (html, layout)
}

/// One line of plain text; addresses that begin with `http://` or `https://` become links, as many as there are `links` left.
fn push_line(html: &mut String, line: &str, links: &mut usize) {
    let mut done = 0;
    for (at, _) in line.match_indices("http") {
        let from = line.get(at..).unwrap_or_default();
        // One that stands in an address already belongs to it.
        if at < done || !(from.starts_with("https://") || from.starts_with("http://")) {
            continue;
        }
        if *links == 0 {
            break;
        }
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '”' | '“'))
            .unwrap_or(from.len());
        // The full stop that ends a sentence, or the bracket around the address, is no part of it.
        let address = from
            .get(..end)
            .unwrap_or_default()
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        push_escaped(html, line.get(done..at).unwrap_or_default());
        if address.len() > "https://".len() {
            *links -= 1;
            html.push_str("<a href=\"");
            push_escaped(html, address);
            html.push_str("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
            push_escaped(html, address);
            html.push_str("</a>");
        } else {
            push_escaped(html, address);
        }
        done = at + address.len();
    }
    push_escaped(html, line.get(done..).unwrap_or_default());
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
    fn the_words_of_html_stay_apart_and_whole() {
        let text = to_text(
            "text/html",
            "<table><tr><td>ett</td><td>två</td></tr></table><p><b>T</b>rygghet &amp; <i>larm</i></p><script>x</script>".as_bytes(),
        );
        assert_eq!(
            text.split_whitespace().collect::<Vec<_>>(),
            ["ett", "två", "Trygghet", "&", "larm"]
        );
    }

    #[test]
    fn a_letter_in_latin_1_can_be_read() {
        assert_eq!(
            to_safe_html("text/plain; charset=iso-8859-1", b"r\xe4kning"),
            "<p>räkning</p>"
        );
    }

    #[test]
    fn a_body_full_of_links_takes_no_longer_than_its_length() {
        let began = std::time::Instant::now();
        for text in [
            "http://abcdefg ".repeat(1_000_000 / 15),
            "http".repeat(250_000),
            "http://".repeat(150_000),
            format!("http://{}", "!".repeat(1_000_000)),
        ] {
            let (html, _) = to_shown("text/plain", text.as_bytes());
            assert!(html.len() < MAX_HTML && html.matches("<a ").count() <= MAX_LINKS);
        }
        // It took minutes; it takes tenths of a second, on a busy machine too.
        assert!(
            began.elapsed() < std::time::Duration::from_secs(10),
            "{:?}",
            began.elapsed()
        );
    }

    #[test]
    fn html_that_would_grow_keeps_its_words() {
        let began = std::time::Instant::now();
        for (opening, again) in [(2500, 2500), (20_000, 20_000)] {
            let open: String = (0..opening).map(|i| format!("<b lang=a{i}>")).collect();
            let text = format!("<h1>Beslut</h1><p>{open}{}", "<p>x".repeat(again));
            let (html, layout) = to_shown("text/html", text.as_bytes());
            assert_eq!(layout, Layout::WordsOnly);
            assert!(
                html.starts_with("<p>Beslut</p>") && html.len() < 2 * text.len(),
                "{} bytes",
                html.len()
            );
        }
        let (html, layout) = to_shown("text/html", "<div>".repeat(400_000).as_bytes());
        assert_eq!((html.as_str(), layout), ("", Layout::WordsOnly));
        assert!(
            began.elapsed() < std::time::Duration::from_secs(10),
            "{:?}",
            began.elapsed()
        );
        assert_eq!(
            to_shown("text/html", b"<p>x</p>"),
            ("<p>x</p>".to_owned(), Layout::AsSent)
        );
    }

    /// What is let through costs what it may, at the limits of each kind.
    #[test]
    fn what_is_just_affordable_is_cleaned_in_a_moment() {
        let began = std::time::Instant::now();
        for text in [
            "<p>x".repeat(20_000),
            format!("{}{}", "<div>".repeat(390), "<p>x".repeat(19_000)),
            format!(
                "{}{}",
                (0..100).map(|i| format!("<b lang=a{i}>")).collect::<String>(),
                "<p>x".repeat(1400)
            ),
            format!("<table>{}", "x<tr>y".repeat(9000)),
            format!("{}{}", "<ul><li>".repeat(390), "<dd>".repeat(8)),
        ] {
            let (html, layout) = to_shown("text/html", text.as_bytes());
            assert_eq!(layout, Layout::AsSent, "{}", &text[..30]);
            assert!(html.len() <= MAX_HTML);
        }
        assert!(
            began.elapsed() < std::time::Duration::from_secs(20),
            "{:?}",
            began.elapsed()
        );
    }

    #[test]
    fn text_beyond_what_can_be_shown_is_cut_and_told() {
        let (html, layout) = to_shown("text/plain", "å".repeat(MAX_TEXT).as_bytes());
        assert_eq!(layout, Layout::WordsOnly);
        assert!(html.len() <= MAX_TEXT + 7);
    }

    #[test]
    fn senders_languages_become_tags() {
        assert_eq!(language_tag("svSE").as_deref(), Some("sv"));
        assert_eq!(language_tag("en").as_deref(), Some("en"));
        assert_eq!(language_tag("x"), None);
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
