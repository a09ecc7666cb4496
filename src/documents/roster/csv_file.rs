//! CSV as offices have it: any of three separators, with or without a BOM, line breaks inside quotes.

use encoding_rs::GBK;

use super::Reading;
use super::table::{self, Cell, Line};
use crate::domain::roster::{Problem, Table};

const UTF16: &str = "the file is UTF-16 (\"Unicode text\"), not UTF-8; in Excel save it as \
                     \"CSV UTF-8 (comma delimited)\", or import the .xlsx itself";
const GBK_FOUND: &str = "the file is GBK, as Excel in Chinese saves \"CSV\", not UTF-8; save it as \
                         \"CSV UTF-8 (comma delimited)\" (CSV UTF-8（逗号分隔）), or import the .xlsx itself";
const NOT_UTF8: &str =
    "the file is not UTF-8; save it as \"CSV UTF-8 (comma delimited)\", or import the .xlsx itself";

/// Reads one CSV file.
pub fn read(file: &str, bytes: &[u8], reading: &mut Reading) {
    let place = Table { file: file.to_owned(), ..Table::default() };
    let lines = decode(bytes).and_then(|text| {
        let (text, first) = without_separator_line(text);
        parse(text, separator(text), first)
    });
    match lines {
        Ok(lines) => table::add(file, None, lines, reading),
        Err((line, reason)) => reading.problems.push(Problem::of_table(&place, line, reason)),
    }
}

/// The text without its BOM, or the first line that is not UTF-8 and what the file is instead.
fn decode(bytes: &[u8]) -> Result<&str, (u32, &'static str)> {
    let zeros = bytes.iter().take(1000).filter(|byte| **byte == 0).count();
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || zeros > 20 {
        return Err((1, UTF16));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let (_, _, broken) = GBK.decode(bytes);
        (u32::try_from(line).unwrap_or(u32::MAX), if broken { NOT_UTF8 } else { GBK_FOUND })
    })
}

/// Excel's own first line `sep=;` is no data; the answer is the rest and the number of its first line.
fn without_separator_line(text: &str) -> (&str, u32) {
    match text.split_once('\n') {
        Some((first, rest)) if first.to_lowercase().starts_with("sep=") => (rest, 2),
        _ => (text, 1),
    }
}

/// The separator with which most headings are known.
fn separator(text: &str) -> char {
    let headings = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let known = |separator: char| {
        let lines = parse(headings, separator, 1).unwrap_or_default();
        lines.first().map_or(0, |line| table::known_headings(&line.cells))
    };
    // The last of equals wins: the comma.
    ['，', '\t', ';', ','].into_iter().max_by_key(|separator| known(*separator)).unwrap_or(',')
}

/// Splits text into lines of cells. A line's number is that of its beginning, also when cells before it
/// hold line breaks.
///
/// # Errors
/// The line of a quote that is never closed.
fn parse(text: &str, separator: char, first: u32) -> Result<Vec<Line>, (u32, &'static str)> {
    let mut parser = Parser { lines: Vec::new(), cells: Vec::new(), cell: String::new(), number: first };
    let mut chars = text.chars().peekable();
    let mut line = first;
    let mut quoted: Option<u32> = None;
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        match (quoted, c) {
            (Some(_), '"') if chars.peek() == Some(&'"') => {
                chars.next();
                parser.cell.push('"');
            }
            (Some(_), '"') => quoted = None,
            (Some(_), c) => parser.cell.push(c),
            (None, '"') if parser.cell.trim().is_empty() => {
                parser.cell.clear();
                quoted = Some(line);
            }
            (None, '\r') if chars.peek() == Some(&'\n') => {}
            (None, '\r') => {
                line += 1;
                parser.end_line(line);
            }
            (None, '\n') => parser.end_line(line),
            (None, c) if c == separator => parser.end_cell(),
            (None, c) => parser.cell.push(c),
        }
    }
    if let Some(opened) = quoted {
        return Err((
            opened,
            "a quote (\") is opened here and never closed; close it, or write it twice inside a quoted cell",
        ));
    }
    parser.end_line(line + 1);
    Ok(parser.lines)
}

struct Parser {
    lines: Vec<Line>,
    cells: Vec<Cell>,
    cell: String,
    number: u32,
}

impl Parser {
    fn end_cell(&mut self) {
        self.cells.push(Cell::Text(std::mem::take(&mut self.cell)));
    }

    fn end_line(&mut self, next: u32) {
        self.end_cell();
        self.lines.push(Line { number: self.number, cells: std::mem::take(&mut self.cells) });
        self.number = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &Line) -> Vec<&str> {
        fn text(cell: &Cell) -> &str {
            if let Cell::Text(text) = cell { text } else { "?" }
        }
        line.cells.iter().map(text).collect()
    }

    #[test]
    fn lines_keep_their_numbers_across_quoted_breaks() {
        let text = "a,b\r\n\"x\r\ny\",\"say \"\"hi\"\"\"\r\n\r\n1,2";
        let lines = parse(text, ',', 1).expect("well formed");
        let numbers: Vec<u32> = lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 4, 5]);
        assert_eq!(cells(&lines[1]), ["x\r\ny", "say \"hi\""]);
        assert_eq!(cells(&lines[3]), ["1", "2"]);
    }

    #[test]
    fn a_quote_that_stays_open_is_named_where_it_opens() {
        let (line, reason) = parse("a,b\n1,\"2\n3,4\n", ',', 1).expect_err("open quote");
        assert_eq!(line, 2);
        assert!(reason.contains("never closed"));
    }

    #[test]
    fn separators_are_found_by_the_headings() {
        assert_eq!(separator("code;name;kind;parent\n"), ';');
        assert_eq!(separator("\ncode\tname\tkind\tparent\n"), '\t');
        assert_eq!(separator("编号，名称，类型，上级\n"), '，');
        assert_eq!(separator("code,name,\"kind\",parent"), ',');
        assert_eq!(separator(""), ',');
    }

    #[test]
    fn other_encodings_are_named() {
        let (gbk, _, _) = GBK.encode("code,name\n1,张三\n");
        assert_eq!(decode(&gbk), Err((2, GBK_FOUND)));
        assert_eq!(decode(&[0xFF, 0xFE, b'c', 0]), Err((1, UTF16)));
        assert_eq!(decode(b"code\n\n\xFF\xFF"), Err((3, NOT_UTF8)));
        assert_eq!(decode(b"\xEF\xBB\xBFcode"), Ok("code"));
        assert_eq!(without_separator_line("sep=;\ncode"), ("code", 2));
    }
}
