//! Several bots of one service: which of them serves whom (P12).

use serde::{Deserialize, Serialize};

/// The bot that serves a unit, given the codes from the unit up to the root: the bot that names the nearest of them, else
/// the one that serves all (names none), else the first.
pub fn serving<B>(
    bots: &[B],
    units: impl Fn(&B) -> &[String],
    way_up: impl IntoIterator<Item = impl AsRef<str>>,
) -> Option<&B> {
    for code in way_up {
        let names = |bot: &&B| units(bot).iter().any(|named| named == code.as_ref());
        if let Some(bot) = bots.iter().find(names) {
            return Some(bot);
        }
    }
    bots.iter().find(|bot| units(bot).is_empty()).or(bots.first())
}

/// Why a bot cannot send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BotTrouble {
    /// Telegram does not accept its token.
    Refused,
    /// Telegram asks it to wait for long.
    Frozen,
}

impl BotTrouble {
    /// The word of the database and the log.
    pub fn word(self) -> &'static str {
        match self {
            BotTrouble::Refused => "refused",
            BotTrouble::Frozen => "frozen",
        }
    }

    /// The trouble of a word.
    pub fn from_word(word: &str) -> Option<BotTrouble> {
        [BotTrouble::Refused, BotTrouble::Frozen].into_iter().find(|trouble| trouble.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::serving;

    #[test]
    fn the_nearest_named_unit_decides() {
        let bots = [(1, vec!["cs".to_owned()]), (2, vec!["u".to_owned()])];
        let of = |way_up: &[&str]| serving(&bots, |bot| &bot.1, way_up).map(|bot| bot.0);
        assert_eq!(of(&["c1", "cs", "u"]), Some(1));
        assert_eq!(of(&["ma", "u"]), Some(2));
        assert_eq!(of(&["elsewhere"]), Some(1));
    }

    #[test]
    fn who_names_no_units_serves_the_rest() {
        let bots = [(1, vec!["cs".to_owned()]), (2, Vec::new())];
        let of = |way_up: &[&str]| serving(&bots, |bot| &bot.1, way_up).map(|bot| bot.0);
        assert_eq!(of(&["cs"]), Some(1));
        assert_eq!(of(&["ma", "u"]), Some(2));
        assert_eq!(serving(&[] as &[(i64, Vec<String>)], |bot| &bot.1, ["u"]), None);
    }
}
