//! The part of `check` that asks the running service whether it is ready: for images without a shell or curl.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::cli::{Failure, Outcome};
use crate::config::Config;

/// Longer than the service itself waits for its database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/readyz` at `http.listen`; fails with the reason it gives.
pub async fn check(config: &Config) -> Outcome {
    let url = format!("http://{}/readyz", reachable(&config.http.listen));
    let asking = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().map_err(Failure::failed)?;
    let away = |error: reqwest::Error| Failure::failed(format!("{url}: nobody answers: {error}"));
    let answer = asking.get(&url).send().await.map_err(away)?;
    if answer.status().is_success() {
        return Ok(());
    }
    let reason = answer.text().await.map_err(away)?;
    Err(Failure::failed(format!("not ready: {reason}")))
}

/// Where a service that listens on all addresses is reached from the same machine.
fn reachable(listen: &str) -> String {
    match listen.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_unspecified() => {
            let ip: IpAddr =
                if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
            SocketAddr::new(ip, address.port()).to_string()
        }
        _ => listen.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn all_addresses_are_reached_by_the_loopback() {
        let reached = ["0.0.0.0:8088", "[::]:8088", "10.0.0.2:80", "bot:80"].map(reachable);
        assert_eq!(reached, ["127.0.0.1:8088", "[::1]:8088", "10.0.0.2:80", "bot:80"]);
    }
}
