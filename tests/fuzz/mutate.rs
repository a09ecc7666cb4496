//! Changing what the corpus holds.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A file of the corpus.
pub type Seed = Vec<u8>;

/// What has broken readers before.
const HOSTILE: [&[u8]; 14] = [
    b"-1",
    b"9223372036854775808",
    b"1e999",
    b"null",
    b"\"",
    b"{",
    b"]]",
    b"\0",
    b"\xff\xfe",
    b"\r\n",
    "\u{202e}\u{feff}".as_bytes(),
    b"=cmd|' /C calc'!A0",
    b"%s%n{}$()",
    b"'); DROP TABLE people; --",
];

/// One change.
#[derive(Debug, Clone)]
enum Change {
    Turn(Index, u8),
    Cut(Index, Index),
    Double(Index, Index),
    Insert(Index, Vec<u8>),
    Mix(Index, Index),
}

/// Some file of the corpus with some changes; now and then bytes that are no file at all.
pub fn changed(seeds: Vec<Seed>) -> impl Strategy<Value = Vec<u8>> {
    let change = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Turn(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Cut(from, to)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Double(from, to)),
        (any::<Index>(), select(&HOSTILE[..])).prop_map(|(at, bytes)| Change::Insert(at, bytes.to_vec())),
        (any::<Index>(), vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(seed, at)| Change::Mix(seed, at)),
    ];
    let begun = select(seeds.clone());
    prop_oneof![
        9 => (begun, vec(change, 1..6)).prop_map(move |(mut bytes, changes)| {
            changes.iter().for_each(|change| apply(&mut bytes, change, &seeds));
            bytes
        }),
        1 => vec(any::<u8>(), 0..600),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change, seeds: &[Seed]) {
    let place = |index: &Index| index.index(bytes.len() + 1);
    let span = |from: &Index, to: &Index| {
        let (from, to) = (place(from), place(to));
        from.min(to)..from.max(to)
    };
    match change {
        Change::Turn(at, byte) => {
            let at = place(at);
            if let Some(old) = bytes.get_mut(at) {
                *old ^= byte;
            }
        }
        Change::Cut(from, to) => drop(bytes.drain(span(from, to))),
        Change::Double(from, to) => {
            let span = span(from, to);
            let copy = bytes[span.clone()].to_vec();
            bytes.splice(span.start..span.start, copy);
        }
        Change::Insert(at, new) => {
            let at = place(at);
            bytes.splice(at..at, new.iter().copied());
        }
        Change::Mix(seed, at) => {
            let (other, at) = (seed.get(seeds), place(at));
            bytes.truncate(at);
            bytes.extend_from_slice(&other[at.min(other.len())..]);
        }
    }
}
