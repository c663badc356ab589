//! What cleaning an HTML body would cost, found in one pass and before anything is built.
//!
//! The cleaner parses as browsers do, and that makes more than is written: formatting elements left open are made again in every
//! paragraph that follows, and each tag looks through all that is open around it. Some kilobytes can so become gigabytes.
//!
//! Every count errs on the dear side. An element counts as open until an end tag stands exactly where it belongs, so what a parser has
//! open at any place is never more than what is counted here, but for a few elements between each two that end by themselves. Tags are
//! counted in comments and scripts too. A letter that keeps the rules (elements closed by their named end tags) is not near a limit.

/// Tags, opening and closing.
const TAGS: usize = 20_000;
/// Elements open around one place.
const DEPTH: usize = 400;
/// Attributes of one tag: the parser compares each with each.
const ATTRIBUTES: usize = 64;
/// What may be made again, in bytes: for each tag, the formatting elements that are open around it.
const MADE_AGAIN: usize = 8 * 1024 * 1024;
/// What an element costs beside its text.
const ELEMENT: usize = 40;

/// Elements that hold nothing.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
];
/// Elements that end by themselves when the next of them begins: between two others at most one of each is open.
const END_BY_THEMSELVES: &[&str] = &[
    "body", "caption", "colgroup", "head", "html", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr",
];
/// Elements that are made again when what is around them ends before they do.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Where these begin, other rules hold for every name within.
const FOREIGN: &[&str] = &["math", "svg"];

/// Whether a cleaner may be given this.
pub(super) fn is_affordable(html: &str) -> bool {
    let mut cost = Cost::default();
    html.match_indices('<')
        .all(|(at, _)| html.get(at + 1..).is_none_or(|after| cost.count(after.as_bytes())))
}

#[derive(Default)]
struct Cost<'a> {
    tags: usize,
    /// What is open, outermost first: the name as written, and what making it again costs.
    open: Vec<(&'a [u8], usize)>,
    /// The costs of all that is open.
    formatting: usize,
    made_again: usize,
    foreign: bool,
}

impl<'a> Cost<'a> {
    /// Counts what begins after a `<`. Tells whether it is still affordable.
    fn count(&mut self, after: &'a [u8]) -> bool {
        let (ends, tag) = match after.strip_prefix(b"/") {
            Some(tag) => (true, tag),
            None => (false, after),
        };
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            return true;
        }
        let Some(length) = length(tag) else { return false };
        let name = tag.split(|byte| is_space(*byte) || matches!(byte, b'/' | b'>')).next();
        self.begin_or_end(name.unwrap_or_default(), ends, length);
        self.tags += 1;
        self.made_again = self.made_again.saturating_add(self.formatting);
        self.tags <= TAGS && self.open.len() <= DEPTH && self.made_again <= MADE_AGAIN
    }

    fn begin_or_end(&mut self, name: &'a [u8], ends: bool, length: usize) {
        if ends {
            if let Some((_, cost)) = self.open.pop_if(|(open, _)| open.eq_ignore_ascii_case(name)) {
                self.formatting -= cost;
            }
            return;
        }
        let is = |names: &[&str]| names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
        self.foreign |= is(FOREIGN);
        if self.foreign || !(is(VOID) || is(END_BY_THEMSELVES)) {
            let cost = if is(FORMATTING) { length + ELEMENT } else { 0 };
            self.open.push((name, cost));
            self.formatting = self.formatting.saturating_add(cost);
        }
    }
}

/// Where in a tag the reading is.
#[derive(Clone, Copy)]
enum At {
    Name,
    BeforeAttribute,
    Attribute,
    AfterAttribute,
    BeforeValue,
    Value,
    Quoted(u8),
}

/// How long a tag is, `>` included. Nothing when it has too many attributes, or when another tag seems to begin in it: honest letters
/// have no such thing, and who counted on from there could be led past tags.
fn length(tag: &[u8]) -> Option<usize> {
    let (mut at, mut attributes) = (At::Name, 0);
    for (place, byte) in tag.iter().enumerate() {
        let space = is_space(*byte);
        at = match (at, *byte) {
            (At::Quoted(mark), byte) if byte == mark => At::BeforeAttribute,
            (At::Quoted(_), _) => at,
            (_, b'>') => return Some(place + 1),
            (_, b'<') => return None,
            (At::BeforeValue, _) if space => at,
            (At::BeforeValue, mark @ (b'"' | b'\'')) => At::Quoted(mark),
            (At::BeforeValue, _) => At::Value,
            (At::Value, _) if !space => at,
            (At::Attribute | At::AfterAttribute, b'=') => At::BeforeValue,
            (At::Attribute | At::AfterAttribute, _) if space => At::AfterAttribute,
            (_, b'/') => At::BeforeAttribute,
            (_, _) if space => At::BeforeAttribute,
            (At::BeforeAttribute | At::AfterAttribute, _) => {
                attributes += 1;
                At::Attribute
            }
            (At::Name | At::Attribute | At::Value, _) => at,
        };
        if attributes > ATTRIBUTES {
            return None;
        }
    }
    Some(tag.len())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_honest_letter_is_affordable() {
        let row = "<tr><td>Avgift<td align=right><b>248 kr</b>, <a href=\"https://kommun.example/a?b=1\">mer</a><br>\n";
        let letter = format!(
            "<!DOCTYPE html><html><head><title>Beslut</title></head><body><!-- a < b --><h1>Beslut</h1>\
             <ul><li>ett<li>två</ul><table>{}</table><p>1 < 2<p>slut<img alt='a > b' src='data:x'></body></html>",
            row.repeat(500)
        );
        assert!(is_affordable(&letter));
    }

    #[test]
    fn what_would_grow_is_not() {
        let many = |n: usize| (0..n).map(|i| format!("<b lang=a{i}>")).collect::<String>();
        for dear in [
            "<div>".repeat(500),
            "<br>".repeat(20_001),
            format!("<p>{}{}", many(200), "<p>x".repeat(2000)),
            // A scope that swallows the end tags.
            format!(
                "{}{}",
                "<b lang=x><object></b></object>".repeat(300),
                "<p>x".repeat(2000)
            ),
            "<div><object></div></object>".repeat(500),
            // Names that hold nothing in HTML, but do in SVG.
            format!("<svg>{}", "<col>".repeat(500)),
            "<svg><li>".repeat(300),
            // One tag that is long is made again often.
            format!("<b lang={}>{}", "x".repeat(100_000), "<p>x".repeat(200)),
            format!("<a {}>", (0..100).map(|i| format!("a{i} ")).collect::<String>()),
            format!("</a {}>", (0..100).map(|i| format!("a{i}=''")).collect::<String>()),
            format!("<a =\"{}>", (0..100).map(|i| format!(" a{i}")).collect::<String>()),
            "<a<".repeat(10),
        ] {
            assert!(!is_affordable(&dear), "{}…", &dear[..dear.len().min(40)]);
        }
    }

    proptest! {
        /// What is affordable stays small, whatever soup it is.
        #[test]
        fn what_is_affordable_stays_small(
            soup in "(<b lang=a1>|<i lang=b2>|<a href=\"https://a.example\">|</a>|</b>|</i>|<p>x|</p>|<div>|</div>|<table>|</table>|<td>|<tr>|<li>|<dd>|<object>|</object>|<svg>|</svg>|<select>|</select>){0,60}",
            times in 1_usize..60,
        ) {
            let html = soup.repeat(times);
            if is_affordable(&html) {
                let clean = super::super::body::to_safe_html("text/html", html.as_bytes());
                prop_assert!(clean.len() < 4 * MADE_AGAIN);
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in "[<>/a-c= \"'åäö]{0,200}") {
            let _ = is_affordable(&text);
        }
    }
}
