//! A teloxide bot and the person who talks to it, in one program and without Telegram.
//! `cargo run -p botapi-sandbox --example echo`

use std::io::Write;
use std::time::Duration;

use botapi_sandbox::Sandbox;
use teloxide::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let echo_bot = sandbox.add_bot("echo_bot", "Echo");

    // The bot under test: nothing but its URL differs from production.
    let bot = Bot::new(echo_bot.token()).set_api_url(sandbox.api_url().parse()?);
    let echo = Update::filter_message().endpoint(|bot: Bot, message: Message| async move {
        if let Some(text) = message.text() {
            bot.send_message(message.chat.id, text).await?;
        }
        respond(())
    });
    tokio::spawn(async move { Dispatcher::builder(bot, echo).build().dispatch().await });

    // Ada talks to it and waits for what she sees.
    let ada = sandbox.account("Ada");
    ada.starts(&echo_bot, None);
    ada.writes_to(&echo_bot, "Is anybody there?");
    let answer = sandbox
        .wait_for(Duration::from_secs(10), |sandbox| {
            sandbox
                .messages(ada.id())
                .into_iter()
                .find(|m| m.from == Some(echo_bot.id()) && m.text.starts_with("Is"))
        })
        .await
        .ok_or("the bot did not answer")?;
    writeln!(std::io::stdout(), "{} said: {}", answer.from_name, answer.text)?;
    assert!(sandbox.violations().is_empty(), "{:?}", sandbox.violations());
    Ok(())
}
