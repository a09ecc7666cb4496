//! What people still owe: for reminders, for `/today`, and for what a bare 收到 means.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::message::ReminderItem;
use crate::domain::split::title;
use crate::engine::Work;
use crate::store::reading::{self, Due};
use crate::store::{Result, people};

impl Work<'_> {
    /// What each of these people still owes, the oldest due first: acknowledgements for themselves, for the
    /// units they are responsible for (one item per chat), and for their children (one item per directive,
    /// the children named). Who owes nothing is left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::engine) async fn due_items(
        &mut self,
        people: &[i64],
    ) -> Result<BTreeMap<i64, Vec<ReminderItem>>> {
        if people.is_empty() {
            return Ok(BTreeMap::new());
        }
        let owed = reading::due(&mut self.tx, people).await?;
        let children: BTreeSet<i64> = owed.iter().filter_map(|due| due.child).collect();
        let names = if children.is_empty() {
            BTreeMap::new()
        } else {
            let children: Vec<i64> = children.into_iter().collect();
            people::names(&mut self.tx, &children).await?
        };
        Ok(items(owed, &names))
    }
}

/// One item for all that one press settles.
fn items(owed: Vec<Due>, names: &BTreeMap<i64, String>) -> BTreeMap<i64, Vec<ReminderItem>> {
    let mut all: BTreeMap<i64, Vec<ReminderItem>> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for due in owed {
        let child = due.child.and_then(|child| names.get(&child)).cloned();
        // A guardian's press counts for all children, in every class.
        let leg = if due.child.is_some() { 0 } else { due.leg };
        let items = all.entry(due.person).or_default();
        let place = *places.entry((due.person, due.directive, leg)).or_insert(items.len());
        if place == items.len() {
            items.push(ReminderItem {
                leg: due.leg,
                number: due.number,
                title: title(&due.head),
                unit: due.unit,
                due: due.due,
                urgent: due.urgent,
                children: Vec::new(),
                acked: false,
            });
        }
        let known = &mut items[place].children;
        known.extend(child.filter(|child| !known.contains(child)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Number;

    fn owed(person: i64, directive: i64, leg: i64, child: Option<i64>) -> Due {
        Due {
            person,
            child,
            directive,
            leg,
            number: Number { year: 2026, number: directive },
            head: "Nobody returns before notice\nReally.".to_owned(),
            unit: format!("unit {leg}"),
            due: None,
            urgent: false,
        }
    }

    #[test]
    fn children_of_one_directive_are_one_item_whichever_class_they_are_in() {
        let names = BTreeMap::from([(11, "A".to_owned()), (12, "B".to_owned())]);
        let rows = vec![owed(1, 5, 50, Some(11)), owed(1, 5, 51, Some(12)), owed(1, 6, 60, Some(11))];
        let items = items(rows, &names);
        let children: Vec<_> = items[&1].iter().map(|item| item.children.join("+")).collect();
        assert_eq!(children, ["A+B", "A"]);
        assert_eq!(items[&1][0].leg, 50);
        assert_eq!(items[&1][0].title, "Nobody returns before notice");
    }

    #[test]
    fn two_units_in_one_chat_are_one_item_and_two_chats_are_two() {
        let rows =
            vec![owed(1, 5, 50, None), owed(1, 5, 50, None), owed(1, 5, 51, None), owed(2, 5, 50, None)];
        let items = items(rows, &BTreeMap::new());
        assert_eq!(items[&1].len(), 2);
        assert_eq!(items[&2].len(), 1);
    }
}
