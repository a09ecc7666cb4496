//! The HTTP side: from a request to a method and back, with the faults between.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::watch;

use crate::connection::{Link, Refusals};
use crate::error::ApiError;
use crate::faults::Effect;
use crate::methods;
use crate::params::{MOST_BYTES, Params};
use crate::schema::{self, Method, Problem};
use crate::state::{Call, State};
use crate::webhook;

/// What embedding programs add to the page.
#[derive(Default)]
pub(crate) struct PageOptions {
    pub title: String,
    pub hidden: Option<Box<dyn Fn(i64) -> bool + Send + Sync>>,
    pub status: Option<Arc<dyn Fn() -> Value + Send + Sync>>,
}

/// Everything the tasks of one sandbox share.
pub(crate) struct Shared {
    pub state: Mutex<State>,
    pub changed: watch::Sender<u64>,
    pub stop: watch::Sender<bool>,
    pub refusals: Arc<Refusals>,
    pub client: reqwest::Client,
    pub page: PageOptions,
    pub webhooks: AtomicU64,
}

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes whoever waits for a change.
    pub fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let result = act(&mut self.lock());
        self.changed.send_modify(|count| *count += 1);
        result
    }
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(crate::page::routes())
        .fallback(bot_request)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(shared)
}

/// `/bot<token>/<method>` and `/file/bot<token>/<path>`.
async fn bot_request(
    Extract(shared): Extract<Arc<Shared>>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = if let Some(rest) = path.strip_prefix("/file/bot") {
        download(&shared, rest)
    } else if let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) {
        let token = token.replace("%3A", ":").replace("%3a", ":");
        method_call(&shared, &link, &token, method, request).await
    } else {
        refusal(&ApiError::not_found())
    };
    if shared.refusals.any() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn download(shared: &Shared, rest: &str) -> Response {
    let state = shared.lock();
    let file =
        rest.split_once('/').filter(|(token, _)| state.tokens.contains_key(*token)).and_then(|(_, path)| {
            let id = path.rsplit_once('/')?.1.split('.').next()?;
            state.files.get(id).filter(|file| file.path() == path)
        });
    match file {
        Some(file) => (StatusCode::OK, file.bytes.clone()).into_response(),
        None => refusal(&ApiError::not_found()),
    }
}

async fn method_call(
    shared: &Arc<Shared>,
    link: &Link,
    token: &str,
    name: &str,
    request: Request,
) -> Response {
    let Some(bot) = shared.lock().tokens.get(token).copied() else {
        let shaped =
            token.split_once(':').is_some_and(|(id, rest)| id.parse::<i64>().is_ok() && !rest.is_empty());
        return refusal(&if shaped { ApiError::unauthorized() } else { ApiError::not_found() });
    };
    let Some(method) = schema::method(name) else {
        shared.lock().violation(name, "the sandbox does not know this method");
        return refusal(&ApiError::not_found());
    };
    let mut params = match Params::read(request).await {
        Ok(params) => params,
        Err(error) => return refusal(&error),
    };
    if let Err(problem) = params.fit(method) {
        let error = shape_error(&problem);
        let mut state = shared.lock();
        state.violation(method.name, problem.to_string());
        record(&mut state, bot, method, params, &Err(error.clone()), None);
        return refusal(&error);
    }
    let effect = plan(shared, bot, method, &params);
    if let Some(effect) = &effect
        && let Some(response) = before(shared, link, bot, method, effect, &params)
    {
        return response;
    }
    let response = carry_out(shared, bot, method, params).await;
    after(link, effect, response).await
}

/// Telegram's words for the commonest omissions, plain ones for the rest.
fn shape_error(problem: &Problem) -> ApiError {
    match problem {
        Problem::Missing(name) if name == "chat_id" => ApiError::bad("chat_id is empty"),
        Problem::Missing(name) if name == "text" => ApiError::bad("message text is empty"),
        Problem::Missing(name) if name == "message_id" => {
            ApiError::bad("message identifier is not specified")
        }
        other => ApiError::bad(other.to_string()),
    }
}

fn plan(shared: &Shared, bot: i64, method: &Method, params: &Params) -> Option<Effect> {
    let mut guard = shared.lock();
    let state = &mut *guard;
    let now = state.now();
    let name = method.name.to_ascii_lowercase();
    state.faults.plan(&mut state.rng, bot, &name, chat_id(params), now)
}

fn chat_id(params: &Params) -> Option<i64> {
    let value = params.get("chat_id")?;
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// Faults that keep the call from taking effect.
fn before(
    shared: &Shared,
    link: &Link,
    bot: i64,
    method: &Method,
    effect: &Effect,
    params: &Params,
) -> Option<Response> {
    let html = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
    let (error, response) = match effect {
        Effect::Status(code) => {
            let error = ApiError::new(*code, status_words(*code));
            (error.clone(), refusal(&error))
        }
        Effect::BrokenJson => {
            (ApiError::new(200, "fault: broken JSON"), json_body(b"{\"ok\":true,\"resu".to_vec()))
        }
        Effect::Html(code) => {
            let status = StatusCode::from_u16(*code).unwrap_or(StatusCode::BAD_GATEWAY);
            let body = ([(header::CONTENT_TYPE, "text/html")], html);
            (ApiError::new(*code, "fault: a page of HTML"), (status, body).into_response())
        }
        Effect::TooManyRequests { retry_after, .. } => {
            let error = ApiError::too_many(*retry_after);
            (error.clone(), refusal(&error))
        }
        Effect::Unauthorized => (ApiError::unauthorized(), refusal(&ApiError::unauthorized())),
        Effect::ResetBefore => {
            link.cut();
            (ApiError::new(0, "fault: reset before the effect"), StatusCode::OK.into_response())
        }
        Effect::Delay(_) | Effect::ResetAfter | Effect::SilenceAfter => return None,
    };
    let copy = Params::from_map(params.map.clone());
    record(&mut shared.lock(), bot, method, copy, &Err(error), None);
    Some(response)
}

fn status_words(code: u16) -> &'static str {
    match code {
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown error",
    }
}

/// Faults that strike when the call has taken effect.
async fn after(link: &Link, effect: Option<Effect>, response: Response) -> Response {
    match effect {
        Some(Effect::ResetAfter) => link.cut(),
        Some(Effect::SilenceAfter) => std::future::pending().await,
        Some(Effect::Delay(time)) => tokio::time::sleep(time).await,
        _ => {}
    }
    response
}

async fn carry_out(shared: &Arc<Shared>, bot: i64, method: &Method, params: Params) -> Response {
    if method.name == "getUpdates" {
        return match get_updates(shared, bot, &params).await {
            Ok(body) => json_body(body),
            Err(error) => refusal(&error),
        };
    }
    let answer = perform(shared, bot, method, params);
    match answer {
        Ok(result) => accepted(&result),
        Err(error) => refusal(&error),
    }
}

/// Carries out a call that does not wait, and records it.
pub(crate) fn perform(shared: &Arc<Shared>, bot: i64, method: &Method, params: Params) -> methods::Answer {
    let answer = shared.change(|state| {
        let answer = match method.name {
            "setWebhook" | "deleteWebhook" | "getWebhookInfo" => {
                webhook::call(shared, state, bot, method.name, &params)
            }
            _ => methods::call(state, bot, method.name, &params),
        };
        let message_id =
            answer.as_ref().ok().and_then(|result| result.get("message_id")).and_then(Value::as_i64);
        record(state, bot, method, params, &answer, message_id);
        answer
    });
    if method.name == "setWebhook" && answer.is_ok() {
        webhook::spawn(shared, bot);
    }
    answer
}

fn record(
    state: &mut State,
    bot: i64,
    method: &Method,
    params: Params,
    answer: &methods::Answer,
    message_id: Option<i64>,
) {
    let error = answer.as_ref().err();
    let call = Call {
        at: state.now(),
        bot,
        method: method.name,
        chat_id: chat_id(&params),
        ok: error.is_none(),
        error_code: error.map(|error| error.code),
        description: error.map(|error| error.description.clone()),
        params: Arc::new(Value::Object(params.map)),
        message_id,
    };
    state.record_call(call);
}

const OTHER_POLL: &str =
    "terminated by other getUpdates request; make sure that only one bot instance is running";

async fn get_updates(shared: &Arc<Shared>, bot: i64, params: &Params) -> Result<Vec<u8>, ApiError> {
    let offset = params.int("offset").unwrap_or(0);
    let limit = params.int("limit").unwrap_or(100).clamp(1, 100) as usize;
    let seconds = params.int("timeout").unwrap_or(0).clamp(0, 50) as u64;
    let (wake, poll) = begin_poll(&mut shared.lock(), bot, params)?;
    let deadline = tokio::time::sleep(Duration::from_secs(seconds));
    tokio::pin!(deadline);
    let mut stop = shared.stop.subscribe();
    loop {
        let notified = wake.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        let bodies = {
            let mut state = shared.lock();
            still_polling(&state, bot, poll)?;
            state.batch(bot, offset, limit)
        };
        if !bodies.is_empty() || seconds == 0 || deadline.is_elapsed() {
            return Ok(batch_body(&bodies));
        }
        tokio::select! {
            () = &mut notified => {}
            () = &mut deadline => {}
            _ = stop.changed() => return Ok(batch_body(&[])),
        }
    }
}

fn begin_poll(
    state: &mut State,
    bot: i64,
    params: &Params,
) -> Result<(Arc<tokio::sync::Notify>, u64), ApiError> {
    let data = state.bots.get_mut(&bot).ok_or_else(ApiError::unauthorized)?;
    if data.webhook.is_some() {
        return Err(ApiError::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    if let Some(allowed) = params.array("allowed_updates") {
        data.allowed = allowed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    data.poll += 1;
    data.terminated_by = OTHER_POLL;
    data.wake.notify_waiters();
    Ok((Arc::clone(&data.wake), data.poll))
}

fn still_polling(state: &State, bot: i64, poll: u64) -> Result<(), ApiError> {
    match state.bots.get(&bot) {
        Some(data) if data.poll == poll => Ok(()),
        Some(data) => Err(ApiError::conflict(data.terminated_by)),
        None => Err(ApiError::unauthorized()),
    }
}

fn batch_body(bodies: &[Bytes]) -> Vec<u8> {
    let mut out = b"{\"ok\":true,\"result\":[".to_vec();
    for (n, body) in bodies.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        out.extend_from_slice(body);
    }
    out.extend_from_slice(b"]}");
    out
}

fn accepted(result: &Value) -> Response {
    json_body(format!("{{\"ok\":true,\"result\":{result}}}").into_bytes())
}

fn refusal(error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_body(error.to_json().to_string().into_bytes());
    *response.status_mut() = status;
    if error.code == 429
        && let Some(seconds) = error.parameters.as_ref().and_then(|p| p["retry_after"].as_i64())
    {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn json_body(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
}
