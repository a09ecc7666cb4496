use std::collections::HashMap;

use crate::config::{Bot, Config};
use crate::domain::fleet;
use crate::domain::roster::Unit;

/// Which bot serves which unit: the one that names the unit or the nearest above it, else the one that serves
/// all, else the first.
pub struct Bots<'a> {
    bots: &'a [Bot],
    parents: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Bots<'a> {
    /// The configured bots over these units.
    pub fn new(config: &'a Config, units: impl Iterator<Item = &'a Unit>) -> Self {
        let parents = units.map(|unit| (unit.code.as_str(), unit.parent.as_deref())).collect();
        Bots { bots: &config.telegram.bots, parents }
    }

    /// The bot that serves this unit; `None` without any bot.
    pub fn serving(&self, unit: &str) -> Option<&'a Bot> {
        let way_up = std::iter::successors(Some(unit), |code| self.parents.get(code).copied().flatten());
        fleet::serving(self.bots, |bot| &bot.units, way_up)
    }

    /// The account of the bot that serves this unit; 0 without any bot.
    pub fn of_unit(&self, unit: &str) -> i64 {
        self.serving(unit).map_or(0, account)
    }
}

/// A bot's account, the first part of its token; 0 for a token that is none.
pub fn account(bot: &Bot) -> i64 {
    bot.token.reveal().split_once(':').and_then(|(id, _)| id.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_named_unit_decides() {
        let text = "[[telegram.bots]]\nname = \"a\"\ntoken = \"1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\nunits = [\"cs\"]\n\
                    [[telegram.bots]]\nname = \"b\"\ntoken = \"2:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\nunits = [\"u\"]\n";
        let config = Config::from_text("t.toml", text, std::iter::empty()).expect("sound");
        let unit = |code: &str, tier, parent: Option<&str>| Unit {
            code: code.to_owned(),
            name: code.to_owned(),
            tier,
            parent: parent.map(str::to_owned),
        };
        let units = [
            unit("u", 0, None),
            unit("cs", 1, Some("u")),
            unit("ma", 1, Some("u")),
            unit("c1", 2, Some("cs")),
        ];
        let bots = Bots::new(&config, units.iter());
        assert_eq!(["c1", "cs", "ma", "u", "unknown"].map(|code| bots.of_unit(code)), [1, 1, 2, 2, 1]);
    }
}
