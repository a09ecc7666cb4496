//! A sandbox to play with: one bot, a few people, a group.

use std::io::Write;
use std::process::ExitCode;

use botapi_sandbox::{AccountSpec, Limits, Sandbox};

const USAGE: &str = "\
A local Telegram Bot API server with a page that shows the chats.

Usage: botapi-sandbox [--listen ADDRESS] [--bot USERNAME] [--no-limits]

  --listen ADDRESS  where to listen (default 127.0.0.1:8081)
  --bot USERNAME    username of the bot (default sandbox_bot)
  --no-limits       never answer 429
";

struct Options {
    listen: String,
    bot: String,
    limits: Limits,
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        listen: "127.0.0.1:8081".to_owned(),
        bot: "sandbox_bot".to_owned(),
        limits: Limits::default(),
    };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--listen" => options.listen = value()?,
            "--bot" => options.bot = value()?,
            "--no-limits" => options.limits = Limits::off(),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(options)
}

async fn serve(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().listen(options.listen).limits(options.limits).start().await?;
    let bot = sandbox.add_bot(&options.bot, "Sandbox bot");
    let people = [("Ada", "+15550101"), ("Bob", "+15550102"), ("Carol", "+15550103")].map(|(name, phone)| {
        sandbox.account_with(AccountSpec {
            name: name.to_owned(),
            username: Some(name.to_lowercase()),
            language: Some("en".to_owned()),
            phone: Some(phone.to_owned()),
            ..AccountSpec::default()
        })
    });
    let group = sandbox.group("The group", &[&people[0], &people[1], &people[2]]);
    group.add_bot(&bot, &people[0]);
    for person in &people {
        person.starts(&bot, None);
    }
    let mut out = std::io::stdout();
    writeln!(out, "API    {}", sandbox.api_url())?;
    writeln!(out, "token  {}", bot.token())?;
    writeln!(out, "page   {}", sandbox.page_url())?;
    out.flush()?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => return fail(&format!("{why}\n\n{USAGE}")),
    };
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error}\n")),
    }
}

fn fail(words: &str) -> ExitCode {
    // Nothing is left to do when standard error is closed.
    drop(std::io::stderr().write_all(words.as_bytes()));
    ExitCode::FAILURE
}
