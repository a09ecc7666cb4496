//! `/lang`: one's own choice wins in private.

use serde_json::json;

use super::Work;
use crate::domain::message::{Binding, Class, Letter, Locale, Message, Toast};
use crate::domain::person::Actor;
use crate::engine::press::Press;
use crate::engine::work::{Manner, To};
use crate::store::messages::{self, Shown};
use crate::store::{Result, binding};

impl Work<'_> {
    /// Offers the languages.
    pub(in crate::engine) async fn choose_language(&mut self, actor: &Actor) -> Result<()> {
        let to = self.private(actor);
        let manner =
            Manner::answer().about(format!("lang:{}", actor.account), "lang", 0).owned_by(actor.first().id);
        self.say(to, manner, Message::Binding(Binding::ChooseLanguage { now: actor.locale }));
        Ok(())
    }

    /// A language was chosen; the answer is in it.
    pub(in crate::engine) async fn press_language(&mut self, press: &Press<'_>) -> Result<Toast> {
        let choice = press.arg.and_then(|arg| usize::try_from(arg).ok());
        let Some(locale) = choice.and_then(|choice| Locale::ALL.get(choice)).copied() else {
            return Ok(Toast::Outdated);
        };
        let account = press.actor.account;
        binding::set_locale(&mut self.tx, account, locale).await?;
        let letter = Letter { locale, ..press.shown.letter.clone() };
        let shown = Shown { letter, ..press.shown.clone() };
        self.show(&shown, Class::Answer, Message::Binding(Binding::LanguageSet));
        messages::retire(&mut self.tx, shown.id).await?;
        let to = To { locale, ..self.private(press.actor) };
        self.set_menu(to, Some(press.actor.roles())).await?;
        self.record(Some(press.actor), "language.set", String::new(), json!({ "locale": locale.tag() }));
        Ok(Toast::Quiet)
    }
}
