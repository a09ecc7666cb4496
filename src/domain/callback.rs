//! What a button carries: `verb:HANDLE` or `verb:HANDLE.ARG`, at most 64 bytes. The handle is `messages.id` in
//! base 62 and grants nothing by itself; the argument is a decimal integer.

use super::message::Verb;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Telegram's bound for `callback_data`, in bytes.
pub const MOST_BYTES: usize = 64;

/// The data of a button: the longest verb, handle and argument together stay below [`MOST_BYTES`].
pub fn data(verb: Verb, handle: i64, arg: Option<i64>) -> String {
    let handle = encode(handle.cast_unsigned());
    match arg {
        Some(arg) => format!("{}:{handle}.{arg}", verb.word()),
        None => format!("{}:{handle}", verb.word()),
    }
}

/// Verb, handle and argument of a button; `None` for whatever [`data`] does not write exactly so.
pub fn parse(data: &str) -> Option<(Verb, i64, Option<i64>)> {
    if data.len() > MOST_BYTES {
        return None;
    }
    let (word, opaque) = data.split_once(':')?;
    let verb = Verb::from_word(word)?;
    let (handle, arg) = match opaque.split_once('.') {
        Some((handle, arg)) => (handle, Some(decimal(arg)?)),
        None => (opaque, None),
    };
    Some((verb, decode(handle)?.cast_signed(), arg))
}

/// An id in the spelling of handles, for links: `?start=join_ID`.
pub fn id_text(id: i64) -> String {
    encode(id.cast_unsigned())
}

/// The id of [`id_text`]; `None` for whatever that does not write exactly so.
pub fn text_id(text: &str) -> Option<i64> {
    decode(text).map(u64::cast_signed)
}

fn encode(mut value: u64) -> String {
    let mut digits = Vec::with_capacity(11);
    loop {
        digits.push(char::from(DIGITS[usize::try_from(value % 62).unwrap_or_default()]));
        value /= 62;
        if value == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// The value of the one spelling that [`encode`] gives it: no leading zeros, nothing beyond 64 bits.
fn decode(text: &str) -> Option<u64> {
    if text.is_empty() || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.bytes().try_fold(0_u64, |value, byte| {
        let digit = DIGITS.iter().position(|known| *known == byte)?;
        value.checked_mul(62)?.checked_add(u64::try_from(digit).ok()?)
    })
}

/// An integer in the one spelling that `Display` gives it: no plus, no leading zeros, no `-0`.
fn decimal(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|value| value.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn data_is_short_and_plain() {
        assert_eq!(data(Verb::Ack, 61, None), "ack:z");
        assert_eq!(data(Verb::Page, 62, Some(2)), "page:10.2");
        assert!(data(Verb::Withdraw, -1, Some(i64::MIN)).len() <= MOST_BYTES);
    }

    #[test]
    fn forged_data_is_nothing() {
        let forged = [
            "",
            ":",
            "ack",
            "ack:",
            "ack:0z",
            "ack:z.",
            "ack:z.+1",
            "ack:z.01",
            "ack:z.-0",
            "ack:z.1.2",
            "ack: z",
            "ack:zzzzzzzzzzz",
            "ack:-1",
            "ack:z.9223372036854775808",
            "nuke:z",
            "Ack:z",
            "ack:z.１",
            "ack:é",
        ];
        for data in forged {
            assert_eq!(parse(data), None, "{data:?}");
        }
        assert_eq!(parse(&format!("ack:z.{}", "1".repeat(80))), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(verb in 0..Verb::ALL.len(), handle: i64, arg: Option<i64>) {
            let verb = Verb::ALL[verb];
            let data = data(verb, handle, arg);
            prop_assert!(data.len() <= MOST_BYTES);
            prop_assert_eq!(parse(&data), Some((verb, handle, arg)));
        }

        #[test]
        fn whatever_reads_is_spelled_in_one_way(text in "(ack|to|page)[:.0-9A-Za-z+-]{0,24}") {
            if let Some((verb, handle, arg)) = parse(&text) {
                prop_assert_eq!(data(verb, handle, arg), text);
            }
        }

        #[test]
        fn anything_at_all_is_met_calmly(text: String) {
            let _unharmed = parse(&text);
        }
    }
}
