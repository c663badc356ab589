//! The text of a PDF, page by page, in the order in which it is drawn.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};

/// It does not open: damaged, or locked with a password.
pub(super) struct DoesNotOpen;

/// Gives each page's text until there is no more (`true`) or `take` wants no more (`false`).
pub(super) fn each_page(file: Vec<u8>, mut take: impl FnMut(&str) -> bool) -> Result<bool, DoesNotOpen> {
    let pdf = Pdf::new(file).map_err(|_| DoesNotOpen)?;
    let cache = InterpreterCache::new();
    if pdf.pages().is_empty() {
        return Err(DoesNotOpen);
    }
    for page in pdf.pages().iter() {
        let mut context = Context::new(
            Affine::IDENTITY,
            Rect::new(0.0, 0.0, 1.0, 1.0),
            &cache,
            pdf.xref(),
            InterpreterSettings::default(),
        );
        let mut writer = Writer::default();
        interpret_page(page, &mut context, &mut writer);
        if !take(&without_hyphens(&writer.text)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes down the letters that a page draws.
#[derive(Default)]
struct Writer {
    text: String,
    /// Where the last letter ended, and how large it was.
    last: Option<(Point, f64)>,
}

impl Writer {
    fn write(&mut self, letter: &str, at: Affine, advance: f64) {
        let (begin, end) = (at * Point::ZERO, at * Point::new(advance, 0.0));
        let size = (at * Point::new(0.0, 1000.0) - begin).hypot().max(0.01);
        if let Some((last, last_size)) = self.last {
            let gap = begin - last;
            let size = size.max(last_size);
            if gap.y.abs() > size * 0.5 && gap.hypot() > size * 0.5 {
                self.part('\n');
            } else if gap.hypot() > size * 0.18 {
                self.part(' ');
            }
        }
        // What ends a page in our output is never a part of its text.
        self.text
            .extend(letter.chars().map(|c| if c.is_control() { ' ' } else { c }));
        self.last = Some((end, size));
    }

    fn part(&mut self, with: char) {
        if !self.text.ends_with(char::is_whitespace) {
            self.text.push(with);
        }
    }
}

impl<'a> Device<'a> for Writer {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for positioned in run.glyphs() {
            let advance = match &**positioned {
                Glyph::Outline(glyph) => glyph.advance_width(),
                Glyph::Type3(glyph) => glyph.advance_width(),
            };
            let at = props.transform * positioned.transform();
            let advance = f64::from(advance.unwrap_or(500.0));
            match positioned.as_unicode() {
                Some(BfString::Char(c)) => self.write(c.encode_utf8(&mut [0; 4]), at, advance),
                Some(BfString::String(letters)) => self.write(&letters, at, advance),
                // A letter that nobody can name still takes its place.
                None => self.write("\u{fffd}", at, advance),
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Words that were parted at the end of a line, made whole.
fn without_hyphens(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("-\n") {
        whole.push_str(before);
        let goes_on = before.ends_with(char::is_alphabetic) && after.starts_with(char::is_lowercase);
        if !goes_on {
            whole.push_str("-\n");
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::without_hyphens;

    #[test]
    fn a_word_parted_at_the_end_of_a_line_is_whole() {
        assert_eq!(
            without_hyphens("trygg-\nhetslarm A-\nB 1-\n2 x-"),
            "trygghetslarm A-\nB 1-\n2 x-"
        );
    }
}
