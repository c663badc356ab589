//! Whether a text has a phrase, and the few words around a hit that show a person why a letter was found.

use super::one_line::{Lines, one_line};
use super::words::{indexed, joined};
use std::collections::HashSet;
use std::ops::Range;

/// Letters before the hit, and from it on.
const BEFORE: usize = 70;
const AFTER: usize = 170;

/// A piece of a text: a hit, or what stands between hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// What is marked in texts: words, and phrases.
#[derive(Clone, Default)]
pub struct Marks {
    /// Folded words that were found.
    pub words: HashSet<String>,
    /// Phrases, each its folded words in order.
    pub phrases: Vec<Vec<String>>,
}

impl std::fmt::Debug for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Marks(…)")
    }
}

/// Whether the words of a phrase follow each other in a text.
pub fn has_phrase(text: &str, phrase: &[String]) -> bool {
    !phrase_places(text, phrase).is_empty()
}

fn phrase_places(text: &str, phrase: &[String]) -> Vec<Range<usize>> {
    if phrase.is_empty() {
        return Vec::new();
    }
    joined(text)
        .windows(phrase.len())
        .filter(|window| window.iter().zip(phrase).all(|(word, wanted)| word.folded == *wanted))
        .filter_map(|window| Some(window.first()?.at.start..window.last()?.at.end))
        .collect()
}

/// Where there are hits in a text, in order and apart.
fn places(text: &str, marks: &Marks) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = indexed(text)
        .into_iter()
        .filter(|word| marks.words.contains(&word.folded))
        .map(|word| word.at)
        .collect();
    for phrase in &marks.phrases {
        places.extend(phrase_places(text, phrase));
    }
    places.sort_by_key(|place| place.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// A whole line with its hits, for what is shown anyway: a subject, a name.
pub fn marked(text: &str, marks: &Marks) -> Vec<Piece> {
    let line = one_line(text, Lines::Running);
    cut(&line, 0..line.len(), &places(&line, marks))
}

/// Some words around the first hit of a text, on one line; nothing when there is none.
pub fn excerpt(text: &str, lines: Lines, marks: &Marks) -> Option<Vec<Piece>> {
    let line = one_line(text, lines);
    let places = places(&line, marks);
    let first = places.first()?;
    let begin = line
        .get(..first.start)?
        .char_indices()
        .rev()
        .take(BEFORE)
        .last()
        .map_or(first.start, |(at, _)| at);
    let end = line
        .get(first.start..)?
        .char_indices()
        .nth(AFTER)
        .map_or(line.len(), |(at, _)| first.start + at)
        .max(first.end);
    // Whole words: to the blank within, unless that is where the hit is.
    let begin = if begin == 0 {
        0
    } else {
        line.get(begin..first.start)?
            .find(' ')
            .map_or(first.start, |at| begin + at)
    };
    let end = if end == line.len() {
        end
    } else {
        line.get(first.end..end)?.rfind(' ').map_or(end, |at| first.end + at)
    };
    let mut pieces = cut(&line, begin..end, &places);
    if begin > 0 {
        pieces.insert(
            0,
            Piece {
                text: "… ".to_owned(),
                hit: false,
            },
        );
    }
    if end < line.len() {
        pieces.push(Piece {
            text: " …".to_owned(),
            hit: false,
        });
    }
    Some(pieces)
}

/// The part of a line, in pieces.
fn cut(line: &str, part: Range<usize>, places: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |at: Range<usize>, hit: bool| {
        let text = line.get(at).unwrap_or_default().to_owned();
        if !text.is_empty() {
            pieces.push(Piece { text, hit });
        }
    };
    let mut at = part.start;
    for place in places
        .iter()
        .filter(|place| place.start >= part.start && place.end <= part.end)
    {
        push(at..place.start, false);
        push(place.clone(), true);
        at = place.end;
    }
    push(at..part.end, false);
    if let Some(first) = pieces.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = pieces.last_mut() {
        last.text = last.text.trim_end().to_owned();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(words: &[&str], phrases: &[&[&str]]) -> Marks {
        Marks {
            words: words.iter().map(ToString::to_string).collect(),
            phrases: phrases
                .iter()
                .map(|p| p.iter().map(ToString::to_string).collect())
                .collect(),
        }
    }

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| {
                if piece.hit {
                    format!("[{}]", piece.text)
                } else {
                    piece.text.clone()
                }
            })
            .collect()
    }

    #[test]
    fn a_hit_is_marked_where_it_stands() {
        let marks = marks(&["larm", "1250"], &[&["den", "1", "april"]]);
        assert_eq!(
            shown(&marked("Ditt LARM kommer den 1 april", &marks)),
            "Ditt [LARM] kommer [den 1 april]"
        );
        assert_eq!(shown(&marked("Betala 1 250 kr", &marks)), "Betala [1 250] kr");
        assert!(!has_phrase("1 april den", &["den".into(), "1".into(), "april".into()]));
    }

    #[test]
    fn an_excerpt_has_whole_words_around_its_hit() {
        let text = format!("{} larm\noch {}", "före ".repeat(40), "efter ".repeat(60));
        let shown = shown(&excerpt(&text, Lines::Running, &marks(&["larm"], &[])).unwrap());
        assert!(shown.starts_with("… före ") && shown.ends_with(" efter …"), "{shown}");
        assert!(shown.contains("före [larm] och efter"), "{shown}");
        assert_eq!(excerpt("inget här", Lines::Running, &marks(&["larm"], &[])), None);
    }

    #[test]
    fn what_stands_apart_in_the_letter_stands_apart_in_an_excerpt() {
        let shown = |text: &str, lines| shown(&excerpt(text, lines, &marks(&["larm"], &[])).unwrap());
        assert_eq!(
            shown("Ditt larm\n\nHej Tolvan!\n\nDu får\nett.", Lines::Running),
            "Ditt [larm] · Hej Tolvan! Du får ett."
        );
        assert_eq!(
            shown("Larm\nSN 2026/12\nBeslut", Lines::Apart),
            "[Larm] · SN 2026/12 · Beslut"
        );
    }

    proptest! {
        #[test]
        fn an_excerpt_can_be_cut_of_any_text(text in "\\PC{0,400}", hit in "[a-z]{1,3}") {
            let text = super::super::words::clean(&text);
            let marks = marks(&[&hit], &[]);
            if let Some(pieces) = excerpt(&text, Lines::Running, &marks) {
                prop_assert!(pieces.iter().any(|piece| piece.hit));
            }
            marked(&text, &marks);
        }
    }
}
