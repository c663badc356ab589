//! Markdown that staff write, as safe HTML: what the page shows is cleaned as if a stranger had written it.

use pulldown_cmark::{Options, Parser, html};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The page has its own first heading and the text's title is its second: headings in the text begin below.
const HEADINGS: [(&str, &str); 2] = [("<h1>", "<h2>"), ("</h1>", "</h2>")];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "em",
            "h2",
            "h3",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "template", "iframe", "svg", "math",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["https", "mailto", "tel"]))
        // Addresses of our own pages.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"));
    cleaner
});

/// The text as HTML.
pub fn to_html(markdown: &str) -> String {
    let mut written = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut written, Parser::new_ext(markdown, Options::ENABLE_TABLES));
    for (from, to) in HEADINGS {
        written = written.replace(from, to);
    }
    CLEANER.clean(&written).to_string()
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn what_staff_write_becomes_a_page() {
        let html = to_html(
            "# Rubrik\n\nEn *viktig* [länk](/hjalp/logga-in).\n\n- ett\n- två\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        );
        assert!(html.contains("<h2>Rubrik</h2>"), "{html}");
        assert!(
            html.contains("<em>viktig</em>") && html.contains("href=\"/hjalp/logga-in\""),
            "{html}"
        );
        assert!(html.contains("<li>två</li>") && html.contains("<td>2</td>"), "{html}");
    }

    #[test]
    fn nothing_in_it_runs_or_loads() {
        let html = to_html(
            "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n![b](https://evil.example/b.png) \
             [klick](javascript:alert(1)) <a href=\"data:text/html,x\" onclick=\"x()\">y</a> <iframe src=\"//evil\"></iframe>",
        );
        for bad in [
            "script",
            "img",
            "onerror",
            "javascript:",
            "data:",
            "onclick",
            "iframe",
            "evil",
        ] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
    }
}
