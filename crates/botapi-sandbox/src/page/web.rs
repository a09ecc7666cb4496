//! The files of the page. They are compiled in, need no build step and load nothing from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::server::Shared;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// Path, type and content.
const FILES: [(&str, &str, &str); 13] = [
    ("/", HTML, include_str!("web/index.html")),
    ("/page/style.css", CSS, include_str!("web/style.css")),
    ("/page/chat.css", CSS, include_str!("web/chat.css")),
    ("/page/app.js", JS, include_str!("web/app.js")),
    ("/page/acts.js", JS, include_str!("web/acts.js")),
    ("/page/dom.js", JS, include_str!("web/dom.js")),
    ("/page/store.js", JS, include_str!("web/store.js")),
    ("/page/column.js", JS, include_str!("web/column.js")),
    ("/page/composer.js", JS, include_str!("web/composer.js")),
    ("/page/message.js", JS, include_str!("web/message.js")),
    ("/page/picker.js", JS, include_str!("web/picker.js")),
    ("/page/guide.js", JS, include_str!("web/guide.js")),
    ("/page/words.js", JS, include_str!("web/words.js")),
];

/// The page loads only what it brings along.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

pub(super) fn routes() -> Router<Arc<Shared>> {
    FILES.into_iter().fold(Router::new(), |router, (path, kind, content)| {
        router.route(path, get(move || async move { page_file(kind, content) }))
    })
}

fn page_file(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}
