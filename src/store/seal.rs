//! Sealing of phones, raw updates and texts at rest (S13): XChaCha20-Poly1305, the key's id in every
//! sealed value so that a key can be changed while old rows are still read.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::RngExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// What can go wrong with sealed values. Never shows what was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the key file {path}: {reason}")]
    KeyFile { path: String, reason: String },
    #[error("a sealed value was made with key {0}, which the key file does not hold")]
    UnknownKey(u8),
    #[error("a sealed value cannot be opened: it was changed, or the key file belongs to another database")]
    Broken,
    #[error("an opened value has not the expected shape: {0}")]
    Shape(String),
}

/// Seals and opens values with the keys of the key file.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<BTreeMap<u8, [u8; KEY_LENGTH]>>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(***)")
    }
}

impl Sealer {
    /// A sealer with one given key; for tests.
    pub fn with_key(key: [u8; KEY_LENGTH]) -> Self {
        Self { keys: Arc::new(BTreeMap::from([(1, key)])) }
    }

    /// Reads the key file, or makes it with a fresh key (mode 600). Each line is `id base64`; the
    /// highest id seals, all of them open.
    ///
    /// # Errors
    /// When the file cannot be read, made or understood.
    pub fn open(path: &Path) -> Result<Self, SealError> {
        let failed = |reason: String| SealError::KeyFile { path: path.display().to_string(), reason };
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { keys: Arc::new(parse_keys(&text).map_err(failed)?) }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make_key_file(path).map_err(|error| failed(error.to_string()))?;
                let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
                Ok(Self { keys: Arc::new(parse_keys(&text).map_err(failed)?) })
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Seals bytes: key id, nonce, ciphertext with tag.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let (id, key) = self.keys.last_key_value().expect("a key file has at least one key");
        let nonce: [u8; NONCE_LENGTH] = rand::rng().random();
        let cipher = XChaCha20Poly1305::new(&Key::from(*key));
        let sealed = cipher.encrypt(&XNonce::from(nonce), plain).expect("a message fits into memory");
        let mut out = Vec::with_capacity(1 + NONCE_LENGTH + sealed.len());
        out.push(*id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// When the key is unknown or the value was changed.
    pub fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (&id, rest) = sealed.split_first().ok_or(SealError::Broken)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or(SealError::Broken)?;
        let key = self.keys.get(&id).ok_or(SealError::UnknownKey(id))?;
        let cipher = XChaCha20Poly1305::new(&Key::from(*key));
        cipher.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| SealError::Broken)
    }

    /// Seals a text; the result is base64, fit for a TEXT column and for JSON.
    pub fn seal_text(&self, plain: &str) -> String {
        STANDARD.encode(self.seal(plain.as_bytes()))
    }

    /// Opens what [`Sealer::seal_text`] made.
    ///
    /// # Errors
    /// When it cannot be opened or is no text.
    pub fn open_text(&self, sealed: &str) -> Result<String, SealError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| SealError::Broken)?;
        String::from_utf8(self.open_bytes(&bytes)?).map_err(|e| SealError::Shape(e.to_string()))
    }

    /// Seals a value as JSON; the result is base64.
    pub fn seal_json<T: Serialize>(&self, value: &T) -> String {
        STANDARD.encode(self.seal(&serde_json::to_vec(value).expect("our own types serialise")))
    }

    /// Opens what [`Sealer::seal_json`] made.
    ///
    /// # Errors
    /// When it cannot be opened or has another shape.
    pub fn open_json<T: DeserializeOwned>(&self, sealed: &str) -> Result<T, SealError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| SealError::Broken)?;
        serde_json::from_slice(&self.open_bytes(&bytes)?).map_err(|e| SealError::Shape(e.to_string()))
    }

    /// A hash that only this key's holder can make, to compare a phone number without keeping it. Uses
    /// the lowest key, which stays when keys are changed.
    pub fn keyed_hash(&self, text: &str) -> String {
        let (_, key) = self.keys.first_key_value().expect("a key file has at least one key");
        let inner = Sha256::new().chain_update(key).chain_update(text.as_bytes()).finalize();
        hex(&Sha256::new().chain_update(key).chain_update(inner).finalize())
    }
}

/// The SHA-256 of a text as hexadecimal digits.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing into a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn parse_keys(text: &str) -> Result<BTreeMap<u8, [u8; KEY_LENGTH]>, String> {
    let mut keys = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let bad = |what: &str| format!("line {}: {what}; a line reads `id base64-of-32-bytes`", index + 1);
        let (id, key) = line.trim().split_once(' ').ok_or_else(|| bad("no space"))?;
        let id = id.parse().map_err(|_| bad("the id is not a number from 0 to 255"))?;
        let key = STANDARD.decode(key.trim()).map_err(|_| bad("the key is not base64"))?;
        keys.insert(id, key.try_into().map_err(|_| bad("the key has not 32 bytes"))?);
    }
    if keys.is_empty() {
        return Err(
            "it holds no key; restore it from your backup (what it sealed cannot be read without it)".into(),
        );
    }
    Ok(keys)
}

/// Two processes may start at once: the file is made under a name of its own and linked into place, so
/// that one key wins and is never seen half written.
fn make_key_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let key: [u8; KEY_LENGTH] = rand::rng().random();
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    writeln!(file, "1 {}", STANDARD.encode(key))?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let sealer = Sealer::with_key([7; 32]);
        let sealed = sealer.seal(b"13800000000");
        assert_eq!(sealer.open_bytes(&sealed).expect("opens"), b"13800000000");
        assert_ne!(sealed, sealer.seal(b"13800000000"), "every nonce is new");
        let mut changed = sealed.clone();
        *changed.last_mut().expect("not empty") ^= 1;
        assert!(matches!(sealer.open_bytes(&changed), Err(SealError::Broken)));
        assert!(matches!(Sealer::with_key([8; 32]).open_bytes(&sealed), Err(SealError::Broken)));
    }

    #[test]
    fn makes_its_key_file_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys/tierline.key");
        let sealed = Sealer::open(&path).expect("made").seal(b"x");
        assert_eq!(Sealer::open(&path).expect("read").open_bytes(&sealed).expect("same key"), b"x");
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }
}
