/// The text without spaces of any width around it and without invisible marks; line breaks and tabs inside
/// become one space.
pub fn tidy(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !invisible(*c)).collect();
    let mut tidy = String::with_capacity(visible.len());
    let mut broken = false;
    for c in visible.trim().chars() {
        if c.is_control() {
            broken = true;
            continue;
        }
        if broken {
            tidy.push(' ');
            broken = false;
        }
        tidy.push(c);
    }
    tidy.trim().to_owned()
}

/// [`tidy`], and full-width letters, digits and signs (`２０２６`, `；`) as their plain ones: for codes and words,
/// not for names.
pub fn plain(text: &str) -> String {
    let narrow: String = text
        .chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect();
    tidy(&narrow)
}

/// Zero-width and direction marks that spreadsheets and chats leave in cells.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

/// The codes of a cell, separated by `;` (`,` and `、` are taken as well).
pub fn codes(cell: &str) -> impl Iterator<Item = String> {
    let cell = plain(cell);
    cell.split([';', ',', '、']).map(plain).filter(|code| !code.is_empty()).collect::<Vec<_>>().into_iter()
}

/// The known word that is closest to `word`, when it is close enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let allowed = (wanted.chars().count() / 2).min(3);
    known
        .into_iter()
        .map(|candidate| (distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour (restricted Damerau).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// Why this cannot be a code, if so.
pub fn code_fault(code: &str) -> Option<&'static str> {
    if code.is_empty() {
        return Some("is empty; every row needs a code");
    }
    if code.chars().any(|c| c.is_whitespace() || matches!(c, ';' | ',' | '、')) {
        return Some("holds a space, comma or semicolon; write the code without them");
    }
    if code.chars().count() > 64 {
        return Some("is longer than 64 characters; use a shorter code");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_invisible_signs_are_taken_off() {
        assert_eq!(plain("\u{3000}２０２６０１０１\u{FEFF} "), "20260101");
        assert_eq!(tidy("\u{3000}张 三\r\n"), "张 三");
        assert_eq!(tidy("张\n三"), "张 三");
        assert_eq!(codes("s1；s2; ;s3、s4").collect::<Vec<_>>(), ["s1", "s2", "s3", "s4"]);
    }

    #[test]
    fn the_nearest_word_is_named_only_when_close() {
        assert_eq!(nearest("colege", ["school", "college", "class"]), Some("college"));
        assert_eq!(nearest("studnet", ["student", "staff"]), Some("student"));
        assert_eq!(nearest("x", ["student", "staff"]), None);
        assert_eq!(nearest("janitor", ["student", "staff"]), None);
    }
}
