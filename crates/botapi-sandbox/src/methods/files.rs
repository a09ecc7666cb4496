//! Files: uploads, file ids, downloads.

use std::sync::Arc;

use serde_json::json;

use super::Answer;
use crate::error::ApiError;
use crate::model::{FileData, MediaKind};
use crate::params::{Params, Upload};
use crate::state::State;

const MOST_PHOTO: usize = 10 * 1024 * 1024;
const MOST_DOCUMENT: usize = 50 * 1024 * 1024;
const MOST_DOWNLOAD: usize = 20 * 1024 * 1024;

/// A file that is known already, or one that comes with the call.
pub(super) enum Source {
    Known(Arc<FileData>),
    New(Upload),
}

impl Source {
    /// Keeps a new file; done only once nothing can refuse the call any more.
    pub fn keep(self, state: &mut State, kind: MediaKind) -> Arc<FileData> {
        match self {
            Self::Known(file) => file,
            Self::New(upload) => state.store_file(kind, &upload.name, &upload.mime, upload.bytes),
        }
    }
}

/// What `attach://name`, a file id or a link stands for.
pub(super) fn find(state: &State, params: &Params, given: &str, kind: MediaKind) -> Result<Source, ApiError> {
    if let Some(name) = given.strip_prefix("attach://") {
        let upload =
            params.files.get(name).ok_or_else(|| ApiError::bad("there is no file in the request"))?;
        return checked(upload.clone(), kind);
    }
    if given.starts_with("http://") || given.starts_with("https://") {
        return Err(ApiError::bad("failed to get HTTP URL content"));
    }
    match state.files.get(given) {
        Some(file) if file.kind == kind => Ok(Source::Known(Arc::clone(file))),
        Some(file) => {
            Err(ApiError::bad(format!("can't use file of type {} as {}", word(file.kind), word(kind))))
        }
        None => Err(ApiError::bad("wrong file identifier/HTTP URL specified")),
    }
}

fn word(kind: MediaKind) -> &'static str {
    if kind == MediaKind::Photo { "Photo" } else { "Document" }
}

fn checked(upload: Upload, kind: MediaKind) -> Result<Source, ApiError> {
    let most = if kind == MediaKind::Photo { MOST_PHOTO } else { MOST_DOCUMENT };
    match upload.bytes.len() {
        0 => Err(ApiError::bad("file must be non-empty")),
        size if size > most && kind == MediaKind::Photo => Err(ApiError::bad("IMAGE_PROCESS_FAILED")),
        size if size > most => Err(ApiError::new(413, "Request Entity Too Large")),
        _ => Ok(Source::New(upload)),
    }
}

pub(super) fn get(state: &State, params: &Params) -> Answer {
    let file = state.files.get(params.text("file_id").unwrap_or_default());
    let file = file.ok_or_else(|| ApiError::bad("invalid file id"))?;
    if file.bytes.len() > MOST_DOWNLOAD {
        return Err(ApiError::bad("file is too big"));
    }
    Ok(json!({
        "file_id": file.id,
        "file_unique_id": file.unique_id(),
        "file_size": file.bytes.len(),
        "file_path": file.path(),
    }))
}
