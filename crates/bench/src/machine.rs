//! What this machine can do at the moment, so that the other figures can be read as ratios.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tierline::args;
use tierline::store::Db;

use crate::Failure;
use crate::database::Databases;
use crate::moment::now;
use crate::post::{self, Load};
use crate::table::{Bound, Table};

/// How many updates the echo gets.
const UPDATES: usize = 50_000;
/// How long commits are counted.
const SECONDS: f64 = 2.0;

/// A server that keeps nothing, and commits of one row.
///
/// # Errors
/// When the machine refuses.
pub async fn calibrate(table: &mut Table, databases: &Databases) -> Result<(), Failure> {
    let echo = echo().await?;
    table.add(
        "-",
        "machine: updates/s of a server that keeps nothing",
        echo.per_second,
        "updates/s",
        Bound::None,
    );
    table.add("-", "machine: its 99th percentile", echo.p99_ms, "ms", Bound::None);
    let commits = commits(databases).await?;
    table.add(
        "-",
        "machine: durable commits of one row, one after another",
        commits,
        "commits/s",
        Bound::None,
    );
    Ok(())
}

async fn echo() -> Result<Load, Failure> {
    let take = async |body: axum::body::Bytes| {
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&body);
        if parsed.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST }
    };
    let router = Router::new().route("/telegram/webhook", post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let bodies =
        (0..UPDATES).map(|id| format!("{{\"update_id\":{id},\"poll\":{{}}}}").into_bytes()).collect();
    let load = post::post(address, bodies, 100).await?;
    server.abort();
    Ok(load)
}

async fn commits(databases: &Databases) -> Result<f64, Failure> {
    let database = databases.empty("commits").await?;
    let db = Db::open(&database.url).await?;
    let begun = now();
    let mut done = 0;
    while begun.elapsed().as_secs_f64() < SECONDS {
        let mut tx = db.begin().await?;
        tx.execute("INSERT INTO nudges (person, day, count, last_at) VALUES ($1, '', 0, 0)", args![done])
            .await?;
        tx.commit().await?;
        done += 1;
    }
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    db.close().await;
    databases.remove(&database).await?;
    Ok(rate)
}
