//! A picture, and what can be drawn on it.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform,
};

use super::ChartError;
use super::font::Font;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

pub const WHITE: Ink = Ink(0xFF, 0xFF, 0xFF);

/// Which point of a text stands where it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Left,
    Middle,
    Right,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: f32,
    ink: Ink,
    bold: bool,
    anchor: Anchor,
}

impl Style {
    pub fn new(size: f32, ink: Ink) -> Self {
        Style { size, ink, bold: false, anchor: Anchor::Left }
    }

    pub fn bold(self) -> Self {
        Style { bold: true, ..self }
    }

    pub fn anchor(self, anchor: Anchor) -> Self {
        Style { anchor, ..self }
    }
}

/// The shapes that tell lines apart for who cannot tell their colours apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Pointed,
    Pentagon,
    Star,
    Hexagon,
}

/// A picture in the making; `(x, y)` is counted from its upper left corner.
pub struct Canvas {
    pixels: Pixmap,
    font: Font,
}

impl Canvas {
    /// A white picture.
    ///
    /// # Errors
    /// When it has no area.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes are small whole numbers"
    )]
    pub fn new(width: f32, height: f32) -> Result<Self, ChartError> {
        let pixels = Pixmap::new(width as u32, height as u32);
        let mut pixels = pixels.ok_or_else(|| ChartError(format!("{width}×{height} is no size")))?;
        pixels.fill(Color::WHITE);
        Ok(Canvas { pixels, font: Font::new() })
    }

    /// The picture as a file.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        self.pixels.encode_png().map_err(|error| ChartError(error.to_string()))
    }

    pub fn rect(&mut self, (left, top): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        if let Some(rect) = Rect::from_xywh(left, top, width, height) {
            self.pixels.fill_rect(rect, &paint(ink), Transform::identity(), None);
        }
    }

    /// Straight lines from point to point.
    pub fn line(&mut self, points: &[(f32, f32)], width: f32, ink: Ink) {
        self.stroke(
            points,
            ink,
            &Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() },
        );
    }

    pub fn dashed(&mut self, points: &[(f32, f32)], width: f32, ink: Ink) {
        let dash = StrokeDash::new(vec![10.0, 8.0], 0.0);
        self.stroke(points, ink, &Stroke { width, dash, ..Stroke::default() });
    }

    fn stroke(&mut self, points: &[(f32, f32)], ink: Ink, stroke: &Stroke) {
        if let Some(path) = path(points, false) {
            self.pixels.stroke_path(&path, &paint(ink), stroke, Transform::identity(), None);
        }
    }

    /// The area inside these points.
    pub fn area(&mut self, points: &[(f32, f32)], ink: Ink) {
        if let Some(path) = path(points, true) {
            self.fill(&path, ink);
        }
    }

    fn fill(&mut self, path: &Path, ink: Ink) {
        self.pixels.fill_path(path, &paint(ink), FillRule::Winding, Transform::identity(), None);
    }

    /// A mark with a white rim, so that it stands out from the lines below it.
    pub fn mark(&mut self, shape: Shape, at: (f32, f32), radius: f32, ink: Ink) {
        for (radius, ink) in [(radius + 3.0, WHITE), (radius, ink)] {
            self.area(&outline(shape, at, radius), ink);
        }
    }

    /// How wide a text of this size is.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.font.width(text, size)
    }

    /// Writes on a baseline; returns how wide it is.
    pub fn text(&mut self, text: &str, (x, baseline): (f32, f32), style: Style) -> f32 {
        let width = self.width(text, style.size);
        let x = match style.anchor {
            Anchor::Left => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::Right => x - width,
        };
        if let Some(path) = self.font.path(text, (x, baseline), style.size) {
            self.fill(&path, style.ink);
            if style.bold {
                let stroke =
                    Stroke { width: style.size / 26.0, line_join: LineJoin::Round, ..Stroke::default() };
                self.pixels.stroke_path(&path, &paint(style.ink), &stroke, Transform::identity(), None);
            }
        }
        width
    }

    /// Writes in a smaller size, if need be, so that the text fits.
    pub fn fitted(&mut self, text: &str, at: (f32, f32), room: f32, style: Style) {
        let width = self.width(text, style.size);
        let size = if width > room { style.size * room / width } else { style.size };
        self.text(text, at, Style { size, ..style });
    }
}

fn paint(ink: Ink) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(ink.0, ink.1, ink.2, 0xFF);
    paint
}

fn path(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, others) = points.split_first()?;
    path.move_to(first.0, first.1);
    for (x, y) in others {
        path.line_to(*x, *y);
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// The corners of a shape.
fn outline(shape: Shape, (x, y): (f32, f32), radius: f32) -> Vec<(f32, f32)> {
    let (corners, turn, inner) = match shape {
        Shape::Circle => (32, 0.0, 1.0),
        Shape::Square => (4, PI / 4.0, 1.0),
        Shape::Triangle => (3, -FRAC_PI_2, 1.0),
        Shape::Diamond => (4, 0.0, 1.0),
        Shape::Pointed => (3, FRAC_PI_2, 1.0),
        Shape::Pentagon => (5, -FRAC_PI_2, 1.0),
        Shape::Star => (10, -FRAC_PI_2, 0.45),
        Shape::Hexagon => (6, 0.0, 1.0),
    };
    let larger = if corners == 32 { 1.0 } else { 1.2 };
    let corner = |number: u8| {
        let angle = turn + TAU * f32::from(number) / f32::from(corners);
        let radius = larger * radius * if number % 2 == 1 { inner } else { 1.0 };
        (x + radius * angle.cos(), y + radius * angle.sin())
    };
    (0..corners).map(corner).collect()
}
