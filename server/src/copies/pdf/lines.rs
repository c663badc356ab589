//! Breaks text into lines.

use super::fonts::{Fonts, Style};

/// A run of text on a line, in one style.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) size: f32,
    pub(super) link: Option<String>,
}

/// A line, and how wide it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: f32,
}

/// Breaks runs into lines of at most `width`. A break in the text is one; a word that is too long for a line of its own is broken where
/// the line ends.
pub(super) fn lines(fonts: &Fonts, runs: &[Run], width: f32) -> Vec<Line> {
    let mut breaker = Breaker {
        fonts,
        limit: width,
        done: Vec::new(),
        line: Line::default(),
    };
    for run in runs {
        for (index, part) in run.text.split('\n').enumerate() {
            if index > 0 {
                breaker.end_line();
            }
            for word in words(part) {
                breaker.word(run, word);
            }
        }
    }
    breaker.end_line();
    while breaker.done.last().is_some_and(|line| line.runs.is_empty()) {
        breaker.done.pop();
    }
    breaker.done
}

/// How wide the text is on one line, and its longest word.
pub(super) fn extent(fonts: &Fonts, runs: &[Run]) -> (f32, f32) {
    let whole = lines(fonts, runs, f32::MAX);
    let widest = whole.iter().map(|line| line.width).fold(0.0, f32::max);
    let words = runs.iter().flat_map(|run| {
        words(&run.text)
            .into_iter()
            .map(|word| fonts.width(run.style, word.trim_end(), run.size))
    });
    (widest, words.fold(0.0, f32::max))
}

struct Breaker<'a> {
    fonts: &'a Fonts,
    limit: f32,
    done: Vec<Line>,
    line: Line,
}

impl Breaker<'_> {
    fn word(&mut self, run: &Run, word: &str) {
        let bare = word.trim_end_matches(' ');
        let width = self.fonts.width(run.style, bare, run.size);
        if self.line.width + width > self.limit && !self.line.runs.is_empty() {
            self.end_line();
        }
        if width > self.limit {
            self.long_word(run, word);
        } else {
            self.push(run, word);
        }
    }

    fn long_word(&mut self, run: &Run, word: &str) {
        for c in word.chars() {
            let mut bytes = [0; 4];
            let piece: &str = c.encode_utf8(&mut bytes);
            let width = self.fonts.width(run.style, piece, run.size);
            if self.line.width + width > self.limit && !self.line.runs.is_empty() && c != ' ' {
                self.end_line();
            }
            self.push(run, piece);
        }
    }

    fn push(&mut self, run: &Run, text: &str) {
        self.line.width += self.fonts.width(run.style, text, run.size);
        match self.line.runs.last_mut() {
            Some(last)
                if last.style == run.style && last.link == run.link && last.size.total_cmp(&run.size).is_eq() =>
            {
                last.text.push_str(text);
            }
            _ => self.line.runs.push(Run {
                text: text.to_owned(),
                ..run.clone()
            }),
        }
    }

    /// A space at the end stays in the text, for those who copy it or have it read, and takes no room.
    fn end_line(&mut self) {
        self.done.push(std::mem::take(&mut self.line));
    }
}

/// The words of a text, each with the spaces after it. A word may be broken after a hyphen or a slash between letters, so that numbers
/// stay whole.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut from, mut last, mut before_last) = (0, 'x', 'x');
    for (at, c) in text.char_indices() {
        let between_letters = matches!(last, '-' | '/') && before_last.is_alphabetic() && c.is_alphabetic();
        if at > from && c != ' ' && (last == ' ' || between_letters) {
            words.extend(text.get(from..at));
            from = at;
        }
        (before_last, last) = (last, c);
    }
    words.extend(text.get(from..).filter(|rest| !rest.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_spaces() {
        assert_eq!(
            words("Hej  du e-post och/eller 202100-4748"),
            ["Hej  ", "du ", "e-", "post ", "och/", "eller ", "202100-4748"]
        );
        assert_eq!(words(""), Vec::<&str>::new());
    }
}
