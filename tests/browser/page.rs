//! A real browser in front of the sandbox's page: what a person can see and click there.

use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use botapi_sandbox::Sandbox;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long something may take to be seen.
const PATIENCE: Duration = Duration::from_secs(30);

/// One window of the browser.
#[derive(Clone)]
pub struct Page {
    client: Client,
}

/// The program that steers the browser; it ends with this value.
struct Driver {
    process: Child,
    url: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            drop(writeln!(std::io::stderr(), "the driver did not end: {error}"));
        }
    }
}

impl Driver {
    /// Starts it on a free port of its choice; `None` if it is not installed.
    fn start() -> Option<Self> {
        let started =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => panic!("chromedriver did not start: {error}"),
        };
        let out = BufReader::new(process.stdout.take().expect("it is piped"));
        let port = out.lines().map_while(Result::ok).find_map(|line| {
            let port = line.strip_prefix("ChromeDriver was started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("chromedriver says on which port it listens");
        Some(Self { process, url: format!("http://127.0.0.1:{port}") })
    }

    async fn open(&self, profile: &std::path::Path) -> Client {
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
            "--window-size=1280,800",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let Value::Object(wanted) = json!({ "goog:chromeOptions": { "args": args } }) else {
            unreachable!("it is written as an object")
        };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&self.url)
            .await
            .expect("a browser")
    }
}

/// Plays a story in a browser of its own, which is closed at the end, also when the story fails. Without a browser the
/// story is left out, except where tests must not be left out: in CI.
pub async fn in_browser<F>(story: impl FnOnce(Page) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(driver) = Driver::start() else {
        assert!(std::env::var_os("CI").is_none(), "chromedriver is not installed");
        drop(writeln!(std::io::stderr(), "left out: chromedriver is not installed"));
        return;
    };
    let profile = tempfile::tempdir().expect("a folder for the profile");
    let client = driver.open(profile.path()).await;
    let told = tokio::spawn(story(Page { client: client.clone() })).await;
    let closed = client.close().await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed.into_panic());
    }
    closed.expect("the browser closes");
}

impl Page {
    /// Opens the sandbox's page as this person, in English.
    pub async fn open(&self, sandbox: &Sandbox, person: i64) {
        self.open_with(sandbox, &format!("lang=en&as={person}")).await;
    }

    /// Opens the sandbox's page with this query.
    pub async fn open_with(&self, sandbox: &Sandbox, query: &str) {
        self.client.goto(&format!("{}?{query}", sandbox.page_url())).await.expect("the page opens");
        self.sees("html[data-ready='true']").await;
    }

    /// Waits for an element.
    pub async fn sees(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("there is no {css} ({error}), only\n{}", self.words("body").await),
        }
    }

    /// The words shown in the first element that fits.
    pub async fn words(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let found = self.client.execute(script, vec![json!(css)]).await.expect("a script runs");
        found.as_str().unwrap_or_default().to_owned()
    }

    /// How many elements fit.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("a valid selector").len()
    }

    /// Clicks; once more if the page was just drawing itself anew.
    pub async fn clicks(&self, css: &str) {
        let mut refused = String::new();
        for _ in 0..20 {
            match self.sees(css).await.click().await {
                Ok(()) => return,
                Err(error) => refused = error.to_string(),
            }
        }
        panic!("{css} cannot be clicked: {refused}");
    }

    async fn sees_words(&self, path: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await;
        if let Err(error) = found {
            panic!("there is no {path} ({error}), only\n{}", self.words("body").await);
        }
    }

    /// Waits for a message with these words in a chat (a group's id, or a person's for their private chat).
    pub async fn sees_message(&self, chat: i64, words: &str) {
        let chat = format!("//section[@data-chat='{chat}']");
        self.sees_words(&format!("{chat}//div[@data-message][contains(., '{words}')]")).await;
    }

    /// Waits for the answer to a press in a chat.
    pub async fn sees_toast(&self, chat: i64, words: &str) {
        let chat = format!("//section[@data-chat='{chat}']");
        self.sees_words(&format!("{chat}//div[@class='toast'][contains(., '{words}')]")).await;
    }

    /// Types into a chat and presses Enter.
    pub async fn writes(&self, chat: i64, text: &str) {
        let field = self.sees(&format!("{} textarea", column(chat))).await;
        let enter = char::from(Key::Enter);
        field.send_keys(&format!("{text}{enter}")).await.expect("the field takes text");
    }

    /// Presses the newest inline button that carries this data.
    pub async fn presses(&self, chat: i64, data: &str) {
        self.presses_newest(&format!("{} .keyboard button[data-data^='{data}']", column(chat))).await;
    }

    /// Follows the newest inline button that is a link.
    pub async fn follows_link(&self, chat: i64) {
        self.presses_newest(&format!("{} .keyboard button[data-data='']", column(chat))).await;
    }

    async fn presses_newest(&self, css: &str) {
        let script = "const all = document.querySelectorAll(arguments[0]);
            if (all.length === 0) return false;
            all[all.length - 1].click();
            return true;";
        self.sees(css).await;
        let pressed = self.client.execute(script, vec![json!(css)]).await.expect("a script runs");
        assert_eq!(pressed, json!(true), "{css} went away");
    }

    /// Becomes another person through the list of people.
    pub async fn becomes(&self, person: i64) {
        self.clicks("#me").await;
        self.clicks(&format!("dialog .row[data-pick='{person}']")).await;
        self.sees(&format!("#me[data-person='{person}']")).await;
    }
}

/// Selects a chat's column.
pub fn column(chat: i64) -> String {
    format!(".column[data-chat='{chat}']")
}
