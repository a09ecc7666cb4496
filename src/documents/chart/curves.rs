//! The upper half: a line for each unit over the day, the lowest by name.

use chrono::{NaiveTime, TimeDelta};

use crate::documents::Words;
use crate::domain::message::Time;
use crate::domain::report::{ChartData, Series};

use super::canvas::{Anchor, Canvas, Ink, Shape, Style, WHITE};
use super::labels::{apart, two_lines};
use super::layout::{CURVES, Frame, HEADING_SIZE, LABELS_LEFT, MARGIN, SMALL, WIDTH, pixels};
use super::{DARK, GREY, PALE, percent};

/// As many lines as the eye tells apart; further units are one grey band.
const MOST_LINES: usize = 8;
const MOST_TICKS: i64 = 6;
/// Between ticks, in minutes.
const STEPS: [i64; 8] = [15, 30, 60, 120, 180, 360, 720, 1440];
const BAND: Ink = Ink(0xD4, 0xD4, 0xD4);
const MARK: f32 = 10.0;
const NAME: f32 = 28.0;
const LINE_HEIGHT: f32 = 34.0;

/// The colours of Okabe and Ito with a shape each; the lowest unit has the first.
const MARKS: [(Ink, Shape); MOST_LINES] = [
    (Ink(0xD5, 0x5E, 0x00), Shape::Circle),
    (Ink(0x00, 0x72, 0xB2), Shape::Square),
    (Ink(0x00, 0x9E, 0x73), Shape::Triangle),
    (Ink(0xCC, 0x79, 0xA7), Shape::Diamond),
    (Ink(0xE6, 0x9F, 0x00), Shape::Pointed),
    (Ink(0x56, 0xB4, 0xE9), Shape::Pentagon),
    (Ink(0x00, 0x00, 0x00), Shape::Star),
    (Ink(0xF0, 0xE4, 0x42), Shape::Hexagon),
];
/// Too pale on white to stand without a rim.
const YELLOW: usize = 7;
const RIM: Ink = Ink(0x70, 0x68, 0x00);

/// The span of the day that is shown.
struct Axis {
    start: Time,
    end: Time,
}

impl Axis {
    fn of(data: &ChartData) -> Axis {
        let points = || data.colleges.iter().flat_map(|series| &series.points).map(|(at, _)| *at);
        let start = data.opened_at.or_else(|| points().min()).unwrap_or(data.at);
        let end = points().chain(data.deadline).chain([data.at, start + TimeDelta::minutes(30)]).max();
        Axis { start, end: end.unwrap_or(data.at) }
    }

    fn x(&self, at: Time) -> f32 {
        let seconds = |span: TimeDelta| i32::try_from(span.num_seconds()).unwrap_or(i32::MAX);
        let share = f64::from(seconds(at - self.start)) / f64::from(seconds(self.end - self.start).max(1));
        CURVES.left + CURVES.width() * pixels(share.clamp(0.0, 1.0))
    }

    /// Round times of the local day, few enough to stand side by side.
    fn ticks(&self, words: &Words<'_>) -> Vec<Time> {
        let minutes = (self.end - self.start).num_minutes();
        let step =
            STEPS.into_iter().find(|step| minutes / step < MOST_TICKS).unwrap_or(STEPS[STEPS.len() - 1]);
        let date = words.calendar.date(self.start);
        let midnight = date.and_time(NaiveTime::MIN);
        let slots = (0..=2 * 1440 / step).map(|slot| midnight + TimeDelta::minutes(slot * step));
        let slots = slots.map(|slot| words.calendar.instant(slot.date(), slot.time()));
        let mut ticks: Vec<Time> = slots.filter(|slot| (self.start..=self.end).contains(slot)).collect();
        ticks.dedup();
        ticks
    }
}

/// A unit's line with its end.
struct Line<'a> {
    series: &'a Series,
    share: f64,
    points: Vec<(f32, f32)>,
}

impl<'a> Line<'a> {
    /// From nothing at the opening to the present; `None` for a unit of which nothing is known.
    fn of(series: &'a Series, data: &ChartData, axis: &Axis) -> Option<Line<'a>> {
        let known = series.points.iter().filter(|(_, share)| share.is_finite());
        let known: Vec<(Time, f64)> = known.copied().collect();
        let (last, share) = *known.last()?;
        let begin = data.opened_at.map(|opened| (opened, 0.0)).filter(|(opened, _)| *opened < known[0].0);
        let end = (last < data.at).then_some((data.at, share));
        let all = begin.into_iter().chain(known).chain(end);
        let points = all.map(|(at, share)| (axis.x(at), CURVES.y(share))).collect();
        Some(Line { series, share, points })
    }

    fn end(&self) -> (f32, f32) {
        self.points.last().copied().unwrap_or((CURVES.left, CURVES.bottom))
    }

    /// The height at `x`.
    fn at(&self, x: f32) -> f32 {
        let next = self.points.partition_point(|(at, _)| *at < x);
        let Some(right) = self.points.get(next) else { return self.end().1 };
        let left = self.points[next.saturating_sub(1)];
        let span = right.0 - left.0;
        if span <= 0.0 { right.1 } else { left.1 + (right.1 - left.1) * (x - left.0) / span }
    }
}

/// Draws the upper half.
pub fn draw(canvas: &mut Canvas, words: &Words<'_>, data: &ChartData) {
    let tier = words.tier(data.tier).to_lowercase();
    let heading = words.say_with("chart-units", &[("tier", tier)]);
    canvas.fitted(
        &heading,
        (MARGIN, CURVES.top - 70.0),
        WIDTH - 2.0 * MARGIN,
        Style::new(HEADING_SIZE, DARK).bold(),
    );
    let axis = Axis::of(data);
    grid(canvas, words, data, &axis);
    let mut lines: Vec<Line> =
        data.colleges.iter().filter_map(|series| Line::of(series, data, &axis)).collect();
    lines.sort_by(|a, b| a.share.total_cmp(&b.share).then_with(|| a.series.name.cmp(&b.series.name)));
    if lines.is_empty() {
        let beside = (LABELS_LEFT, (CURVES.top + CURVES.bottom) / 2.0);
        canvas.text(&words.say("chart-none"), beside, Style::new(HEADING_SIZE, GREY));
        return;
    }
    let rest = lines.split_off(lines.len().min(MOST_LINES));
    band(canvas, &rest);
    for (index, line) in lines.iter().enumerate().rev() {
        curve(canvas, line, index);
    }
    names(canvas, words, &lines, &rest);
}

fn grid(canvas: &mut Canvas, words: &Words<'_>, data: &ChartData, axis: &Axis) {
    let Frame { left, right, bottom, .. } = CURVES;
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let y = CURVES.y(share);
        canvas.line(&[(left, y), (right, y)], 2.0, PALE);
        let style = Style::new(SMALL, GREY).anchor(Anchor::Right);
        canvas.text(&format!("{:.0}%", share * 100.0), (left - 14.0, y + 10.0), style);
    }
    for tick in axis.ticks(words) {
        let x = axis.x(tick);
        canvas.line(&[(x, bottom), (x, bottom + 10.0)], 2.0, GREY);
        let style = Style::new(SMALL, GREY).anchor(Anchor::Middle);
        canvas.text(&clock(words, tick), (x, bottom + 44.0), style);
    }
    if let Some(deadline) = data.deadline.filter(|at| *at >= axis.start) {
        let x = axis.x(deadline);
        canvas.dashed(&[(x, CURVES.top - 8.0), (x, bottom)], 3.0, GREY);
        let words = words.say_with("chart-deadline", &[("time", clock(words, deadline))]);
        canvas.text(&words, (x, CURVES.top - 14.0), Style::new(SMALL, GREY).anchor(Anchor::Middle));
    }
}

fn clock(words: &Words<'_>, at: Time) -> String {
    words.calendar.local(at).format("%H:%M").to_string()
}

/// The area in which all further units lie.
fn band(canvas: &mut Canvas, rest: &[Line<'_>]) {
    let Some(end) = rest.iter().map(|line| line.end().0).reduce(f32::max) else { return };
    let start = rest.iter().filter_map(|line| line.points.first()).map(|(x, _)| *x).fold(end, f32::min);
    let steps = 80_u8;
    let at = |step: u8| start + (end - start) * f32::from(step) / f32::from(steps);
    let edge =
        |x: f32, pick: fn(f32, f32) -> f32| rest.iter().map(|line| line.at(x)).reduce(pick).unwrap_or(0.0);
    let upper = (0..=steps).map(|step| (at(step), edge(at(step), f32::min)));
    let lower = (0..=steps).rev().map(|step| (at(step), edge(at(step), f32::max) + 3.0));
    let points: Vec<_> = upper.chain(lower).collect();
    canvas.area(&points, BAND);
}

fn curve(canvas: &mut Canvas, line: &Line<'_>, index: usize) {
    let (ink, shape) = MARKS[index % MOST_LINES];
    canvas.line(&line.points, 11.0, WHITE);
    if index == YELLOW {
        canvas.line(&line.points, 8.0, RIM);
    }
    canvas.line(&line.points, 6.0, ink);
    mark(canvas, index, shape, line.end(), ink);
}

fn mark(canvas: &mut Canvas, index: usize, shape: Shape, at: (f32, f32), ink: Ink) {
    canvas.mark(
        shape,
        at,
        if index == YELLOW { MARK + 2.0 } else { MARK },
        if index == YELLOW { RIM } else { ink },
    );
    if index == YELLOW {
        canvas.mark(shape, at, MARK - 3.0, ink);
    }
}

/// A name beside a line: its mark, its share, and the words.
struct Label {
    mark: Option<usize>,
    end: (f32, f32),
    share: String,
    words: Vec<String>,
}

impl Label {
    fn height(&self) -> f32 {
        if self.words.len() > 1 { 2.0 * LINE_HEIGHT + 6.0 } else { LINE_HEIGHT + 10.0 }
    }
}

/// The names right of the lines, the highest at the top.
fn names(canvas: &mut Canvas, words: &Words<'_>, lines: &[Line<'_>], rest: &[Line<'_>]) {
    let left = LABELS_LEFT + 136.0;
    let room = WIDTH - MARGIN / 2.0 - left;
    let label = |mark, line: &Line<'_>, name: &str| Label {
        mark,
        end: line.end(),
        share: percent(line.share),
        words: two_lines(name, room, &|text| canvas.width(text, NAME)),
    };
    let others = rest.first().zip(rest.last()).map(|(lowest, highest)| {
        let values = [("count", rest.len().to_string())];
        let span = format!("{} – {}", percent(lowest.share), percent(highest.share));
        let lines = vec![words.say_with("chart-rest", &values), span];
        Label { share: String::new(), words: lines, ..label(None, highest, "") }
    });
    let named =
        lines.iter().enumerate().rev().map(|(index, line)| label(Some(index), line, &line.series.name));
    let labels: Vec<Label> = others.into_iter().chain(named).collect();
    let wanted: Vec<_> = labels.iter().map(|label| (label.end.1, label.height())).collect();
    let middles = apart(&wanted, CURVES.top - 20.0, CURVES.bottom + 20.0);
    for (label, middle) in labels.iter().zip(middles) {
        name(canvas, label, middle, left);
    }
}

fn name(canvas: &mut Canvas, label: &Label, middle: f32, left: f32) {
    let (ink, shape) = label.mark.map_or((BAND, Shape::Square), |index| MARKS[index % MOST_LINES]);
    let from = (label.end.0 + MARK + 6.0, label.end.1);
    canvas.line(
        &[from, (LABELS_LEFT - 18.0, middle)],
        2.5,
        if label.mark == Some(YELLOW) { RIM } else { ink },
    );
    match label.mark {
        Some(index) => mark(canvas, index, shape, (LABELS_LEFT, middle), ink),
        None => canvas.mark(shape, (LABELS_LEFT, middle), MARK, ink),
    }
    // A label without a share of its own begins where the shares do.
    let left = if label.share.is_empty() { LABELS_LEFT + 30.0 } else { left };
    let share = Style::new(30.0, DARK).bold().anchor(Anchor::Right);
    canvas.text(&label.share, (left - 14.0, middle + 11.0), share);
    let first = if label.words.len() > 1 { middle + 10.0 - LINE_HEIGHT / 2.0 } else { middle + 10.0 };
    for (row, words) in (0_u8..).zip(&label.words) {
        canvas.text(words, (left, first + LINE_HEIGHT * f32::from(row)), Style::new(NAME, DARK));
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use chrono_tz::Europe::Berlin;
    use chrono_tz::Tz;

    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::domain::message::Locale;
    use crate::text::Texts;

    fn ticks(zone: Tz, (month, day, hour, minute): (u32, u32, u32, u32), minutes: i64) -> Vec<String> {
        let start =
            zone.with_ymd_and_hms(2026, month, day, hour, minute, 0).earliest().expect("a local time");
        let start = start.with_timezone(&Utc);
        let axis = Axis { start, end: start + TimeDelta::minutes(minutes) };
        let (texts, calendar) = (Texts::new(), Calendar::plain(zone));
        let words = Words { texts: &texts, locale: Locale::En, calendar: &calendar, tiers: vec![] };
        axis.ticks(&words).into_iter().map(|tick| clock(&words, tick)).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(Berlin, (11, 22, 7, 0), 270), ["07:00", "08:00", "09:00", "10:00", "11:00"]);
        assert_eq!(ticks(Berlin, (11, 22, 7, 50), 40), ["08:00", "08:15", "08:30"]);
        assert_eq!(
            ticks(Berlin, (11, 22, 22, 0), 600),
            ["22:00", "00:00", "02:00", "04:00", "06:00", "08:00"]
        );
        // The hour after two does not exist on this day: its slots are one.
        assert_eq!(ticks(Berlin, (3, 29, 1, 0), 120), ["01:00", "01:30", "03:00", "03:30", "04:00"]);
    }
}
