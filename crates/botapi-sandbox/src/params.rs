//! Parameters of a call, however they were sent: JSON, query, form, multipart.

use std::collections::{HashMap, HashSet};

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::schema::{self, Method, Problem};

/// The most a request may hold: a document of 50 MB and its fields.
pub(crate) const MOST_BYTES: usize = 52 * 1024 * 1024;

/// A file of a multipart request.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

/// What was sent with a call.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub map: Map<String, Value>,
    pub files: HashMap<String, Upload>,
    /// Values came as strings and must be converted.
    form: bool,
}

impl Params {
    /// Reads query and body.
    pub async fn read(request: Request) -> Result<Self, ApiError> {
        let mut params = Self { form: true, ..Self::default() };
        if let Some(query) = request.uri().query() {
            params.read_form(query);
        }
        match content_type(request.headers()).as_str() {
            "multipart/form-data" => params.read_multipart(request).await?,
            "application/json" => {
                let body = whole(request).await?;
                params.read_json(&body)?;
            }
            _ => {
                let body = whole(request).await?;
                params.read_form(&String::from_utf8_lossy(&body));
            }
        }
        Ok(params)
    }

    /// From a JSON object, as a webhook's answer carries it.
    pub fn from_map(map: Map<String, Value>) -> Self {
        Self { map, ..Self::default() }
    }

    fn read_json(&mut self, body: &[u8]) -> Result<(), ApiError> {
        self.form = false;
        if body.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(map)) => self.map.extend(map),
            _ => return Err(ApiError::bad("can't parse request body as JSON object")),
        }
        Ok(())
    }

    fn read_form(&mut self, text: &str) {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.map.insert(percent_decoded(name), Value::String(percent_decoded(value)));
        }
    }

    async fn read_multipart(&mut self, request: Request) -> Result<(), ApiError> {
        let broken = |_| ApiError::bad("can't parse multipart body");
        let mut parts =
            Multipart::from_request(request, &()).await.map_err(|_| ApiError::bad("no boundary"))?;
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
            let bytes = part.bytes().await.map_err(|_| too_large())?;
            match file_name {
                None => {
                    self.map.insert(name, Value::String(String::from_utf8_lossy(&bytes).into_owned()));
                }
                Some(file_name) => {
                    self.files.insert(name, Upload { name: file_name, mime, bytes });
                }
            }
        }
        Ok(())
    }

    /// Brings the values into the kinds the method wants and checks them against the reference.
    pub fn fit(&mut self, method: &Method) -> Result<(), Problem> {
        if self.form {
            schema::convert(method, &mut self.map);
        } else {
            schema::unfold(method, &mut self.map);
        }
        let uploads: HashSet<String> = self.files.keys().cloned().collect();
        for name in &uploads {
            if method.takes_file(name) {
                self.map.entry(name.clone()).or_insert_with(|| Value::String(format!("attach://{name}")));
            }
        }
        schema::check(method, &self.map, &uploads)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.map.get(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.map.get(name).and_then(Value::as_str)
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.map.get(name).and_then(Value::as_i64)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.map.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn array(&self, name: &str) -> Option<&[Value]> {
        self.map.get(name).and_then(Value::as_array).map(Vec::as_slice)
    }
}

fn too_large() -> ApiError {
    ApiError::new(413, "Request Entity Too Large")
}

async fn whole(request: Request) -> Result<Bytes, ApiError> {
    axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| too_large())
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn forms_are_decoded() {
        assert_eq!(percent_decoded("%E6%94%B6+a%2Bb%"), "收 a+b%");
    }
}
