//! What stories of the day do beside pressing buttons: reports that come in by other ways, and roster changes.

use tierline::args;
use tierline::domain::checkin::Way;
use tierline::domain::roster::Roster;
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::{days, units};
use tierline::store::roster::{Outcome, replace};
use tierline::store::seal::Sealer;

use super::school::World;

impl World {
    /// These people have reported, as by a form of their own.
    pub async fn have_reported(&self, codes: &[&str]) {
        let guard = self.app.lock().await;
        let engine = &guard.as_ref().expect("it runs").engine;
        let mut tx = engine.db.begin().await.expect("begins");
        let day = days::newest(&mut tx).await.expect("reads").expect("a day is open");
        for code in codes {
            let sql = "SELECT id AS x FROM people WHERE code = $1";
            let person: i64 = tx.one(sql, args![*code], |row| row.get("x")).await.expect("the person");
            let before = expected::get(&mut tx, day, person).await.expect("reads").expect("is expected");
            let report = Reported {
                version: before.version + 1,
                late: false,
                changed: false,
                level: 0,
                by_person: person,
                way: Way::Own,
                at: engine.now(),
            };
            expected::report(&mut tx, day, person, &report).await.expect("is kept");
            units::recount(&mut tx, [(day, before.unit)]).await.expect("is counted");
        }
        tx.commit().await.expect("commits");
    }

    /// The roster is imported anew, changed like this.
    pub async fn roster_becomes(&self, change: impl FnOnce(&mut Roster)) {
        let mut roster = self.plan.roster.clone();
        change(&mut roster);
        let guard = self.app.lock().await;
        let engine = &guard.as_ref().expect("it runs").engine;
        let mut tx = engine.db.begin().await.expect("begins");
        let bot = self.bot.id();
        let sealer: &Sealer = &engine.sealer;
        let outcome = replace(&mut tx, sealer, &roster, &|_| bot, engine.now()).await.expect("comes in");
        assert!(matches!(outcome, Outcome::Replaced(_)), "{outcome:?}");
        tx.commit().await.expect("commits");
    }

    /// Expected, reported, missing, excused and unreachable of the newest day.
    pub async fn figures(&self) -> Vec<i64> {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.read().await.expect("reads");
        let day = days::newest(&mut tx).await.expect("reads").expect("a day is open");
        let all = units::total(&mut tx, day, "/").await.expect("counts");
        assert!(all.adds_up());
        [all.expected, all.reported, all.missing, all.excused, all.unreachable].map(i64::from).to_vec()
    }
}

impl World {
    /// The forms in private and what is said about figures were looked at: these stories are about the other messages.
    pub async fn checks_private_prompts(&self) {
        self.settles().await;
        let accounts: Vec<String> = self.plan.roster.people.keys().cloned().collect();
        for code in accounts {
            for message in self.person(&code).unread() {
                let data = message.buttons.iter().flatten().filter_map(|button| button.data.as_deref());
                let form =
                    data.into_iter().any(|data| data.starts_with("fill:") || data.starts_with("same:"));
                let of_figures = ["【数据确认】", "【请重新确认】", "【审签】", "尚未确认", "尚未审签"];
                let figures = of_figures.iter().any(|words| message.text.contains(words));
                if figures || (form && !message.text.contains("【提醒】")) {
                    self.read(&message);
                }
            }
        }
    }
}

impl World {
    /// Ends a story whose day goes on: what comes later of itself is not its subject.
    pub async fn ends_after_the_day(self) {
        self.checks_private_prompts().await;
        for words in ["今日打卡", "未打卡名单"] {
            if self.unread().iter().any(|unread| unread.contains(words)) {
                self.overlooks(words);
            }
        }
        self.ends().await;
    }
}
