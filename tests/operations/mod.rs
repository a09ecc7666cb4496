//! What whoever runs the service relies on: health, heartbeat, metrics with their alarms, and the files of the guide.

mod floods;
mod heartbeat;
mod rights;
mod service;
mod webhook;
