//! `POST /telegram/webhook` (S1): the secret is compared before the body is read, the body is bounded, and 200 is
//! answered only when the update is durable.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::clock::SharedClock;
use crate::config::Secret;
use crate::fault;

/// The longest body.
pub const MOST_BYTES: usize = 128 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
const HEADER: &str = "x-telegram-bot-api-secret-token";

/// Takes a raw update of a bot; `true` when it is durable.
pub type Deliver = Arc<dyn Fn(i64, Vec<u8>) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// The webhook's route with what it needs.
#[derive(Clone)]
pub struct Webhook {
    /// The fixed secret of the configuration.
    pub secret: Secret,
    /// The accounts of the bots; with several, `?bot=` names one.
    pub bots: Arc<[i64]>,
    /// Where updates go.
    pub deliver: Deliver,
    /// Bounds how long a body may take.
    pub clock: SharedClock,
}

#[derive(Deserialize)]
struct Which {
    bot: Option<i64>,
}

/// The route.
pub fn router(webhook: Webhook) -> Router {
    Router::new().route("/telegram/webhook", post(receive)).with_state(webhook)
}

async fn receive(State(webhook): State<Webhook>, Query(which): Query<Which>, request: Request) -> Response {
    if !is_telegram(request.headers(), &webhook.secret) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let bot = match (which.bot, &*webhook.bots) {
        (None, [only]) => *only,
        (Some(bot), bots) if bots.contains(&bot) => bot,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let body = match read(request.into_body(), &webhook.clock).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    if (webhook.deliver)(bot, body).await {
        fault::passing("before_200");
        return StatusCode::OK.into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response()
}

fn is_telegram(headers: &HeaderMap, secret: &Secret) -> bool {
    let given = headers.get(HEADER).map(|value| value.as_bytes()).unwrap_or_default();
    !secret.reveal().is_empty() && bool::from(given.ct_eq(secret.reveal().as_bytes()))
}

async fn read(body: Body, clock: &SharedClock) -> Result<Vec<u8>, StatusCode> {
    tokio::select! {
        read = to_bytes(body, MOST_BYTES) => match read {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(_) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        },
        () = clock.sleep(PATIENCE) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}
