//! `GET /`, `/sandbox/state`, `/sandbox/events`, `POST /sandbox/act`: what the page needs.

use std::sync::Arc;

use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::server::Shared;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/", get(|| async { Html("<!doctype html><title>Bot API sandbox</title>") }))
}
