use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn read(value: Value) -> Parsed {
    parse(value.to_string().as_bytes())
}

fn group() -> Value {
    json!({"id": -1001, "type": "supergroup", "title": "Class 1"})
}

fn person() -> Value {
    json!({"id": 7, "is_bot": false, "first_name": "San", "last_name": "Zhang"})
}

fn written(message: Value) -> Written {
    match read(json!({"update_id": 5, "message": message})).incoming {
        Some(Incoming::Written(written)) => *written,
        other => panic!("a written message was expected, not {other:?}"),
    }
}

#[test]
fn reads_a_text_whatever_stands_around_it() {
    let message = written(json!({
        "message_id": 3, "date": "yesterday", "chat": group(), "from": person(), "text": "收到！",
        "entities": [{"type": "from_the_future", "offset": "x"}], "forward_origin": 17,
        "reply_markup": {"inline_keyboard": [[{"text": "?", "hologram": {}}]]},
        "message_thread_id": 9, "is_topic_message": true,
        "reply_to_message": {"message_id": 2, "chat": group(), "caption": "a notice", "document": {"file_id": 1}},
    }));
    assert_eq!(message.reply_handle, None);
    assert_eq!((message.text.as_str(), message.message, message.reply_to), ("收到！", 3, Some(2)));
    assert_eq!((message.reply_text.as_str(), message.reply_media), ("a notice", Some(Media::Document)));
    assert_eq!(message.sender, Some(Sender { account: 7, name: "San Zhang".into(), is_bot: false }));
    assert_eq!(message.place.kind, ChatKind::Supergroup);
    assert!(!message.edited);
}

#[test]
fn a_reply_names_the_message_by_the_handle_in_its_buttons() {
    let bot = json!({"id": 99, "is_bot": true, "first_name": "Tierline"});
    let to = |from: &Value, data: &str| {
        json!({
            "message_id": 2, "chat": group(), "from": from, "text": "a notice",
            "reply_markup": {"inline_keyboard": [[{"text": "?", "url": "https://example.org"}], [{"callback_data": data}]]},
        })
    };
    let reply = |to: Value| {
        written(json!({
            "message_id": 3, "chat": group(), "from": person(), "text": "收到", "reply_to_message": to,
        }))
        .reply_handle
    };
    assert_eq!(reply(to(&bot, "ack:A")), Some((99, 10)));
    assert_eq!(reply(to(&bot, "other:A")), None);
    assert_eq!(reply(to(&person(), "ack:A")), None, "a person's message has no buttons of ours");
    let mut through_another = to(&bot, "ack:A");
    through_another["via_bot"] = json!({"id": 5, "is_bot": true});
    assert_eq!(reply(through_another), None);
}

#[test]
fn channels_and_hidden_administrators_are_nobody() {
    let hidden = json!({"id": ANONYMOUS_ADMIN, "is_bot": true, "first_name": "Group"});
    let forwarder = json!({"id": CHANNEL_FORWARDER, "is_bot": false, "first_name": "Telegram"});
    let base = |from: &Value| json!({"message_id": 3, "chat": group(), "from": from, "text": "x"});
    assert_eq!(written(base(&hidden)).sender, None);
    assert_eq!(written(base(&forwarder)).sender, None);
    let mut in_a_chats_name = base(&person());
    in_a_chats_name["sender_chat"] = group();
    assert_eq!(written(in_a_chats_name).sender, None);
}

#[test]
fn the_message_that_opened_a_topic_is_no_reply() {
    let message = written(json!({
        "message_id": 3, "chat": group(), "from": person(), "text": "收到", "is_topic_message": true,
        "reply_to_message": {"message_id": 1, "chat": group(), "forum_topic_created": {"name": "Notices"}},
    }));
    assert_eq!(message.reply_to, None);
}

#[test]
fn reads_service_messages() {
    let update = |extra: (&str, Value)| {
        let mut message =
            json!({"message_id": 3, "chat": {"id": -5, "type": "group", "title": "G"}, "from": person()});
        message[extra.0] = extra.1;
        read(json!({"update_id": 1, "message": message})).incoming
    };
    assert_eq!(
        update(("migrate_to_chat_id", json!(-1005))),
        Some(Incoming::Migrated { from: -5, to: -1005 })
    );
    assert_eq!(update(("migrate_from_chat_id", json!(-4))), Some(Incoming::Migrated { from: -4, to: -5 }));
    let came = update(("new_chat_members", json!([person()])));
    assert!(matches!(came, Some(Incoming::MemberState { inside: true, .. })));
    let left = update(("left_chat_member", person()));
    assert!(matches!(left, Some(Incoming::MemberState { inside: false, .. })));
}

#[test]
fn reads_contacts_places_and_media() {
    let private = json!({"id": 7, "type": "private", "first_name": "San"});
    let message = written(json!({"message_id": 3, "chat": private, "from": person(),
        "contact": {"phone_number": "+0000", "user_id": 7, "vcard": 3}}));
    assert_eq!(message.contact, Some(Contact { phone: "+0000".into(), account: Some(7) }));
    let message = written(json!({"message_id": 3, "chat": private, "from": person(),
        "location": {"latitude": 1.5, "longitude": 2}}));
    assert_eq!(message.location, Some((1.5, 2.0)));
    for (key, media) in [
        ("photo", Media::Photo),
        ("document", Media::Document),
        ("voice", Media::Other),
        ("sticker", Media::Unfit),
    ] {
        let mut raw = json!({"message_id": 3, "chat": private, "from": person(), "caption": "c"});
        raw[key] = json!([{"file_id": "f"}]);
        let message = written(raw);
        assert_eq!((message.media, message.text.as_str()), (Some(media), "c"), "{key}");
    }
}

#[test]
fn reads_presses_reactions_and_states() {
    let press = read(json!({"update_id": 1, "callback_query": {"id": "q", "from": person(), "data": "ack:1",
        "message": {"message_id": 4, "chat": group(), "date": 0}}}));
    assert!(
        matches!(press.incoming, Some(Incoming::Pressed { message: 4, ref data, .. }) if data == "ack:1")
    );
    let reaction = |emoji: &str| {
        let new = json!([{"type": "emoji", "emoji": emoji}]);
        let raw = json!({"chat": group(), "message_id": 4, "user": person(), "new_reaction": new});
        match read(json!({"update_id": 1, "message_reaction": raw})).incoming {
            Some(Incoming::Reacted { thumbs_up, .. }) => thumbs_up,
            other => panic!("a reaction was expected, not {other:?}"),
        }
    };
    assert!(reaction("\u{1f44d}") && !reaction("\u{1f44e}"));
    let state = |key: &str, status: &str| {
        let member = json!({"status": status, "user": person(), "is_member": false});
        read(json!({"update_id": 1, key: {"chat": group(), "from": person(), "new_chat_member": member}}))
            .incoming
    };
    let own = state("my_chat_member", "administrator");
    assert!(matches!(own, Some(Incoming::OwnState { inside: true, admin: true, .. })));
    assert!(matches!(state("my_chat_member", "kicked"), Some(Incoming::OwnState { inside: false, .. })));
    assert!(matches!(state("chat_member", "restricted"), Some(Incoming::MemberState { inside: false, .. })));
}

#[test]
fn unknown_kinds_are_ignored_and_broken_ones_told() {
    let unknown = read(json!({"update_id": 9, "poll_answer": {"x": 1}}));
    assert_eq!((unknown.kind.as_str(), unknown.incoming), ("poll_answer", Some(Incoming::Ignored)));
    for broken in [
        json!({"update_id": 9, "message": 5}),
        json!({"update_id": 9, "message": {"chat": group()}}),
        json!({"update_id": 9, "callback_query": {"id": "q", "from": null}}),
        json!({"update_id": 9}),
        json!({"update_id": 9, "message": {"message_id": 1e300, "chat": group(), "text": "x"}}),
    ] {
        let parsed = read(broken.clone());
        assert_eq!((parsed.update_id, parsed.incoming), (Some(9), None), "{broken}");
    }
    let cut = parse(br#"{"update_id":12,"message":{"message_id":"#);
    assert_eq!((cut.update_id, cut.kind.as_str(), cut.incoming), (Some(12), "unreadable", None));
    assert_eq!(read(json!({"update_id": 1e300})).update_id, None);
}

proptest! {
    #[test]
    fn no_bytes_stop_it(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let parsed = parse(&bytes);
        prop_assert!(!parsed.kind.is_empty() && parsed.kind.len() <= LONGEST_KIND);
    }

    #[test]
    fn no_cut_stops_it(at in 0_usize..400) {
        let whole = json!({"update_id": 5, "message": {"message_id": 3, "chat": group(), "from": person(),
            "text": "收到", "reply_to_message": {"message_id": 2, "chat": group(), "text": "x"}}}).to_string();
        let cut = &whole.as_bytes()[..at.min(whole.len())];
        let parsed = parse(cut);
        prop_assert_eq!(parsed.incoming.is_some(), at >= whole.len());
    }
}
