//! A letter's cleaned HTML as a row of blocks: what text, mail and PDF are made from.
//!
//! Reads only what [`body::to_safe_html`](crate::domain::body::to_safe_html) writes: closed elements, quoted attributes, escaped text.

use std::mem;

/// A run of text that is set in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text; a line break in it is one.
    pub text: String,
    /// Set off strongly.
    pub strong: bool,
    /// Set off.
    pub emphasis: bool,
    /// Where it leads.
    pub link: Option<String>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Heads its row or column.
    pub heading: bool,
    /// How many columns it takes.
    pub columns: usize,
    /// What is in it.
    pub spans: Vec<Span>,
}

/// A piece of a letter that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words.
        spans: Vec<Span>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        spans: Vec<Span>,
    },
    /// An item of a list.
    Item {
        /// How deep in lists, from 1.
        depth: usize,
        /// `•`, `2.`; empty for what goes on in the same item.
        marker: String,
        /// Its words.
        spans: Vec<Span>,
    },
    /// A table, row by row.
    Table {
        /// Its rows.
        rows: Vec<Vec<Cell>>,
    },
    /// A line across.
    Rule,
}

/// Reads cleaned HTML.
pub fn blocks(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        reader.text(text);
        let (tag, after) = split_tag(after);
        reader.tag(tag);
        rest = after;
    }
    reader.text(rest);
    reader.flush();
    reader.end_table();
    reader.done
}

/// The words of some spans, without how they are set.
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// A tag's inside and what comes after it. A `>` in a quoted value does not end it.
fn split_tag(after: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in after.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let (tag, rest) = after.split_at(at);
                return (tag, rest.strip_prefix('>').unwrap_or(rest));
            }
            _ => {}
        }
    }
    (after, "")
}

#[derive(Default)]
struct Reader {
    done: Vec<Block>,
    spans: Vec<Span>,
    heading: Option<u8>,
    strong: usize,
    emphasis: usize,
    preformatted: usize,
    links: Vec<String>,
    /// The number that the next item gets, or nothing when items are not numbered.
    lists: Vec<Option<u64>>,
    marker: Option<String>,
    described: usize,
    tables: usize,
    rows: Vec<Vec<Cell>>,
    cell: Option<(bool, usize)>,
}

impl Reader {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let text = unescape(text);
        if self.preformatted > 0 {
            self.push(&text);
            return;
        }
        let mut collapsed = String::with_capacity(text.len());
        let mut spaced = self.at_a_break();
        for c in text.chars() {
            // A no-break space is no white space to be joined with others.
            if c.is_ascii_whitespace() {
                if !spaced {
                    collapsed.push(' ');
                }
                spaced = true;
            } else {
                collapsed.push(c);
                spaced = false;
            }
        }
        self.push(&collapsed);
    }

    /// Whether a space here would be one at the beginning of a line.
    fn at_a_break(&self) -> bool {
        self.spans.last().is_none_or(|span| span.text.ends_with([' ', '\n']))
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let span = Span {
            text: text.to_owned(),
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            link: self.links.last().filter(|link| !link.is_empty()).cloned(),
        };
        match self.spans.last_mut() {
            Some(last) if (last.strong, last.emphasis, &last.link) == (span.strong, span.emphasis, &span.link) => {
                last.text.push_str(text);
            }
            _ => self.spans.push(span),
        }
    }

    fn tag(&mut self, tag: &str) {
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        let step = |count: &mut usize| {
            *count = if closing { count.saturating_sub(1) } else { *count + 1 };
        };
        match name {
            "b" | "strong" => step(&mut self.strong),
            "i" | "em" | "cite" | "dfn" | "var" => step(&mut self.emphasis),
            "a" if closing => drop(self.links.pop()),
            "a" => self.links.push(attribute(tag, "href").unwrap_or_default()),
            "br" => self.push("\n"),
            "img" => {
                if let Some(told) = attribute(tag, "alt").filter(|told| !told.trim().is_empty()) {
                    self.push(&format!("[{told}]"));
                }
            }
            "hr" => {
                self.flush();
                self.done.push(Block::Rule);
            }
            "table" => self.table(closing),
            "tr" if self.tables == 1 => {
                self.end_cell();
                if !closing {
                    self.rows.push(Vec::new());
                }
            }
            "td" | "th" if self.tables == 1 => {
                self.end_cell();
                if !closing {
                    let columns = attribute(tag, "colspan").and_then(|n| n.parse().ok()).unwrap_or(1);
                    self.cell = Some((name == "th", std::cmp::Ord::clamp(columns, 1, 20)));
                }
            }
            _ => self.block(name, closing),
        }
    }

    fn table(&mut self, closing: bool) {
        if closing {
            if self.tables == 1 {
                self.end_cell();
                self.end_table();
            }
            self.tables = self.tables.saturating_sub(1);
        } else {
            if self.tables == 0 {
                self.flush();
            }
            self.tables += 1;
        }
    }

    /// An element that stands on lines of its own.
    fn block(&mut self, name: &str, closing: bool) {
        let inline = [
            "span", "abbr", "code", "kbd", "samp", "s", "u", "q", "small", "sub", "sup", "time", "mark", "wbr", "ins",
            "del", "bdi", "bdo", "col", "colgroup", "tbody", "thead", "tfoot",
        ];
        if inline.contains(&name) {
            return;
        }
        self.flush();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.bytes().last().map_or(2, |digit| digit - b'0');
                self.heading = (!closing).then_some(level);
            }
            "pre" => self.preformatted = usize::from(!closing),
            "ul" | "ol" if closing => drop(self.lists.pop()),
            "ul" => self.lists.push(None),
            "ol" => self.lists.push(Some(1)),
            "li" if !closing => {
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}.");
                        *number += 1;
                        marker
                    }
                    _ => "•".to_owned(),
                });
            }
            "dd" | "blockquote" => {
                self.described = if closing {
                    self.described.saturating_sub(1)
                } else {
                    self.described + 1
                };
            }
            _ => {}
        }
    }

    /// Ends the lines that are being read.
    fn flush(&mut self) {
        if self.cell.is_some() {
            // Paragraphs in a cell are lines in it.
            if !self.at_a_break() {
                self.push("\n");
            }
            return;
        }
        let spans = trimmed(mem::take(&mut self.spans));
        if spans.is_empty() {
            return;
        }
        let depth = self.lists.len() + self.described;
        let block = if let Some(level) = self.heading {
            Block::Heading { level, spans }
        } else if depth > 0 {
            let marker = self.marker.take().unwrap_or_default();
            Block::Item { depth, marker, spans }
        } else {
            Block::Paragraph { spans }
        };
        self.done.push(block);
    }

    fn end_cell(&mut self) {
        if let Some((heading, columns)) = self.cell.take() {
            let spans = trimmed(mem::take(&mut self.spans));
            if self.rows.is_empty() {
                self.rows.push(Vec::new());
            }
            if let Some(row) = self.rows.last_mut() {
                row.push(Cell {
                    heading,
                    columns,
                    spans,
                });
            }
        } else {
            // A caption, or words that stand loose in a table.
            self.flush();
        }
    }

    fn end_table(&mut self) {
        let mut rows = mem::take(&mut self.rows);
        rows.retain(|row| row.iter().any(|cell| !cell.spans.is_empty()));
        if !rows.is_empty() {
            self.done.push(Block::Table { rows });
        }
    }
}

/// Without white space at either end, and without what is empty then.
fn trimmed(mut spans: Vec<Span>) -> Vec<Span> {
    if let Some(first) = spans.first_mut() {
        first.text = first.text.trim_start_matches([' ', '\n']).to_owned();
    }
    if let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end_matches([' ', '\n']).len());
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

/// The value of an attribute, `name="value"`.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag.get(from..)?.split('"').next()?;
    Some(unescape(value))
}

/// The five escapes that a serializer of HTML writes.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::body::to_safe_html;
    use proptest::prelude::*;

    fn read(html: &str) -> Vec<Block> {
        blocks(&to_safe_html("text/html", html.as_bytes()))
    }

    fn said(html: &str) -> Vec<String> {
        read(html)
            .into_iter()
            .map(|block| match block {
                Block::Heading { level, spans } => format!("h{level} {}", plain(&spans)),
                Block::Paragraph { spans } => plain(&spans),
                Block::Item { depth, marker, spans } => format!("{depth} {marker} {}", plain(&spans)),
                Block::Table { rows } => rows
                    .iter()
                    .map(|row| {
                        row.iter()
                            .map(|cell| plain(&cell.spans))
                            .collect::<Vec<_>>()
                            .join(" | ")
                    })
                    .collect::<Vec<_>>()
                    .join(" / "),
                Block::Rule => "---".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_letter_becomes_its_parts() {
        let letter = "<h2>Beslut</h2>\n <p>Hej   <b>Anna</b>!<br>Du får <i>stöd</i>.</p><ul><li>ett<ol><li>a</li><li>b</li></ol></li>\
                      <li>två</li></ul><hr><p></p>löst <div>i låda</div><pre>a\n  b</pre>";
        assert_eq!(
            said(letter),
            [
                "h2 Beslut",
                "Hej Anna!\nDu får stöd.",
                "1 • ett",
                "2 1. a",
                "2 2. b",
                "1 • två",
                "---",
                "löst",
                "i låda",
                "a\n  b"
            ]
        );
    }

    #[test]
    fn a_table_keeps_its_rows_and_a_table_in_it_is_lines() {
        let letter = "<table><caption>Avgift</caption><thead><tr><th>År</th><th>Kronor</th></tr></thead>\
                      <tr><td><p>2026</p><p>mars</p></td><td><table><tr><td>248</td></tr></table></td></tr></table>efter";
        assert_eq!(said(letter), ["Avgift", "År | Kronor / 2026\nmars | 248", "efter"]);
        let Some(Block::Table { rows }) = read(letter).into_iter().nth(1) else {
            panic!("a table")
        };
        assert!(rows[0][0].heading && !rows[1][0].heading);
    }

    #[test]
    fn a_link_keeps_where_it_leads_and_a_picture_its_words() {
        let blocks = read("<p>Läs <a href='https://x.example/?a=1&b=2'>mer</a> <img alt='Karta' src='https://x'></p>");
        let Block::Paragraph { spans } = &blocks[0] else {
            panic!("a paragraph")
        };
        assert_eq!(spans[1].link.as_deref(), Some("https://x.example/?a=1&b=2"));
        assert_eq!(plain(spans), "Läs mer [Karta]");
    }

    proptest! {
        #[test]
        fn nothing_ends_the_reading(html in "(<|>|/|p|table|td|tr|li|ul|h1|a href=\"|\"|&amp;| |x){0,40}") {
            let _ = blocks(&html);
            let _ = read(&html);
        }
    }
}
