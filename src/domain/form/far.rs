//! How far apart two places are (C6): a hint for who reads the answers, never a judgement.

use super::{Answer, Answers, Form};

/// The mean radius of the earth, in kilometres.
const EARTH_KM: f64 = 6371.0088;

impl Form {
    /// Whether the form compares places at all.
    pub fn compares_places(&self) -> bool {
        self.questions.iter().any(|question| question.far_km.is_some())
    }

    /// How many kilometres the place of a report is away from that of an earlier one, if that is more than `far_km` and
    /// no other answer changed, which would explain it. Of several places the farthest.
    pub fn far(&self, earlier: &Answers, new: &Answers) -> Option<u32> {
        if self.changed(Some(earlier), new) {
            return None;
        }
        let (earlier, new) = (self.pruned(earlier), self.pruned(new));
        let away = |(id, far_km): (&String, f64)| {
            let km = distance_km(earlier.get(id)?, new.get(id)?)?;
            (km > far_km).then_some(km.round() as u32)
        };
        self.questions.iter().filter_map(|question| away((&question.id, question.far_km?))).max()
    }
}

/// The way between two places on the surface of the earth; `None` for what is no place.
fn distance_km(from: &Answer, to: &Answer) -> Option<f64> {
    let (Answer::Location { lat: lat1, lon: lon1 }, Answer::Location { lat: lat2, lon: lon2 }) = (from, to)
    else {
        return None;
    };
    let haversine = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let parallels = lat1.to_radians().cos() * lat2.to_radians().cos();
    let chord = haversine(lat2 - lat1) + parallels * haversine(lon2 - lon1);
    Some(2.0 * EARTH_KM * chord.min(1.0).sqrt().asin())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::form::{Kind, Question, Words};

    fn form(far_km: Option<f64>) -> Form {
        let words = Words { zh: "问".to_owned(), en: "ask".to_owned() };
        let question = |id: &str, kind, far_km| Question {
            id: id.to_owned(),
            kind,
            ask: words.clone(),
            when: None,
            daily: false,
            optional: false,
            choices: vec![],
            none: None,
            min: None,
            max: None,
            max_length: 40,
            far_km,
        };
        Form {
            id: "health".to_owned(),
            title: words.clone(),
            same: None,
            declaration: None,
            questions: vec![question("moved", Kind::YesNo, None), question("spot", Kind::Location, far_km)],
            rules: vec![],
        }
    }

    fn answers(moved: bool, lat: f64, lon: f64) -> Answers {
        [("moved".to_owned(), Answer::YesNo(moved)), ("spot".to_owned(), Answer::place(lat, lon))].into()
    }

    const WUHAN: (f64, f64) = (30.59, 114.31);
    const BEIJING: (f64, f64) = (39.90, 116.41);

    #[test]
    fn a_place_far_from_the_last_one_is_seen_where_nothing_else_changed() {
        let form = form(Some(50.0));
        let (wuhan, beijing) = (answers(false, WUHAN.0, WUHAN.1), answers(false, BEIJING.0, BEIJING.1));
        assert_eq!(form.far(&wuhan, &beijing), Some(1053));
        assert_eq!(form.far(&wuhan, &wuhan), None);
        assert_eq!(form.far(&wuhan, &answers(false, 30.7, 114.5)), None, "22 km");
        assert_eq!(form.far(&wuhan, &answers(true, BEIJING.0, BEIJING.1)), None, "they said that they moved");
        let skipped: Answers = [("moved".to_owned(), Answer::YesNo(false))].into();
        assert_eq!(form.far(&skipped, &beijing), None, "nothing to compare with");
        assert_eq!(form.far(&wuhan, &skipped), None);
    }

    #[test]
    fn without_a_limit_nothing_is_compared() {
        let form = form(None);
        assert!(!form.compares_places());
        assert_eq!(form.far(&answers(false, 0.0, 0.0), &answers(false, 80.0, 170.0)), None);
    }

    #[test]
    fn the_date_line_and_the_poles_are_no_distance() {
        let km = |a: (f64, f64), b: (f64, f64)| {
            distance_km(&Answer::place(a.0, a.1), &Answer::place(b.0, b.1)).expect("two places")
        };
        assert!(km((0.0, 179.9), (0.0, -179.9)) < 23.0);
        assert!(km((90.0, 0.0), (90.0, 120.0)) < 0.001);
        assert!((km((0.0, 0.0), (0.0, 180.0)) - 20_015.1).abs() < 0.1, "half around the earth");
    }

    proptest! {
        #[test]
        fn a_way_is_as_long_there_as_back_and_never_beyond_half_the_earth(
            lat1 in -90.0_f64..90.0, lon1 in -180.0_f64..180.0, lat2 in -90.0_f64..90.0, lon2 in -180.0_f64..180.0,
        ) {
            let (here, there) = (Answer::place(lat1, lon1), Answer::place(lat2, lon2));
            let (to, fro) = (distance_km(&here, &there).unwrap(), distance_km(&there, &here).unwrap());
            prop_assert!((to - fro).abs() < 1e-6);
            prop_assert!((0.0..20_015.2).contains(&to));
        }
    }
}
