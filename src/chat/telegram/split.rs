//! The updates of a `getUpdates` answer, each as the bytes it came in: one that is broken inside does not spoil
//! the others (R16), and nothing is parsed twice.

/// The elements of the array `result`; `None` when the body is not of that shape.
pub fn results(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let key = br#""result""#;
    let start = body.windows(key.len()).position(|window| window == key)? + key.len();
    let mut rest = skip_space(&body[start..]).strip_prefix(b":")?;
    rest = skip_space(rest).strip_prefix(b"[")?;
    let mut found = Vec::new();
    loop {
        rest = skip_space(rest);
        match rest.first()? {
            b']' => return Some(found),
            b',' => rest = &rest[1..],
            _ => {
                let length = value_length(rest)?;
                found.push(rest[..length].to_vec());
                rest = &rest[length..];
            }
        }
    }
}

fn skip_space(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

/// How long the value at the beginning is: up to the comma or bracket that ends it.
fn value_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b']' | b',' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// The number after `"update_id":` in bytes that are no JSON, so that polling can go on behind them.
pub fn update_id(bytes: &[u8]) -> Option<i64> {
    let key = br#""update_id""#;
    let start = bytes.windows(key.len()).position(|window| window == key)? + key.len();
    let rest = skip_space(skip_space(&bytes[start..]).strip_prefix(b":")?);
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_updates_as_they_came() {
        let body = br#"{"ok":true,"result":[{"update_id":1,"a":"]}\"{"}, {"update_id":2,"b":[1,{"c":2}]}]}"#;
        let parts = results(body).expect("an answer");
        assert_eq!(
            parts,
            [br#"{"update_id":1,"a":"]}\"{"}"#.to_vec(), br#"{"update_id":2,"b":[1,{"c":2}]}"#.to_vec()]
        );
        assert_eq!(results(br#"{"ok":true,"result":[]}"#), Some(Vec::new()));
    }

    #[test]
    fn a_broken_one_between_leaves_the_others() {
        let body = br#"{"ok":true,"result":[{"update_id":1},{"update_id":2,"x":nonsense},{"update_id":3}]}"#;
        let parts = results(body).expect("an answer");
        assert_eq!(parts.len(), 3);
        assert_eq!(update_id(&parts[1]), Some(2));
        assert_eq!(results(br#"{"ok":true,"result":[{"update_id":1,"x":"#), None);
        assert_eq!(update_id(b"\"update_id\" : 77,"), Some(77));
        assert_eq!(update_id(b"nothing"), None);
    }
}
