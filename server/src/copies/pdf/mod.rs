//! A letter as a PDF for the archive and for print: tagged by PDF/UA-1, so that it can be read aloud, searched and copied from, with title,
//! language and outline.

mod draw;
mod fonts;
mod layout;
mod lines;

pub use fonts::{FontError, Fonts};

use super::blocks::{Block, Cell, Span, plain};
use draw::{Leaves, draw};
use fonts::{SENDER, SERVICE, SERVICE_BOLD, Style};
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use layout::Layout;
use lines::Run;
use std::num::{NonZeroU16, NonZeroU32};
use time::OffsetDateTime;

/// Why a letter is not made into a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// It is written in a script that we cannot set right.
    #[error("the letter is in a script that cannot be set")]
    Script,
    /// It would have more pages than anybody prints.
    #[error("the letter is too long for a PDF")]
    TooLong,
    /// The library refuses what it was given.
    #[error("the PDF could not be written")]
    Library,
}

/// Pages of a PDF, at most: a page costs some milliseconds and some tens of kilobytes.
const MOST_PAGES: usize = 1_000;
/// Paragraphs of a letter that is set, at most.
const MOST_BLOCKS: usize = 50_000;

/// What a PDF is made from.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// The subject.
    pub title: &'a str,
    /// Who wrote it.
    pub author: &'a str,
    /// The letter's language.
    pub language: &'a str,
    /// The language of what the service says about it.
    pub service_language: &'a str,
    /// What the service says above the letter: name and value.
    pub facts: Vec<(&'a str, String)>,
    /// The letter.
    pub blocks: Vec<Block>,
    /// What the service says below: a heading, and lines under it.
    pub after: Vec<(&'a str, Vec<String>)>,
    /// What stands at the foot of each page, beside its number.
    pub foot: String,
    /// When it was made.
    pub made_at: OffsetDateTime,
}

/// How big the text is, in points.
const TEXT: f32 = 10.5;
const SMALL: f32 = 9.0;
const TITLE: f32 = 19.0;
/// How far a list's text stands in.
const INDENT: f32 = 16.0;

/// Makes the PDF.
pub fn pdf(sheet: &Sheet<'_>, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    if sheet.blocks.len() > MOST_BLOCKS {
        return Err(PdfError::TooLong);
    }
    let mut set = Setter {
        layout: Layout::new(fonts),
        tree: Vec::new(),
        outline: Outline::new(),
        level: 1,
        lists: Vec::new(),
    };
    set.sheet(sheet);
    let Setter {
        layout, tree, outline, ..
    } = set;

    if layout.pages.len() > MOST_PAGES {
        return Err(PdfError::TooLong);
    }
    if layout.pages.iter().any(|page| !page.can_be_set(fonts)) {
        return Err(PdfError::Script);
    }
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| PdfError::Library)?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let mut leaves = draw(&mut document, fonts, &layout.pages, layout.leaves(), &sheet.foot)?;
    let mut tags = TagTree::new().with_lang(Some(sheet.language.to_owned()));
    for part in tree {
        if let Some(node) = hung(part, &mut leaves) {
            tags.push(node);
        }
    }
    document.set_tag_tree(tags);
    document.set_outline(outline);
    document.set_metadata(metadata(sheet));
    document.finish().map_err(|_| PdfError::Library)
}

fn metadata(sheet: &Sheet<'_>) -> Metadata {
    let at = sheet.made_at;
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(u8::from(at.month()))
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(sheet.title.to_owned())
        .language(sheet.language.to_owned())
        .authors(vec![sheet.author.to_owned()])
        .creator("brevlada".to_owned())
        .creation_date(date)
}

/// A part of the tree of tags, before it is known what stands in it.
enum Part {
    Group(TagGroup, Vec<Part>),
    Leaf(usize),
}

/// The part with what stands in it; nothing when nothing does.
fn hung(part: Part, leaves: &mut Leaves) -> Option<Node> {
    match part {
        Part::Leaf(_) => None,
        Part::Group(mut group, parts) => {
            for part in parts {
                match part {
                    Part::Leaf(leaf) => {
                        for node in leaves.get_mut(leaf).map(std::mem::take).unwrap_or_default() {
                            group.push(node);
                        }
                    }
                    nested @ Part::Group(..) => {
                        if let Some(node) = hung(nested, leaves) {
                            group.push(node);
                        }
                    }
                }
            }
            Some(group.into())
        }
    }
}

fn group(tag: impl Into<krilla::tagging::TagKind>, leaf: usize) -> Part {
    Part::Group(TagGroup::new(tag), vec![Part::Leaf(leaf)])
}

struct Setter<'a> {
    layout: Layout<'a>,
    tree: Vec<Part>,
    outline: Outline,
    /// Of the last heading: none may skip one.
    level: u8,
    /// Lists that are open, the outermost first: whether they are numbered, and their items.
    lists: Vec<(bool, Vec<Part>)>,
}

impl Setter<'_> {
    fn sheet(&mut self, sheet: &Sheet<'_>) {
        let spoken = sheet.service_language;
        self.service(&[run(sheet.author, SERVICE_BOLD, 12.0)], spoken);
        self.layout.space(2.0);
        self.heading(
            1,
            &[run(sheet.title, Style { bold: true, ..SENDER }, TITLE)],
            sheet.title,
        );
        self.layout.space(8.0);
        for (name, value) in &sheet.facts {
            let runs = [
                run(&format!("{name}: "), SERVICE_BOLD, SMALL),
                run(value, SERVICE, SMALL),
            ];
            self.service(&runs, spoken);
            self.layout.space(1.5);
        }
        self.layout.space(4.0);
        self.layout.rule();
        self.layout.space(6.0);
        for block in &sheet.blocks {
            self.block(block);
        }
        self.end_lists(0);
        for (heading, lines) in &sheet.after {
            self.layout.space(12.0);
            self.layout.rule();
            self.layout.keep_together(60.0);
            self.heading(2, &[run(heading, SERVICE_BOLD, 11.0)], heading);
            self.layout.space(2.0);
            for line in lines {
                self.service(&[run(line, SERVICE, SMALL)], spoken);
                self.layout.space(1.5);
            }
        }
    }

    /// A line of the service's own.
    fn service(&mut self, runs: &[Run], language: &str) {
        let leaf = self.layout.text(runs, 0.0);
        self.tree.push(group(Tag::P.with_lang(Some(language.to_owned())), leaf));
    }

    fn heading(&mut self, level: u8, runs: &[Run], title: &str) {
        self.end_lists(0);
        // At least its own lines and two of what follows.
        self.layout.keep_together(64.0);
        let (page, y) = self.layout.here();
        let leaf = self.layout.text(runs, 0.0);
        let level = level.clamp(1, self.level.saturating_add(1));
        self.level = level;
        let number = NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN);
        self.tree.push(group(Tag::Hn(number, Some(title.to_owned())), leaf));
        let place = XyzDestination::new(page, Point::from_xy(0.0, (y - 8.0).max(0.0)));
        self.outline.push_child(OutlineNode::new(title.to_owned(), place));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, spans } => {
                self.layout.space(10.0);
                let size = if *level <= 2 { 13.0 } else { 11.5 };
                let runs = runs(spans, SENDER, size, true);
                // The subject is the first heading; the letter's own are under it.
                self.heading(level.saturating_add(1).max(2), &runs, &plain(spans));
                self.layout.space(3.0);
            }
            Block::Paragraph { spans } => {
                self.end_lists(0);
                let leaf = self.layout.text(&runs(spans, SENDER, TEXT, false), 0.0);
                self.tree.push(group(Tag::P, leaf));
                self.layout.space(7.0);
            }
            Block::Item { depth, marker, spans } => self.item(*depth, marker, spans),
            Block::Table { rows } => {
                self.end_lists(0);
                self.table(rows);
                self.layout.space(7.0);
            }
            Block::Rule => {
                self.end_lists(0);
                self.layout.rule();
            }
        }
    }

    fn item(&mut self, depth: usize, marker: &str, spans: &[Span]) {
        self.end_lists(depth);
        let numbered = marker.ends_with('.');
        // Two lists may stand one after the other.
        let another = |list: &(bool, Vec<Part>)| !marker.is_empty() && (list.0 != numbered || marker == "1.");
        if self.lists.get(depth.saturating_sub(1)).is_some_and(another) {
            self.end_lists(depth.saturating_sub(1));
        }
        while self.lists.len() < depth {
            self.lists.push((numbered, Vec::new()));
        }
        let level = f32::from(u16::try_from(depth).unwrap_or(1));
        let mut parts = Vec::new();
        if !marker.is_empty() {
            let mark = run(&format!("{marker} "), SENDER, TEXT);
            let leaf = self.layout.mark(mark, INDENT * (level - 1.0), TEXT * 1.5);
            parts.push(group(Tag::Lbl, leaf));
        }
        let leaf = self.layout.text(&runs(spans, SENDER, TEXT, false), INDENT * level);
        parts.push(group(Tag::LBody, leaf));
        self.layout.space(3.0);
        if let Some((_, list)) = self.lists.last_mut() {
            list.push(Part::Group(TagGroup::new(Tag::LI), parts));
        }
    }

    /// Closes the lists that are deeper than `depth`, each as an item of the one around it.
    fn end_lists(&mut self, depth: usize) {
        while self.lists.len() > depth {
            let Some((numbered, items)) = self.lists.pop() else {
                return;
            };
            if items.is_empty() {
                continue;
            }
            let numbering = if numbered {
                ListNumbering::Decimal
            } else {
                ListNumbering::Disc
            };
            let list = Part::Group(TagGroup::new(Tag::L(numbering)), items);
            match self.lists.last_mut() {
                Some((_, outer)) => outer.push(Part::Group(
                    TagGroup::new(Tag::LI),
                    vec![Part::Group(TagGroup::new(Tag::LBody), vec![list])],
                )),
                None => {
                    self.tree.push(list);
                    self.layout.space(4.0);
                }
            }
        }
    }

    fn table(&mut self, rows: &[Vec<Cell>]) {
        let cells: Vec<Vec<layout::Cell>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| layout::Cell {
                        columns: cell.columns,
                        runs: runs(&cell.spans, SENDER, SMALL, cell.heading),
                    })
                    .collect()
            })
            .collect();
        let placed = self.layout.table(&cells);
        let parts = rows.iter().zip(placed).enumerate().map(|(at, (row, leaves))| {
            let all_headings = row.iter().all(|cell| cell.heading);
            let cells = row.iter().zip(leaves).map(|(cell, leaf)| {
                let columns = u32::try_from(cell.columns)
                    .ok()
                    .filter(|n| *n > 1)
                    .and_then(NonZeroU32::new);
                if cell.heading {
                    let scope = if at == 0 || all_headings {
                        TableHeaderScope::Column
                    } else {
                        TableHeaderScope::Row
                    };
                    group(Tag::TH(scope).with_col_span(columns), leaf)
                } else {
                    group(Tag::TD.with_col_span(columns), leaf)
                }
            });
            Part::Group(TagGroup::new(Tag::TR), cells.collect())
        });
        self.tree.push(Part::Group(TagGroup::new(Tag::Table), parts.collect()));
    }
}

fn run(text: &str, style: Style, size: f32) -> Run {
    Run {
        text: printable(text),
        style,
        size,
        link: None,
    }
}

fn runs(spans: &[Span], style: Style, size: f32, bold: bool) -> Vec<Run> {
    let run = |span: &Span| Run {
        text: printable(&span.text),
        style: Style {
            bold: bold || span.strong,
            slanted: span.emphasis,
            ..style
        },
        size,
        link: span.link.clone(),
    };
    spans.iter().map(run).collect()
}

/// Without what has no sign of its own: control characters, marks of order, places where a word may break. A tab is a space.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| {
            *c == '\n' || *c == '\t'
                || !(c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'))
        })
        .map(|c| if c == '\t' { ' ' } else { c })
        .collect()
}
