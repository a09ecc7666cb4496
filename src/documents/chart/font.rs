//! The compiled-in font: the image the service runs in has none of its own.

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

const BYTES: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-GB2312.otf");
/// Stands for what the font lacks.
const BOX: char = '□';

/// Outlines and widths of letters.
pub struct Font(Face<'static>);

impl Font {
    pub fn new() -> Self {
        Font(Face::parse(BYTES, 0).expect("the compiled-in font is sound: the tests draw with it"))
    }

    /// The glyphs of a text: □ for what is not in the font, nothing for what has no shape.
    fn glyphs(&self, text: &str) -> impl Iterator<Item = GlyphId> {
        let shown = text.chars().filter(|c| !shapeless(*c));
        shown.filter_map(|c| self.0.glyph_index(c).or_else(|| self.0.glyph_index(BOX)))
    }

    /// How wide a text of this size is.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.glyphs(text).map(|glyph| self.advance(glyph, size)).sum()
    }

    fn advance(&self, glyph: GlyphId, size: f32) -> f32 {
        f32::from(self.0.glyph_hor_advance(glyph).unwrap_or_default()) * self.scale(size)
    }

    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.0.units_per_em())
    }

    /// The outline of a text that begins at `x` on this baseline; `None` for one without ink.
    pub fn path(&self, text: &str, (mut x, baseline): (f32, f32), size: f32) -> Option<Path> {
        let mut outline = Outline { path: PathBuilder::new(), x, baseline, scale: self.scale(size) };
        for glyph in self.glyphs(text) {
            outline.x = x;
            self.0.outline_glyph(glyph, &mut outline);
            x += self.advance(glyph, size);
        }
        outline.path.finish()
    }
}

/// Joiners, variation selectors and controls.
fn shapeless(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Puts a glyph's outline where it belongs; fonts count upward, pictures downward.
struct Outline {
    path: PathBuilder,
    x: f32,
    baseline: f32,
    scale: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.baseline - y * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_font_lacks_is_a_box() {
        let font = Font::new();
        for text in ["𠮷", "😷", "あ"] {
            assert_eq!(font.glyphs(text).collect::<Vec<_>>(), font.glyphs("□").collect::<Vec<_>>(), "{text}");
        }
        assert_eq!(font.glyphs("学\u{FE0F}\u{200D}\n院").count(), 2);
    }

    #[test]
    fn hanzi_and_ascii_have_shapes() {
        let font = Font::new();
        let boxed = font.glyphs("□").next();
        for c in ('!'..='~').chain("计算机学院马克思主义（）“”：、。…—鑫淼".chars())
        {
            assert_ne!(font.glyphs(&c.to_string()).next(), boxed, "{c}");
            assert!(font.path(&c.to_string(), (0.0, 0.0), 30.0).is_some(), "{c}");
        }
        assert!((font.width("学院", 30.0) - 60.0).abs() < 0.01);
        assert!(font.path(" ", (0.0, 0.0), 30.0).is_none());
    }
}
