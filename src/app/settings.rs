use crate::config::Config;
use crate::domain::message::{Locale, TierName};
use crate::domain::roster::{Tiers, TiersError};
use crate::engine::Settings;

/// What the engine needs of the configuration.
///
/// # Errors
/// When the tiers' names do not make tiers; a configuration that was loaded has proved that they do.
pub fn settings(config: &Config) -> Result<Settings, TiersError> {
    let roster = &config.roster;
    let word = |name: &String, locale: Locale| {
        roster.names.get(name).and_then(|words| words.get(locale.tag())).cloned()
    };
    let tier_words = roster.tiers.iter().enumerate().map(|(position, name)| TierName {
        position,
        zh: word(name, Locale::ZhCn),
        en: word(name, Locale::En),
    });
    Ok(Settings {
        school: config.school.name.clone(),
        locale: Locale::from_tag(&config.school.locale).unwrap_or(Locale::ZhCn),
        calendar: config.calendar.clone(),
        tiers: Tiers::new(roster.tiers.clone(), roster.names.clone())?,
        tier_words: tier_words.collect(),
        rules: config.directive.clone(),
    })
}
