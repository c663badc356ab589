//! Draws pages and tells what each part of them is, so that the file can be read aloud, searched and copied from.

use super::PdfError;
use super::fonts::{Fonts, SERVICE};
use super::layout::{PAGE, Page as Filled, Placed, SIDE};
use super::lines::{Run, lines};
use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag, Tag, TagGroup};
use krilla::text::{GlyphId, KrillaGlyph};

/// Red, green, blue.
const BLACK: [u8; 3] = [20, 26, 24];
const GREY: [u8; 3] = [88, 98, 94];
const LINK: [u8; 3] = [17, 94, 75];

/// What stands in each part, to be hung into the tree of tags.
pub(super) type Leaves = Vec<Vec<Node>>;

/// Where the last line of the foot stands, and how far its lines are apart.
const FOOT: f32 = PAGE.1 - 40.0;
const FOOT_SIZE: f32 = 8.0;
const FOOT_LEADING: f32 = 11.0;
/// Between what stands at the foot and the number of the page.
const FOOT_GAP: f32 = 18.0;

/// Draws every page, with `said` at the foot of each.
pub(super) fn draw(
    document: &mut Document,
    fonts: &Fonts,
    pages: &[Filled],
    leaves: usize,
    said: &str,
) -> Result<Leaves, PdfError> {
    let mut parts: Leaves = vec![Vec::new(); leaves];
    for (index, filled) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(PdfError::Library)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut links = Vec::new();
        for placed in &filled.runs {
            let colour = if placed.run.link.is_some() { LINK } else { BLACK };
            surface.set_fill(Some(fill(colour)));
            let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            let width = text(&mut surface, fonts, placed);
            surface.end_tagged();
            match &placed.run.link {
                Some(link) => {
                    let group = TagGroup::with_children(Tag::Link, vec![identifier.into()]);
                    // Here in the order of reading; what is pressed is hung into it when the page is drawn.
                    let place = hang(&mut parts, placed.leaf, group.into());
                    links.push((placed, link.clone(), width, place));
                }
                None => drop(hang(&mut parts, placed.leaf, identifier.into())),
            }
        }
        surface.set_fill(Some(fill(GREY)));
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        for stroke in &filled.strokes {
            line(&mut surface, stroke.x, stroke.y, stroke.width);
        }
        surface.set_fill(Some(fill(LINK)));
        for (placed, _, width, _) in &links {
            // Not by colour alone.
            line(&mut surface, placed.x, placed.y + 1.5, *width);
        }
        surface.set_fill(Some(fill(GREY)));
        surface.end_tagged();
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        let number = format!("{} ({})", index + 1, pages.len());
        foot(&mut surface, fonts, said, &number);
        surface.end_tagged();
        surface.finish();
        for (placed, link, width, place) in links {
            let (x, y, size) = (placed.x, placed.y, placed.run.size);
            let area = Rect::from_ltrb(x, y - size, x + width.max(1.0), y + size * 0.3).ok_or(PdfError::Library)?;
            let target = Target::Action(Action::from(LinkAction::new(link.clone())));
            let annotation = Annotation::new_link(LinkAnnotation::new(area, target), Some(link));
            let pressed = page.add_tagged_annotation(annotation);
            if let Some(Node::Group(group)) = parts.get_mut(placed.leaf).and_then(|part| part.get_mut(place)) {
                group.push(pressed);
            }
        }
        page.finish();
    }
    Ok(parts)
}

/// Draws the foot between the margins: what is said at the left, in as many lines as it needs, and which page it is at the right.
fn foot(surface: &mut Surface<'_>, fonts: &Fonts, said: &str, number: &str) {
    let run = |text: &str| Run {
        text: text.to_owned(),
        style: SERVICE,
        size: FOOT_SIZE,
        link: None,
    };
    let right = PAGE.0 - SIDE - fonts.width(SERVICE, number, FOOT_SIZE);
    let broken = lines(fonts, &[run(said)], right - FOOT_GAP - SIDE);
    let above = u8::try_from(broken.len().saturating_sub(1)).unwrap_or(u8::MAX);
    let mut y = FOOT - FOOT_LEADING * f32::from(above);
    for line in broken {
        // In one style a line is one run.
        for run in line.runs {
            text(
                surface,
                fonts,
                &Placed {
                    x: SIDE,
                    y,
                    run,
                    leaf: 0,
                },
            );
        }
        y += FOOT_LEADING;
    }
    let number = Placed {
        x: right,
        y: FOOT,
        run: run(number),
        leaf: 0,
    };
    text(surface, fonts, &number);
}

/// Hangs something into a part, and tells at which place in it.
fn hang(parts: &mut Leaves, leaf: usize, node: Node) -> usize {
    parts.get_mut(leaf).map_or(0, |part| {
        part.push(node);
        part.len() - 1
    })
}

fn line(surface: &mut Surface<'_>, x: f32, y: f32, width: f32) {
    let mut path = PathBuilder::new();
    if let Some(area) = Rect::from_xywh(x, y, width.max(0.1), 0.5) {
        path.push_rect(area);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// Draws a run, and tells how wide it became. That every sign is there has been seen to: a page that was begun must be finished.
fn text(surface: &mut Surface<'_>, fonts: &Fonts, placed: &Placed) -> f32 {
    let run = &placed.run;
    let signs: Vec<_> = run.text.chars().filter_map(|c| fonts.sign(run.style, c)).collect();
    let mut rest = signs.as_slice();
    let (mut from, mut x) = (0, placed.x);
    // Signs of one face after the other are drawn together.
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|sign| sign.face == first.face).count();
        let (same, after) = rest.split_at(count);
        let until = from + same.iter().map(|sign| sign.bytes).sum::<usize>();
        let said = run.text.get(from..until).unwrap_or_default();
        let mut at = 0;
        let glyphs: Vec<KrillaGlyph> = same
            .iter()
            .map(|sign| {
                let range = at..at + sign.bytes;
                at = range.end;
                KrillaGlyph::new(GlyphId::new(sign.glyph), sign.advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect();
        let Some(font) = fonts.font(first.face) else {
            break;
        };
        if run.style.slanted {
            // The faces have no italic: a slant about the line that the text stands on.
            surface.push_transform(&Transform::from_row(1.0, 0.0, -0.2, 1.0, 0.2 * placed.y, 0.0));
        }
        surface.draw_glyphs(Point::from_xy(x, placed.y), &glyphs, font, said, run.size, false);
        if run.style.slanted {
            surface.pop();
        }
        x += same.iter().map(|sign| sign.advance * run.size).sum::<f32>();
        from = until;
        rest = after;
    }
    x - placed.x
}

fn fill([red, green, blue]: [u8; 3]) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}
