//! The key file: one line a key, `id base64`; the highest id seals, all of them open.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt;

use super::{KEY_LENGTH, SealError};

/// The keys of a key file by id; never empty.
pub(super) type Keys = BTreeMap<u8, [u8; KEY_LENGTH]>;

fn failed(path: &Path) -> impl Fn(String) -> SealError {
    move |reason| SealError::KeyFile { path: path.display().to_string(), reason }
}

/// Reads a key file, or makes it with a fresh key (mode 600) when there is none.
pub(super) fn read_or_make(path: &Path) -> Result<Keys, SealError> {
    if let Err(error) = fs::metadata(path)
        && error.kind() == ErrorKind::NotFound
    {
        make(path).map_err(|error| failed(path)(error.to_string()))?;
    }
    read(path)
}

/// Reads a key file that must be there.
pub(super) fn read(path: &Path) -> Result<Keys, SealError> {
    let text = fs::read_to_string(path).map_err(|error| failed(path)(error.to_string()))?;
    parse(&text).map_err(failed(path))
}

/// Adds a fresh key, which seals from now on; returns its id.
pub(super) fn add(path: &Path) -> Result<u8, SealError> {
    change(path, |keys| {
        let last = keys.last_key_value().map_or(0, |(id, _)| *id);
        let id = last.checked_add(1).ok_or("its ids are used up: 255 is the last")?;
        keys.insert(id, rand::rng().random());
        Ok(id)
    })
}

/// Takes keys out; the one that seals stays in any case.
pub(super) fn remove(path: &Path, ids: &BTreeSet<u8>) -> Result<(), SealError> {
    change(path, |keys| {
        let last = keys.last_key_value().map(|(id, _)| *id);
        keys.retain(|id, _| Some(*id) == last || !ids.contains(id));
        Ok(())
    })
}

/// Writes the changed keys beside the file and moves them into its place: nobody reads half a file. Of two that
/// change it at once the second is refused.
fn change<T>(path: &Path, act: impl FnOnce(&mut Keys) -> Result<T, &'static str>) -> Result<T, SealError> {
    let mut keys = read(path)?;
    let told = act(&mut keys).map_err(|reason| failed(path)(reason.to_owned()))?;
    let draft = path.with_extension("changing");
    let lines: String = keys.iter().map(|(id, key)| line(*id, key)).collect();
    write_new(&draft, &lines).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            failed(path)(format!("somebody else is changing it; if nobody is, remove {}", draft.display()))
        }
        _ => failed(path)(error.to_string()),
    })?;
    fs::rename(&draft, path).map_err(|error| failed(path)(error.to_string()))?;
    Ok(told)
}

fn line(id: u8, key: &[u8]) -> String {
    format!("{id} {}\n", STANDARD.encode(key))
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn parse(text: &str) -> Result<Keys, String> {
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
fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let key: [u8; KEY_LENGTH] = rand::rng().random();
    let draft: PathBuf = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(line(1, &key).as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
