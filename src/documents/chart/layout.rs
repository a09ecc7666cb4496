//! Where things stand on the picture, in pixels.

/// Wide enough for type that a phone shows in the size of its own.
pub const WIDTH: f32 = 1080.0;
pub const HEIGHT: f32 = 1560.0;
pub const MARGIN: f32 = 54.0;
/// The baseline of the large figure.
pub const HEADLINE: f32 = 284.0;
pub const FIGURES_SIZE: f32 = 36.0;

/// The smallest type.
pub const SMALL: f32 = 27.0;
pub const HEADING_SIZE: f32 = 36.0;

/// The lines over the day.
pub const CURVES: Frame = Frame { left: 138.0, top: 446.0, right: 600.0, bottom: 1080.0 };
/// The names of the lines, right of them.
pub const LABELS_LEFT: f32 = 660.0;
/// The last days.
pub const DAYS: Frame = Frame { left: MARGIN, top: 1258.0, right: WIDTH - MARGIN, bottom: 1444.0 };

/// A rectangle of the picture.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Frame {
    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// The height of a share of 0 to 1.
    pub fn y(&self, share: f64) -> f32 {
        self.bottom - self.height() * pixels(share.clamp(0.0, 1.0))
    }
}

/// A length as the canvas counts it.
#[expect(clippy::cast_possible_truncation, reason = "a picture has no use for more digits")]
pub fn pixels(length: f64) -> f32 {
    length as f32
}
