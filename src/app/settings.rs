use crate::config::Config;
use crate::domain::checkin::DayPolicy;
use crate::domain::message::{Locale, TierName};
use crate::domain::roster::{Tiers, TiersError};
use crate::engine::Settings;
use crate::engine::settings::CheckinRules;

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
        checkin: checkin(config),
        help: config.help.clone(),
    })
}

fn checkin(config: &Config) -> CheckinRules {
    let checkin = &config.checkin;
    CheckinRules {
        open: checkin.open.clone(),
        calendar: checkin.calendar,
        form: checkin.form.clone(),
        policy: day_policy(config),
        digest: config.report.digest.clone(),
        answers_kept: config.privacy.answers_kept,
        locations_kept: config.privacy.locations_kept,
    }
}

/// The rules of a day that opens now.
pub fn day_policy(config: &Config) -> DayPolicy {
    let (checkin, report) = (&config.checkin, &config.report);
    DayPolicy {
        deadline: checkin.deadline,
        prompt: checkin.prompt,
        private_after: checkin.private_after,
        remind: checkin.remind.clone(),
        escalate: checkin.escalate.clone(),
        hold: checkin.hold,
        guardian_reports: checkin.guardian_reports,
        class_due: report.class_due,
        college_due: report.college_due,
        sign_by: report.sign_by,
        file_by: report.file_by,
    }
}
