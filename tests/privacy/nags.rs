use chrono::TimeDelta;
use tierline::args;
use tierline::store::nags;

use super::school::begin;
use crate::on_both;
use crate::reading::school::School;

on_both! {
    async fn what_was_due_is_sent_or_explained(db) {
        let school = School::usual(&db).await;
        let now = school.engine.now();
        let rows = [
            (1, "step", now - TimeDelta::minutes(30), "done", Some("reminded 3 people in private")),
            (2, "day", now - TimeDelta::minutes(20), "done", Some("nothing left")),
            (3, "day", now - TimeDelta::minutes(10), "done", None),
            (4, "step", now - TimeDelta::minutes(5), "waiting", None),
            (5, "step", now + TimeDelta::minutes(5), "waiting", None),
            (6, "alert", now - TimeDelta::minutes(5), "failed", Some("the database was away")),
            (7, "leave_chat", now - TimeDelta::minutes(5), "waiting", None),
        ];
        for (id, kind, due, state, note) in rows {
            school
                .run(
                    "INSERT INTO timers (id, kind, subject, version, step, due_at, state, note) VALUES ($1, $2, $1, 1, 0, $3, $4, $5)",
                    args![id as i64, kind, due, state, note.map(str::to_owned)],
                )
                .await;
        }
        let (from, to) = (now - TimeDelta::hours(1), now + TimeDelta::hours(1));
        let mut tx = begin(&school).await;
        let all = nags::between(&mut tx, from, to).await.unwrap();
        let open: Vec<i64> =
            all.iter().filter(|nag| nag.due_at <= now && !nag.is_explained(now)).map(|nag| nag.subject).collect();
        assert_eq!(all.len(), 6, "leaving a chat is no reminder");
        assert_eq!(open, [3, 6, 4]);
        assert_eq!(nags::unexplained(&mut tx, from, to, now).await.unwrap(), 3);
    }

    async fn a_day_on_which_nothing_went_out_is_an_alarm(db) {
        let school = School::usual(&db).await;
        let now = school.engine.now();
        let (from, before) = (now - TimeDelta::hours(1), now + TimeDelta::minutes(1));
        assert!(!nags::silent(&mut begin(&school).await, from, before).await.unwrap(), "nothing was due");
        school.writes(100, "/help").await;
        assert!(nags::silent(&mut begin(&school).await, from, before).await.unwrap());
        school.run("UPDATE outbox SET state = 'done', done_at = $1", args![now]).await;
        assert!(!nags::silent(&mut begin(&school).await, from, before).await.unwrap());
    }
}
