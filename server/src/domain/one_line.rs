//! A text of many lines on one, as lists and hits show it.

/// What separates paragraphs on one line, where no sentence ends.
const BETWEEN: &str = " ·";

/// Blanks at which no line is broken, as they stand in sums and dates.
const KEPT: [char; 2] = ['\u{a0}', '\u{202f}'];

/// What the lines of a text are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Parts of a running text, which was broken where it was wide enough: an empty line parts its paragraphs.
    Running,
    /// Each a thing of its own.
    Apart,
}

/// The text on one line: white space is one blank, but for one that keeps a word or a number with the next. Where a paragraph ends without
/// ending a sentence, as a heading does, a mark stands before what follows.
pub fn one_line(text: &str, lines: Lines) -> String {
    let parting = match lines {
        Lines::Running => 2,
        Lines::Apart => 1,
    };
    let mut line = String::with_capacity(text.len());
    let (mut white, mut ends) = (false, 0);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let holds = KEPT.contains(&c) && !white && line.ends_with(char::is_alphanumeric);
        if holds && rest.peek().is_some_and(|next| next.is_alphanumeric()) {
            line.push(c);
            continue;
        }
        if c.is_whitespace() {
            white = true;
            ends += usize::from(c == '\n');
            continue;
        }
        if white && !line.is_empty() {
            if ends >= parting && goes_on(&line) && begins(c) {
                line.push_str(BETWEEN);
            }
            line.push(' ');
        }
        (white, ends) = (false, 0);
        line.push(c);
    }
    line
}

/// Whether what stands last looks as if it went on: a word, a number, or what closes around some.
fn goes_on(line: &str) -> bool {
    line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '”' | '’' | '»' | '"' | '\'' | '%'))
}

/// Whether what follows has no sign of its own before it, as the points of a list do.
fn begins(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '(' | '[' | '“' | '”' | '’' | '«' | '»' | '"' | '\'' | '§')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_heading_stands_apart_from_what_follows_it() {
        for (text, line) in [
            (
                "Ditt beslut\n\nHej Tolvan!\n\nDu får ja.",
                "Ditt beslut · Hej Tolvan! Du får ja.",
            ),
            ("En rad som är\nbruten  av bredden", "En rad som är bruten av bredden"),
            ("Ta med:\n\n• pass\n\n– körkort\n", "Ta med: • pass – körkort"),
            ("Avgift\r\n\r\n248\u{a0}kr", "Avgift · 248\u{a0}kr"),
            ("Hej\u{a0}\u{a0} \u{a0}du", "Hej du"),
            ("\n\n Hej \n", "Hej"),
            ("", ""),
        ] {
            assert_eq!(one_line(text, Lines::Running), line, "{text:?}");
        }
        assert_eq!(
            one_line("Bygglov\nSBN 2026/12\n", Lines::Apart),
            "Bygglov · SBN 2026/12"
        );
    }

    proptest! {
        #[test]
        fn every_word_stays_where_it_was(text in "[a-zå .!•·\\n\\t]{0,60}") {
            for lines in [Lines::Running, Lines::Apart] {
                let line = one_line(&text, lines);
                prop_assert!(!line.contains('\n') && line.trim() == line);
                let words = |text: &str| text.split_whitespace().filter(|word| *word != "·").map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(words(&line), words(&text));
            }
        }
    }
}
