use std::sync::Arc;
use std::time::Duration;

use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::answer;
use crate::chat::SendError;
use crate::config::Secret;

/// How long calls may take.
#[derive(Debug, Clone, Copy)]
pub struct TelegramOptions {
    /// Until a connection stands.
    pub connect: Duration,
    /// A whole call that carries only words.
    pub call: Duration,
    /// A whole call that carries a file.
    pub upload: Duration,
}

impl Default for TelegramOptions {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            call: Duration::from_secs(20),
            upload: Duration::from_secs(180),
        }
    }
}

/// One bot at a Bot API server. Cheap to clone.
#[derive(Clone)]
pub struct TelegramChat(Arc<Inner>);

struct Inner {
    client: Client,
    base: String,
    token: Secret,
    id: i64,
    options: TelegramOptions,
}

impl std::fmt::Debug for TelegramChat {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "TelegramChat({})", self.0.id)
    }
}

impl TelegramChat {
    /// A bot with this token at this server.
    ///
    /// # Errors
    /// When the token does not begin with the bot's id, or the machine's TLS cannot be set up.
    pub fn new(api_url: &Url, token: &Secret, options: TelegramOptions) -> Result<Self, SendError> {
        let id = token.reveal().split_once(':').and_then(|(id, _)| id.parse().ok());
        let id = id.ok_or(SendError::Unauthorized)?;
        let client = Client::builder()
            .connect_timeout(options.connect)
            .pool_max_idle_per_host(64)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| SendError::Before(error.without_url().to_string()))?;
        let base = api_url.as_str().trim_end_matches('/').to_owned();
        Ok(Self(Arc::new(Inner { client, base, token: token.clone(), id, options })))
    }

    /// The bot's account: the first part of its token.
    pub fn id(&self) -> i64 {
        self.0.id
    }

    /// The usual time-outs of this bot.
    pub(super) fn options(&self) -> TelegramOptions {
        self.0.options
    }

    fn request(&self, method: &str, timeout: Duration) -> RequestBuilder {
        let url = format!("{}/bot{}/{method}", self.0.base, self.0.token.reveal());
        self.0.client.post(url).timeout(timeout)
    }

    /// Makes a call and reads its result.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        payload: &(impl Serialize + Sync),
        timeout: Duration,
    ) -> Result<T, SendError> {
        answer::result(&self.post(self.request(method, timeout).json(payload)).await?)
    }

    /// Makes a call that carries a file.
    pub(super) async fn upload<T: DeserializeOwned>(&self, method: &str, form: Form) -> Result<T, SendError> {
        answer::result(&self.post(self.request(method, self.0.options.upload).multipart(form)).await?)
    }

    /// Makes a call whose answer is read by the caller.
    pub(super) async fn body(
        &self,
        method: &str,
        payload: &(impl Serialize + Sync),
        timeout: Duration,
    ) -> Result<Vec<u8>, SendError> {
        self.post(self.request(method, timeout).json(payload)).await
    }

    /// A file of the server.
    pub(super) async fn download(&self, path: &str) -> Result<Vec<u8>, SendError> {
        let url = format!("{}/file/bot{}/{path}", self.0.base, self.0.token.reveal());
        self.post(self.0.client.get(url).timeout(self.0.options.upload)).await
    }

    /// The body of a 2xx answer.
    async fn post(&self, request: RequestBuilder) -> Result<Vec<u8>, SendError> {
        let response = request.send().await.map_err(not_sent)?;
        crate::fault::passing("after_request");
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|seconds| seconds.parse().ok());
        let body = response.bytes().await.map_err(|error| unclear(status, error))?;
        if (200..300).contains(&status) {
            return Ok(body.to_vec());
        }
        Err(answer::error(status, retry_after, &body))
    }
}

/// A request without an answer. Only what failed while connecting is known not to have been written; the URL, which
/// holds the token, is taken out.
fn not_sent(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        return SendError::Before(cause(&error));
    }
    SendError::Unclear(cause(&error))
}

/// An answer whose body could not be read: its status still counts.
fn unclear(status: u16, error: reqwest::Error) -> SendError {
    match status {
        500..=599 if status != 504 => SendError::Server { status },
        _ => SendError::Unclear(cause(&error.without_url())),
    }
}

/// The innermost cause says most: "connection refused".
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
