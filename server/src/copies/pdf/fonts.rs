//! The faces that a PDF is set in, and how wide each sign is.
//!
//! Signs are set one after the other as they stand, which is right for scripts that are written so (Latin, Greek, Cyrillic …). Scripts that
//! are not, or that no face has, are refused: a letter that cannot be set right is not set at all.

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use std::path::Path;
use std::sync::Arc;

/// Which face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// The sender speaks in serif, the service in sans.
    pub(super) serif: bool,
    pub(super) bold: bool,
    pub(super) slanted: bool,
}

/// The service's own words.
pub(super) const SERVICE: Style = Style {
    serif: false,
    bold: false,
    slanted: false,
};
/// The same, heavier.
pub(super) const SERVICE_BOLD: Style = Style { bold: true, ..SERVICE };
/// The sender's words.
pub(super) const SENDER: Style = Style { serif: true, ..SERVICE };

/// A sign in a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sign {
    /// Which face has it.
    pub(super) face: usize,
    pub(super) glyph: u32,
    /// How wide it is, for a size of one.
    pub(super) advance: f32,
    /// Bytes of the text that it stands for.
    pub(super) bytes: usize,
}

/// Why faces cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// A file.
    #[error("{file} cannot be read: {source}")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Not a font.
    #[error("{0} is no font")]
    NoFont(String),
}

/// The faces. Cheap to clone.
#[derive(Clone)]
pub struct Fonts(Arc<[Face; 4]>);

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fonts")
    }
}

struct Face {
    data: Arc<Vec<u8>>,
    font: Font,
    scale: f32,
}

/// The files of Debian's fonts-dejavu-core, in the order of [`Fonts::face`].
const FILES: [&str; 4] = [
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSerif-Bold.ttf",
];

impl Fonts {
    /// Reads the faces in a folder.
    pub fn read(folder: &Path) -> Result<Self, FontError> {
        let [sans, sans_bold, serif, serif_bold] = FILES.map(|file| Face::read(&folder.join(file)));
        Ok(Self(Arc::new([sans?, sans_bold?, serif?, serif_bold?])))
    }

    /// The face of a style, as the library has it.
    pub(super) fn font(&self, face: usize) -> Option<Font> {
        self.0.get(face).map(|face| face.font.clone())
    }

    /// The sign for a character: in the face of its style, or in the sans of the same weight, which has more of them.
    pub(super) fn sign(&self, style: Style, c: char) -> Option<Sign> {
        if is_written_otherwise(c) {
            return None;
        }
        let bold = usize::from(style.bold);
        let first = if style.serif { 2 + bold } else { bold };
        [first, bold].into_iter().find_map(|place| {
            let face = self.0.get(place)?;
            let (glyph, advance) = face.sign(c)?;
            Some(Sign {
                face: place,
                glyph,
                advance,
                bytes: c.len_utf8(),
            })
        })
    }

    /// How wide a text is at a size; what has no sign has no width.
    pub(super) fn width(&self, style: Style, text: &str, size: f32) -> f32 {
        text.chars()
            .filter_map(|c| self.sign(style, c))
            .map(|sign| sign.advance * size)
            .sum()
    }
}

impl Face {
    fn read(file: &Path) -> Result<Self, FontError> {
        let name = file.display().to_string();
        let data = std::fs::read(file).map_err(|source| FontError::File {
            file: name.clone(),
            source,
        })?;
        let data = Arc::new(data);
        let font = Font::new(data.clone().into(), 0).ok_or_else(|| FontError::NoFont(name.clone()))?;
        let units = font.units_per_em();
        Ok(Self {
            data,
            font,
            scale: 1.0 / units,
        })
    }

    fn sign(&self, c: char) -> Option<(u32, f32)> {
        let font = FontRef::new(&self.data).ok()?;
        let glyph = font.charmap().map(c)?;
        let advance = font
            .glyph_metrics(Size::unscaled(), LocationRef::default())
            .advance_width(glyph)?;
        Some((glyph.to_u32(), advance * self.scale))
    }
}

/// Scripts that run from right to left, and those whose signs depend on their neighbours.
fn is_written_otherwise(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0590..=0x08ff | 0x0900..=0x0dff | 0x0e00..=0x0eff | 0x0f00..=0x109f | 0x1780..=0x17ff | 0x1800..=0x18af
            | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x0300..=0x036f
    )
}
