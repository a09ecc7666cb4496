use std::collections::{BTreeMap, BTreeSet};

use super::Unit;
use super::rows::{Column, Problem, UnitRow};
use super::tiers::Tiers;
use super::words::{code_fault, plain, tidy};

/// A row whose own cells were read; `tier` is missing when the kind is unknown.
struct Read<'a> {
    row: &'a UnitRow,
    name: String,
    tier: Option<usize>,
    parent: Option<String>,
}

/// Checks the units alone and as a tree. Faulty units stay in the result, as far as they are known, so
/// that people who belong to them are not reported as well.
pub fn check(rows: &[UnitRow], tiers: &Tiers, problems: &mut Vec<Problem>) -> BTreeMap<String, Unit> {
    let read = read(rows, tiers, problems);
    check_parents(&read, problems);
    check_roots(&read, problems);
    let cyclic = check_cycles(&read, problems);
    check_tiers(&read, &cyclic, tiers, problems);
    read.into_iter()
        .map(|(code, unit)| {
            // No tier: whatever stands on such a unit is never kept.
            let tier = unit.tier.unwrap_or(usize::MAX);
            (code.clone(), Unit { code, name: unit.name, tier, parent: unit.parent })
        })
        .collect()
}

fn read<'a>(rows: &'a [UnitRow], tiers: &Tiers, problems: &mut Vec<Problem>) -> BTreeMap<String, Read<'a>> {
    let mut units: BTreeMap<String, Read<'a>> = BTreeMap::new();
    for row in rows {
        let code = plain(&row.code);
        if let Some(fault) = code_fault(&code) {
            problems.push(row.place.problem(Column::Code, fault));
            continue;
        }
        if let Some(first) = units.get(&code) {
            let reason = format!(
                "the unit code \"{code}\" stands already at {}; every unit has one row and a code of its own",
                first.row.place
            );
            problems.push(row.place.problem(Column::Code, reason));
            continue;
        }
        let name = tidy(&row.name);
        if name.is_empty() {
            problems.push(row.place.problem(Column::Name, "is empty; write the unit's name"));
        }
        let parent = plain(&row.parent);
        let tier = tier(row, tiers, problems);
        units.insert(code, Read { row, name, tier, parent: (!parent.is_empty()).then_some(parent) });
    }
    units
}

fn tier(row: &UnitRow, tiers: &Tiers, problems: &mut Vec<Problem>) -> Option<usize> {
    let found = tiers.from_word(&row.kind);
    if found.is_none() {
        let kind = plain(&row.kind);
        let all = tiers.names().join(", ");
        let reason = match tiers.nearest(&kind) {
            _ if kind.is_empty() => format!("is empty; write one of {all}"),
            Some(near) => format!("\"{kind}\" is no tier; is \"{near}\" meant?"),
            None => format!("\"{kind}\" is no tier; write one of {all}"),
        };
        problems.push(row.place.problem(Column::Kind, reason));
    }
    found
}

fn check_parents(units: &BTreeMap<String, Read<'_>>, problems: &mut Vec<Problem>) {
    for unit in units.values() {
        let Some(parent) = unit.parent.as_ref().filter(|parent| !units.contains_key(*parent)) else {
            continue;
        };
        let reason = unknown_unit(parent, units.keys());
        problems.push(unit.row.place.problem(Column::Parent, reason));
    }
}

/// The words for a unit code that stands nowhere. Codes often differ by one digit, so only another case is
/// taken for a slip.
pub fn unknown_unit<'a>(code: &str, mut known: impl Iterator<Item = &'a String>) -> String {
    match known.find(|known| known.to_lowercase() == code.to_lowercase()) {
        Some(near) => format!("no unit has the code \"{code}\"; is \"{near}\" meant?"),
        None => format!("no unit has the code \"{code}\"; add the unit or correct the code"),
    }
}

fn check_roots(units: &BTreeMap<String, Read<'_>>, problems: &mut Vec<Problem>) {
    let mut roots: Vec<(&String, &Read<'_>)> =
        units.iter().filter(|(_, unit)| unit.parent.is_none()).collect();
    roots.sort_by_key(|(_, unit)| unit.row.place.line);
    if let Some((first_code, first)) = roots.first() {
        for (code, extra) in &roots[1..] {
            let reason = format!(
                "\"{code}\" is a second root beside \"{first_code}\" ({}); only the school itself has no parent, \
                 write this unit's parent",
                first.row.place
            );
            problems.push(extra.row.place.problem(Column::Parent, reason));
        }
    } else if let Some(any) = units.values().min_by_key(|unit| unit.row.place.line) {
        let reason = "no unit is the root; leave the parent of the school itself empty";
        problems.push(any.row.place.problem(Column::Parent, reason));
    }
}

/// Reports each cycle once, at its first line; the answer is every unit that is in one.
fn check_cycles(units: &BTreeMap<String, Read<'_>>, problems: &mut Vec<Problem>) -> BTreeSet<String> {
    let mut cyclic = BTreeSet::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in units.keys() {
        let mut walk: Vec<&str> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut next = Some(start.as_str());
        while let Some(code) = next.filter(|code| units.contains_key(*code) && !done.contains(*code)) {
            if !seen.insert(code) {
                let from = walk.iter().position(|known| *known == code).unwrap_or_default();
                report_cycle(&walk[from..], units, problems);
                cyclic.extend(walk[from..].iter().map(|code| (*code).to_owned()));
                break;
            }
            walk.push(code);
            next = units[code].parent.as_deref();
        }
        done.extend(walk);
    }
    cyclic
}

fn report_cycle(cycle: &[&str], units: &BTreeMap<String, Read<'_>>, problems: &mut Vec<Problem>) {
    let Some(at) = (0..cycle.len()).min_by_key(|at| units[cycle[*at]].row.place.line) else {
        return;
    };
    let mut round: Vec<&str> = cycle[at..].iter().chain(&cycle[..at]).copied().collect();
    round.push(cycle[at]);
    let reason =
        format!("the parents go in a circle: {}; one of them needs another parent", round.join(" → "));
    problems.push(units[cycle[at]].row.place.problem(Column::Parent, reason));
}

fn check_tiers(
    units: &BTreeMap<String, Read<'_>>,
    cyclic: &BTreeSet<String>,
    tiers: &Tiers,
    problems: &mut Vec<Problem>,
) {
    let single_root = units.values().filter(|unit| unit.parent.is_none()).count() == 1;
    for (code, unit) in units.iter().filter(|(code, _)| !cyclic.contains(*code)) {
        let Some(tier) = unit.tier else { continue };
        let parent = unit.parent.as_ref().and_then(|parent| units.get(parent));
        let name = |tier: usize| tiers.name(tier).unwrap_or_default().to_owned();
        let reason = match parent.map(|parent| parent.tier) {
            None if unit.parent.is_none() && single_root && tier != 0 => format!(
                "\"{code}\" has no parent, so it is the root and must be a {}, not a {}; write its parent or correct the kind",
                name(0),
                name(tier)
            ),
            Some(Some(above)) if !tiers.may_stand_below(tier, above) => format!(
                "a {} cannot stand directly below a {}; a tier belongs below the one before it: {}",
                name(tier),
                name(above),
                tiers.names().join(" → ")
            ),
            _ => continue,
        };
        problems.push(unit.row.place.problem(Column::Kind, reason));
    }
}
