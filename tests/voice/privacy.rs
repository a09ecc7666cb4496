//! `/privacy` and `/mydata`.

use tierline::domain::message::{Message, Privacy, Reader};

use super::Sampler;

const OWN: (&str, &str) = ("个人数据", "Own data");

/// Everything about one's own data.
pub(super) fn all(to: &mut Sampler) {
    let policy = |to: &Sampler| {
        let school = to.own("示范大学", "Model University");
        Message::Privacy(Privacy::Policy { school, answers_days: 90, locations_days: 14 })
    };
    let said = policy(to);
    to.say(OWN, ("/privacy，学生", "/privacy, a student"), Reader::Student, said);
    let said = policy(to);
    to.say(OWN, ("/privacy，其他人", "/privacy, anyone else"), Reader::Adult, said);
    let name = to.own("张一", "Zhang Yi");
    let own = Privacy::OwnData { name, receipts: 12, days: 30, reminders: 3, alerts: 1, seen: 2 };
    to.say(OWN, ("/mydata，后附文件", "/mydata, above the file"), Reader::Student, Message::Privacy(own));
    let name = to.own("张一家长", "Zhang Wei");
    let own = Privacy::OwnData { name, receipts: 1, days: 0, reminders: 1, alerts: 0, seen: 1 };
    to.say(OWN, ("/mydata，家长", "/mydata, a guardian"), Reader::Adult, Message::Privacy(own));
}
