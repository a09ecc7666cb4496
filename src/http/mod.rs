//! What other programs ask over HTTP: whether the process lives, whether it is ready, its metrics. Further routes, such
//! as the webhook's, are merged into the same router.

pub mod health;
pub mod webhook;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::telemetry;
use health::Health;

/// The routes of health and metrics.
pub fn router(health: Arc<Health>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(health)
}

async fn readyz(State(health): State<Arc<Health>>) -> (StatusCode, String) {
    match health.check().await {
        Ok(()) => {
            let failing = health.failing().into_iter().map(|reason| format!("{reason}\n"));
            (StatusCode::OK, format!("ready\n{}", failing.collect::<String>()))
        }
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

async fn metrics(State(health): State<Arc<Health>>) -> impl IntoResponse {
    metrics::gauge!("tierline_ready").set(f64::from(u8::from(health.check().await.is_ok())));
    metrics::gauge!("tierline_bots_failing").set(health.failing().len() as f64);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], telemetry::render_metrics())
}

/// Serves `router` until `stop` ends and what is in hand is answered.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

#[cfg(test)]
mod tests;
