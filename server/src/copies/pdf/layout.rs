//! Puts lines on pages. Nothing is drawn here: what comes out says where each run stands, and to which part of the letter it belongs.

use super::fonts::Fonts;
use super::lines::{Line, Run, extent, lines};

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// Room at the sides, above and below.
pub(super) const SIDE: f32 = 68.0;
const TOP: f32 = 64.0;
const BOTTOM: f32 = 76.0;
/// From line to line, for a size of one.
const LEADING: f32 = 1.42;
/// Between the columns of a table.
const GAP: f32 = 12.0;

/// A run in its place.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) x: f32,
    /// The line that the text stands on.
    pub(super) y: f32,
    pub(super) run: Run,
    /// The part of the letter that it belongs to.
    pub(super) leaf: usize,
}

/// A thin line across.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
}

/// What stands on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) runs: Vec<Placed>,
    pub(super) strokes: Vec<Stroke>,
}

impl Page {
    /// Whether there is a sign for everything on it.
    pub(super) fn can_be_set(&self, fonts: &Fonts) -> bool {
        self.runs.iter().all(|placed| {
            placed
                .run
                .text
                .chars()
                .all(|c| fonts.sign(placed.run.style, c).is_some())
        })
    }
}

/// Fills pages from the top.
pub(super) struct Layout<'a> {
    fonts: &'a Fonts,
    pub(super) pages: Vec<Page>,
    y: f32,
    leaves: usize,
}

/// A cell of a table that is to be set.
pub(super) struct Cell {
    pub(super) columns: usize,
    pub(super) runs: Vec<Run>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            pages: vec![Page::default()],
            y: TOP,
            leaves: 0,
        }
    }

    /// Number of the page and place on it, where the next line will stand.
    pub(super) fn here(&self) -> (usize, f32) {
        (self.pages.len().saturating_sub(1), self.y)
    }

    /// How many parts have been given out.
    pub(super) fn leaves(&self) -> usize {
        self.leaves
    }

    /// Room above what comes, unless it comes at the top of a page.
    pub(super) fn space(&mut self, points: f32) {
        if self.y > TOP {
            self.y += points;
        }
    }

    /// Begins a page when there is less room than this.
    pub(super) fn keep_together(&mut self, points: f32) {
        if self.y + points > PAGE.1 - BOTTOM {
            self.turn();
        }
    }

    /// Sets runs in lines, `indent` from the left; gives the part that they are.
    pub(super) fn text(&mut self, runs: &[Run], indent: f32) -> usize {
        let leaf = self.leaf();
        for line in lines(self.fonts, runs, PAGE.0 - 2.0 * SIDE - indent) {
            let height = self.make_room(&line);
            self.place(&line, SIDE + indent, self.y + height * 0.75, leaf);
            self.y += height;
        }
        leaf
    }

    /// Sets a mark (of a list's item) on the line that comes next, and takes no room for it.
    pub(super) fn mark(&mut self, run: Run, indent: f32, needed: f32) -> usize {
        self.keep_together(needed);
        let leaf = self.leaf();
        let height = run.size * LEADING;
        let width = self.fonts.width(run.style, &run.text, run.size);
        let line = Line { runs: vec![run], width };
        self.place(&line, SIDE + indent, self.y + height * 0.75, leaf);
        leaf
    }

    /// Sets a table; gives the part of each cell, row by row.
    pub(super) fn table(&mut self, rows: &[Vec<Cell>]) -> Vec<Vec<usize>> {
        let widths = self.column_widths(rows);
        let mut parts = Vec::with_capacity(rows.len());
        for row in rows {
            let (mut x, mut column) = (SIDE, 0);
            let mut cells = Vec::with_capacity(row.len());
            let mut leaves = Vec::with_capacity(row.len());
            for cell in row {
                let columns = widths.iter().skip(column).take(cell.columns);
                let width: f32 = columns.clone().sum::<f32>()
                    + GAP * f32::from(u16::try_from(columns.len().saturating_sub(1)).unwrap_or(0));
                cells.push((x, lines(self.fonts, &cell.runs, width.max(1.0))));
                leaves.push(self.leaf());
                x += width + GAP;
                column += cell.columns;
            }
            let most = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
            for index in 0..most {
                // The lines of a row that stand beside each other go to the next page together.
                let beside: Vec<_> = cells.iter().map(|(x, lines)| (*x, lines.get(index))).collect();
                let height = beside
                    .iter()
                    .filter_map(|(_, line)| line.map(height_of))
                    .fold(0.0, f32::max);
                self.keep_together(height);
                for ((x, line), leaf) in beside.into_iter().zip(&leaves) {
                    if let Some(line) = line {
                        self.place(line, x, self.y + height * 0.75, *leaf);
                    }
                }
                self.y += height;
            }
            self.rule_at(self.y + 2.5);
            self.y += 6.0;
            parts.push(leaves);
        }
        parts
    }

    /// Draws a thin line across the text.
    pub(super) fn rule(&mut self) {
        self.keep_together(12.0);
        self.rule_at(self.y + 4.0);
        self.y += 12.0;
    }

    fn rule_at(&mut self, y: f32) {
        if let Some(page) = self.pages.last_mut() {
            page.strokes.push(Stroke {
                x: SIDE,
                y,
                width: PAGE.0 - 2.0 * SIDE,
            });
        }
    }

    /// Each column as wide as its text, when there is room for all; else at least its longest word, and more for those with more text.
    fn column_widths(&self, rows: &[Vec<Cell>]) -> Vec<f32> {
        let count = rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.columns).sum())
            .max()
            .unwrap_or(1);
        let mut natural = vec![0.0_f32; count];
        let mut least = vec![0.0_f32; count];
        for row in rows {
            let mut column = 0;
            for cell in row {
                // A cell over several columns takes what they have.
                if cell.columns == 1
                    && let (Some(natural), Some(least)) = (natural.get_mut(column), least.get_mut(column))
                {
                    let (whole, word) = extent(self.fonts, &cell.runs);
                    *natural = natural.max(whole);
                    *least = least.max(word);
                }
                column += cell.columns;
            }
        }
        let of = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
        let room = PAGE.0 - 2.0 * SIDE - GAP * of(count.saturating_sub(1));
        let (wanted, needed): (f32, f32) = (natural.iter().sum(), least.iter().sum());
        if wanted <= room {
            return natural;
        }
        if needed >= room {
            return vec![(room / of(count)).max(1.0); count];
        }
        let share = (room - needed) / (wanted - needed).max(1.0);
        natural
            .iter()
            .zip(&least)
            .map(|(natural, least)| least + (natural - least) * share)
            .collect()
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    fn make_room(&mut self, line: &Line) -> f32 {
        let height = height_of(line);
        self.keep_together(height);
        height
    }

    fn place(&mut self, line: &Line, x: f32, y: f32, leaf: usize) {
        let mut x = x;
        let Some(page) = self.pages.last_mut() else {
            return;
        };
        for run in &line.runs {
            page.runs.push(Placed {
                x,
                y,
                run: run.clone(),
                leaf,
            });
            x += self.fonts.width(run.style, &run.text, run.size);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = TOP;
    }
}

fn height_of(line: &Line) -> f32 {
    let size = line.runs.iter().map(|run| run.size).fold(0.0, f32::max);
    // An empty line between two others is as high as text.
    if size > 0.0 { size * LEADING } else { 10.5 * LEADING }
}
