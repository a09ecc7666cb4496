//! How many calls a second the sandbox takes over loopback. `cargo run --release -p botapi-sandbox --example throughput`

use std::io::Write;

use botapi_sandbox::{Limits, Sandbox};

const CALLS: usize = 20_000;
const AT_ONCE: usize = 32;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().await?;
    let bot = sandbox.add_bot("load_bot", "Load");
    let ada = sandbox.account("Ada");
    ada.starts(&bot, None);
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}/bot{}/sendMessage", sandbox.api_url(), bot.token());
    let begin = sandbox.now();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (client, url, chat) = (client.clone(), url.clone(), ada.id());
        senders.spawn(async move {
            for n in 0..CALLS / AT_ONCE {
                let body = serde_json::json!({ "chat_id": chat, "text": format!("<b>{n}</b>"), "parse_mode": "HTML" });
                client.post(&url).json(&body).send().await?.bytes().await?;
            }
            Ok::<(), reqwest::Error>(())
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    let seconds = (sandbox.now() - begin).num_milliseconds() as f64 / 1000.0;
    let rate = sandbox.message_count(ada.id()) as f64 / seconds;
    writeln!(std::io::stdout(), "{rate:.0} calls/s, client included")?;
    Ok(())
}
