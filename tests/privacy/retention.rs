use std::time::Duration;

use tierline::loops::housekeeping::Housekeeping;
use tierline::store::checkin::{reports as kept, units};

use super::school::{DAY, begin, open_day, reports};
use crate::on_both;
use crate::reading::school::School;

const DAYS: Duration = Duration::from_secs(24 * 3600);

on_both! {
    async fn places_go_first_then_answers_and_figures_stay(db) {
        let school = School::usual(&db).await;
        open_day(&school).await;
        reports(&school, 1101, "Suzhou").await;
        let before = units::total(&mut begin(&school).await, DAY, "/1/").await.unwrap();
        let mut house = Housekeeping::new(school.engine.clone());
        let answers = async |school: &School| {
            let found = kept::get(&mut begin(school).await, &school.engine.sealer, DAY, 1101, 1).await.unwrap();
            found.unwrap().answers.map(|answers| answers.len())
        };
        for (days, left) in [(13, Some(2)), (2, Some(1)), (74, Some(1)), (2, None)] {
            school.clock.advance(DAYS * days);
            house.step().await.unwrap();
            assert_eq!(answers(&school).await, left, "after {days} more days");
        }
        assert_eq!(units::total(&mut begin(&school).await, DAY, "/1/").await.unwrap(), before);
    }
}
