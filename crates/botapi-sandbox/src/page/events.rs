//! `GET /sandbox/events`: server-sent events with ids to resume from.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State as Extract};
use axum::http::HeaderMap;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::handle::shown;
use crate::model::Peer;
use crate::server::Shared;
use crate::state::Event;

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<u64>,
}

/// Events after `?after=` or `Last-Event-ID`, else from now on. Each carries the message as it is now; `reload` says
/// that too much was missed.
pub(super) async fn stream(
    Extract(shared): Extract<Arc<Shared>>,
    Query(query): Query<After>,
    headers: HeaderMap,
) -> impl axum::response::IntoResponse {
    let last =
        headers.get("Last-Event-ID").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(feed(shared, last.or(query.after), sender));
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default())
}

type Out = mpsc::Sender<Result<Sent, Infallible>>;

async fn feed(shared: Arc<Shared>, after: Option<u64>, out: Out) {
    let mut stop = shared.stop.subscribe();
    let (mut events, missed, lost) = {
        let state = shared.lock();
        let after = after.unwrap_or_else(|| state.events.back().map_or(0, |event| event.id));
        let lost = state.events.front().is_some_and(|first| first.id > after + 1);
        let missed: Vec<Event> = state.events.iter().filter(|event| event.id > after).cloned().collect();
        (state.broadcast.subscribe(), missed, lost)
    };
    if lost && !send(&out, reload()).await {
        return;
    }
    for event in missed {
        if !send(&out, rendered(&shared, &event)).await {
            return;
        }
    }
    loop {
        let next = tokio::select! {
            next = events.recv() => next,
            () = out.closed() => return,
            _ = stop.changed() => return,
        };
        let sent = match next {
            Ok(event) => rendered(&shared, &event),
            Err(RecvError::Lagged(_)) => reload(),
            Err(RecvError::Closed) => return,
        };
        if !send(&out, sent).await {
            return;
        }
    }
}

async fn send(out: &Out, event: Sent) -> bool {
    out.send(Ok(event)).await.is_ok()
}

fn reload() -> Sent {
    Sent::default().data(json!({ "kind": "reload" }).to_string())
}

fn rendered(shared: &Shared, event: &Event) -> Sent {
    let mut data = json!(event);
    let peer = match event.bot {
        Some(bot) => Peer::Private { bot, user: event.chat_id },
        None => Peer::Group(event.chat_id),
    };
    let state = shared.lock();
    let message = event.message_id.and_then(|id| state.chat(peer).and_then(|chat| chat.any_message(id)));
    if let Some(message) = message {
        data["message"] = json!(shown(&state, peer, message));
    }
    Sent::default().id(event.id.to_string()).data(data.to_string())
}
