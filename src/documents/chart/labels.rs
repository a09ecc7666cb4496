//! Words beside lines: broken where they do not fit, and moved apart where they would cover each other.

/// Breaks a name into at most two lines of at most `room`, about as long as each other; what is too long for two loses
/// its middle, since names of units differ at either end.
pub fn two_lines(name: &str, room: f32, width: &dyn Fn(&str) -> f32) -> Vec<String> {
    if width(name) <= room {
        return vec![name.to_owned()];
    }
    let halves = breaks(name).into_iter().map(|at| (name[..at].trim_end(), name[at..].trim_start()));
    let lengths = |(first, second): &(&str, &str)| (width(first), width(second));
    let fitting = halves.clone().filter(|halves| lengths(halves).0 <= room && lengths(halves).1 <= room);
    let uneven = |halves: &(&str, &str)| (lengths(halves).0 - lengths(halves).1).abs();
    if let Some((first, second)) = fitting.min_by(|a, b| uneven(a).total_cmp(&uneven(b))) {
        return vec![first.to_owned(), second.to_owned()];
    }
    let anywhere: Vec<usize> = name.char_indices().map(|(at, _)| at).skip(1).collect();
    let first = halves.map(|(first, _)| first).filter(|first| width(first) <= room).last();
    let torn = || anywhere.iter().map(|at| &name[..*at]).take_while(|first| width(first) <= room).last();
    let first = first.or_else(torn).unwrap_or_default();
    vec![first.to_owned(), tail(&name[first.len()..], room, width)]
}

/// Where a line may end: at a space, and between two characters of which one is no letter of an alphabet.
fn breaks(text: &str) -> Vec<usize> {
    let letter = |c: char| c.is_alphanumeric() && c < '\u{2E80}';
    let pairs = text.char_indices().zip(text.chars().skip(1));
    let fits = pairs.filter(|((_, before), after)| {
        *before == ' ' || !(letter(*before) && letter(*after) || *after == ' ')
    });
    fits.map(|((at, before), _)| at + before.len_utf8()).collect()
}

/// `…` and the longest end that fits, from the begin of a word if one is there.
fn tail(rest: &str, room: f32, width: &dyn Fn(&str) -> f32) -> String {
    let marked = |at: usize| format!("…{}", &rest[at..]);
    let fits = |at: &usize| width(&marked(*at)) <= room;
    let at = breaks(rest).into_iter().find(fits);
    let at = at.or_else(|| rest.char_indices().map(|(at, _)| at).find(fits));
    at.map_or_else(|| "…".to_owned(), marked)
}

/// Where to put the middles of labels of these heights: as near as they can be to where they belong, in the same
/// order, none over another, all between `top` and `bottom` if there is room.
pub fn apart(wanted: &[(f32, f32)], top: f32, bottom: f32) -> Vec<f32> {
    let mut middles = Vec::with_capacity(wanted.len());
    let mut free = top;
    for (middle, height) in wanted {
        let middle = middle.max(free + height / 2.0);
        free = middle + height / 2.0;
        middles.push(middle);
    }
    let mut floor = bottom;
    for (middle, (_, height)) in middles.iter_mut().zip(wanted).rev() {
        *middle = middle.min(floor - height / 2.0);
        floor = *middle - height / 2.0;
    }
    middles
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ten a letter, twenty a hanzi.
    fn width(text: &str) -> f32 {
        text.chars().map(|c| if c < '\u{2E80}' { 10.0 } else { 20.0 }).sum()
    }

    #[test]
    fn names_break_at_words_and_lose_their_middle() {
        let lines = |name: &str, room| two_lines(name, room, &width);
        assert_eq!(lines("计算机学院", 100.0), ["计算机学院"]);
        assert_eq!(lines("马克思主义学院", 120.0), ["马克思", "主义学院"]);
        assert_eq!(lines("马克思主义与思想政治教育学院", 100.0), ["马克思主义", "…教育学院"]);
        assert_eq!(lines("School of Marine Biology", 140.0), ["School of", "Marine Biology"]);
        assert_eq!(lines("School of Mechanical Engineering Technology", 110.0), ["School of", "…Technology"]);
        assert_eq!(lines("Pneumonoultramicroscopic", 100.0), ["Pneumonoul", "…croscopic"]);
        assert_eq!(lines("2021级计算机1班", 100.0), ["2021级计", "算机1班"]);
        assert_eq!(lines("x", 1.0).concat(), "…");
    }

    proptest! {
        #[test]
        fn labels_keep_their_order_and_do_not_cover_each_other(
            mut middles in prop::collection::vec(0.0_f32..700.0, 1..9), tall in any::<bool>(),
        ) {
            middles.sort_by(f32::total_cmp);
            let height = if tall { 76.0 } else { 44.0 };
            let wanted: Vec<_> = middles.iter().map(|middle| (*middle, height)).collect();
            let placed = apart(&wanted, 0.0, 700.0);
            prop_assert!(placed.windows(2).all(|two| two[1] - two[0] >= height - 0.01), "{:?}", placed);
            prop_assert!(placed.iter().all(|at| (height / 2.0 - 0.01..=700.01 - height / 2.0).contains(at)), "{:?}", placed);
        }
    }
}
