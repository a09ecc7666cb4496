//! Text from data must never become a formula in somebody's spreadsheet (S10).

/// What a formula may begin with, full-width forms and leading blanks that spreadsheets drop included.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet would take this text for a formula, or for the mark that hides one.
fn could_be_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The text for a CSV cell: what could become a formula gets an apostrophe in front.
pub fn guard(text: &str) -> String {
    if could_be_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text for a text cell of a workbook, where only a leading apostrophe must be kept apart from
/// [`guard`]'s.
pub fn guard_text_cell(text: &str) -> String {
    if text.starts_with('\'') { guard(text) } else { text.to_owned() }
}

/// Takes [`guard`]'s apostrophe off again.
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if could_be_formula(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_is_a_formula() {
        for text in ["+86 138", "=1+1", "'=1", "''@x", "张三", "'quoted'", "-", "＝A1", "\t=1", "\n=1", ""]
        {
            let guarded = guard(text);
            assert_eq!(unguard(&guarded), text);
            assert_eq!(unguard(&guard_text_cell(text)), text);
            assert!(!guarded.starts_with(['=', '+', '-', '@', '＝']), "{guarded}");
        }
        assert_eq!(guard("张三"), "张三");
        assert_eq!(guard("'quoted'"), "'quoted'");
    }
}
