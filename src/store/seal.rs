//! Sealing of phones, raw updates and texts at rest (S13): XChaCha20-Poly1305, the key's id in every
//! sealed value so that a key can be changed while old rows are still read.

mod keys;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::RngExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use self::keys::Keys;

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
///
/// The key file may be changed while the service runs: it is read again once a minute, and whenever a value turns up
/// that was made with a key not known yet.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<RwLock<Arc<Keys>>>,
    file: Option<Arc<PathBuf>>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(***)")
    }
}

impl Sealer {
    /// A sealer with one given key; for tests.
    pub fn with_key(key: [u8; KEY_LENGTH]) -> Self {
        Self { keys: shared(BTreeMap::from([(1, key)])), file: None }
    }

    /// Reads the key file, or makes it with a fresh key (mode 600). Each line is `id base64`; the
    /// highest id seals, all of them open.
    ///
    /// # Errors
    /// When the file cannot be read, made or understood.
    pub fn open(path: &Path) -> Result<Self, SealError> {
        let keys = keys::read_or_make(path)?;
        Ok(Self { keys: shared(keys), file: Some(Arc::new(path.to_owned())) })
    }

    /// Reads the key file again, where there is one: another process may have added a key.
    ///
    /// # Errors
    /// When the file cannot be read or understood; the keys known so far stay.
    pub fn reload(&self) -> Result<(), SealError> {
        if let Some(path) = &self.file {
            let fresh = Arc::new(keys::read(path)?);
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(())
    }

    /// Adds a fresh key to the key file; it seals from now on. Returns its id.
    ///
    /// # Errors
    /// When there is no key file, it cannot be written, or its ids are used up.
    pub fn add_key(&self) -> Result<u8, SealError> {
        let id = keys::add(self.key_file()?)?;
        self.reload()?;
        Ok(id)
    }

    /// Takes keys that no value needs any more out of the key file; the one that seals stays.
    ///
    /// # Errors
    /// When there is no key file, or it cannot be written.
    pub fn drop_keys(&self, ids: &BTreeSet<u8>) -> Result<(), SealError> {
        keys::remove(self.key_file()?, ids)?;
        self.reload()
    }

    fn key_file(&self) -> Result<&Path, SealError> {
        let missing = || SealError::KeyFile { path: String::new(), reason: "there is none".to_owned() };
        self.file.as_deref().map(PathBuf::as_path).ok_or_else(missing)
    }

    /// The ids of all keys, the one that seals last.
    pub fn key_ids(&self) -> Vec<u8> {
        self.keys().keys().copied().collect()
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key of an id; a file that was changed meanwhile is read again.
    fn key(&self, id: u8) -> Result<[u8; KEY_LENGTH], SealError> {
        if let Some(key) = self.keys().get(&id) {
            return Ok(*key);
        }
        self.reload()?;
        self.keys().get(&id).copied().ok_or(SealError::UnknownKey(id))
    }

    /// Seals bytes: key id, nonce, ciphertext with tag.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        let (id, key) = keys.last_key_value().expect("a key file has at least one key");
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
        let cipher = XChaCha20Poly1305::new(&Key::from(self.key(id)?));
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

    /// A hash that only this key's holder can make, to compare a phone number without keeping it. Made with the key
    /// that seals; a rotation makes kept ones anew.
    pub fn keyed_hash(&self, text: &str) -> String {
        let keys = self.keys();
        let (_, key) = keys.last_key_value().expect("a key file has at least one key");
        hash_with(key, text)
    }

    /// Whether a hash was made of this text, with whichever key.
    pub fn is_hash_of(&self, kept: &str, text: &str) -> bool {
        self.keys().values().any(|key| hash_with(key, text) == kept)
    }
}

fn shared(keys: Keys) -> Arc<RwLock<Arc<Keys>>> {
    Arc::new(RwLock::new(Arc::new(keys)))
}

fn hash_with(key: &[u8; KEY_LENGTH], text: &str) -> String {
    let inner = Sha256::new().chain_update(key).chain_update(text.as_bytes()).finalize();
    hex(&Sha256::new().chain_update(key).chain_update(inner).finalize())
}

/// The id of the key with which a sealed text was made; `None` when it is none.
pub fn key_of(sealed: &str) -> Option<u8> {
    // Four characters of base64 hold three bytes: the first is the id.
    STANDARD.decode(sealed.get(..4)?).ok()?.first().copied()
}

/// The first two characters of every text that a key can have sealed: sixteen, since they reach into the nonce.
pub fn marks_of(id: u8) -> Vec<String> {
    let mark = |nonce: u8| STANDARD.encode([id, nonce << 4, 0])[..2].to_owned();
    (0..16).map(mark).collect()
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

#[cfg(test)]
mod tests {
    use std::fs;

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

    #[test]
    fn a_second_process_learns_of_a_new_key_when_it_meets_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tierline.key");
        let (one, other) = (Sealer::open(&path).expect("made"), Sealer::open(&path).expect("read"));
        let old = one.seal_text("13800000000");
        assert_eq!(other.add_key().expect("added"), 2);
        let new = other.seal_text("13800000000");
        assert_eq!((key_of(&old), key_of(&new)), (Some(1), Some(2)));
        assert_eq!(one.open_text(&new).expect("opens"), "13800000000");
        assert_eq!((key_of(&one.seal_text("x")), one.key_ids()), (Some(2), vec![1, 2]));
        assert!(other.is_hash_of(&Sealer::open(&path).expect("read").keyed_hash("1"), "1"));
        other.drop_keys(&BTreeSet::from([1, 2])).expect("dropped");
        assert_eq!(other.key_ids(), [2], "the key that seals stays");
        assert!(matches!(other.open_text(&old), Err(SealError::UnknownKey(1))));
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn marks_tell_the_keys_apart() {
        for id in [0, 1, 2, 63, 64, 255] {
            let sealer = Sealer { keys: shared(BTreeMap::from([(id, [7; 32])])), file: None };
            let marks = marks_of(id);
            assert_eq!(marks.iter().collect::<BTreeSet<_>>().len(), 16);
            for _ in 0..50 {
                let sealed = sealer.seal_text("x");
                assert!(marks.iter().any(|mark| sealed.starts_with(mark)) && key_of(&sealed) == Some(id));
            }
            assert!(marks_of(id ^ 1).iter().all(|mark| !marks.contains(mark)));
        }
    }
}
