//! Alerts in stories.

use tierline::args;

use super::person::Person;
use super::school::World;

impl Person {
    /// `/urgent` about oneself, without further words: three taps.
    pub async fn reports_urgent(&self, kind: &str) {
        self.writes("/urgent").await;
        self.presses(kind).await;
        self.presses("跳过").await;
        self.presses("提交").await;
        self.hears("已登记");
        self.is_told("已报告");
    }

    /// Takes the newest alert.
    pub async fn takes_the_alert(&self) {
        self.presses("take").await;
        self.hears("已登记");
    }

    /// Clears the newest alert with an outcome and a reason.
    pub async fn clears_the_alert(&self, outcome: &str, why: &str) {
        self.presses("核实了结").await;
        self.is_told("核实结果如何");
        self.presses(outcome).await;
        self.hears("私聊中输入");
        self.writes(why).await;
    }
}

impl World {
    /// What happened to the alerts, in order.
    pub async fn alert_events(&self) -> Vec<String> {
        let sql = "SELECT kind AS x FROM alert_events ORDER BY alert, seq";
        self.asks(sql, args![]).await
    }

    /// All these people are told of it.
    #[track_caller]
    pub fn all_are_told(&self, codes: &[&str], words: &str) {
        for code in codes {
            let told = self.person(code).is_told(words);
            assert!(!self.person(code).unread().contains(&told));
        }
    }
}
