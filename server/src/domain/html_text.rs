//! The words of an HTML body whose layout cannot be shown: without its tags, in one pass.

/// Elements whose content is no part of the letter's words.
const SILENT: &[&str] = &[
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math",
];
/// Elements that stand within a line.
const IN_LINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u",
];
/// The character references that Swedish letters are written with.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("aring", 'å'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("Aring", 'Å'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("eacute", 'é'),
    ("sect", '§'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("middot", '·'),
    ("euro", '€'),
    ("Eacute", 'É'),
    ("uuml", 'ü'),
    ("oslash", 'ø'),
    ("aelig", 'æ'),
];

/// Plain text: a line for each block.
pub(super) fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some((words, after)) = rest.split_once('<') {
        push_words(&mut text, words);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            text.push('<');
            rest = after;
            continue;
        }
        let (tag, following) = after.split_once('>').unwrap_or((after, ""));
        rest = following;
        let name = tag.trim_start_matches('/');
        let name = name
            .split(|c: char| c.is_ascii_whitespace() || c == '/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !IN_LINE.contains(&name.as_str()) {
            text.push('\n');
        }
        if SILENT.contains(&name.as_str()) && !tag.starts_with('/') {
            rest = after_end(following, &name);
        }
    }
    push_words(&mut text, rest);
    text
}

/// What follows the end tag of this name; nothing when there is none.
fn after_end<'a>(text: &'a str, name: &str) -> &'a str {
    let end = text.match_indices("</").find(|(at, _)| {
        text.get(at + 2..at + 2 + name.len())
            .is_some_and(|given| given.eq_ignore_ascii_case(name))
    });
    end.and_then(|(at, _)| text.get(at..)).unwrap_or_default()
}

/// White space in HTML is one blank.
fn push_words(text: &mut String, words: &str) {
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('&') {
        push_in_line(text, before);
        rest = after;
        if let Some((character, following)) = reference(after) {
            text.push(character);
            rest = following;
        } else {
            text.push('&');
        }
    }
    push_in_line(text, rest);
}

fn push_in_line(text: &mut String, words: &str) {
    for character in words.chars() {
        let character = if character.is_ascii_whitespace() {
            ' '
        } else {
            character
        };
        if character != ' ' || !text.ends_with([' ', '\n']) {
            text.push(character);
        }
    }
}

fn reference(after: &str) -> Option<(char, &str)> {
    let end = after.bytes().take(10).position(|byte| byte == b';')?;
    let (name, rest) = (after.get(..end)?, after.get(end + 1..)?);
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32).filter(|c| !c.is_control())
        }
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
    };
    character.map(|character| (character, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_words_are_kept_and_the_rest_is_not() {
        let html = "<style>p{}</style><h1 class='a'>Beslut</h1>\n<p>R&auml;kning  f&#246;r <b>ma</b>rs<br>1 < 2 &amp; s&unknown;</p><!-- tyst --><script>x";
        assert_eq!(
            without_tags(html),
            "\n\n\nBeslut\n\nRäkning för mars\n1 < 2 & s&unknown;\n\n"
        );
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "(<|>|/|!--|-->|script|style|p|&#x41;|&|;|å| ){0,60}") {
            let _ = without_tags(&text);
        }
    }
}
