//! Chats and their members.

use serde_json::{Value, json};

use super::{Answer, done, named_chat};
use crate::error::ApiError;
use crate::model::*;
use crate::params::Params;
use crate::state::State;

/// The group a call names, which the bot is in.
fn group<'a>(state: &'a State, bot: i64, params: &Params) -> Result<(Peer, &'a Chat), ApiError> {
    let peer = named_chat(state, bot, params)?;
    let chat = state.chat(peer).ok_or_else(|| ApiError::bad("chat not found"))?;
    if let Peer::Group(_) = peer {
        state.is_in_group(bot, chat)?;
    }
    Ok((peer, chat))
}

/// A group in which the bot is an administrator.
fn administered<'a>(
    state: &'a State,
    bot: i64,
    params: &Params,
    refusal: &str,
) -> Result<(Peer, &'a Chat), ApiError> {
    let (peer, chat) = group(state, bot, params)?;
    if chat.kind == ChatKind::Private || !chat.status(bot).is_admin() {
        return Err(ApiError::bad(refusal));
    }
    Ok((peer, chat))
}

pub(super) fn action(state: &State, bot: i64, params: &Params) -> Answer {
    let peer = named_chat(state, bot, params)?;
    state.may_write(bot, peer)?;
    match params.text("action") {
        Some(
            "typing" | "upload_photo" | "record_video" | "upload_video" | "record_voice" | "upload_voice"
            | "upload_document" | "choose_sticker" | "find_location" | "record_video_note"
            | "upload_video_note",
        ) => done(),
        _ => Err(ApiError::bad("wrong parameter action in request")),
    }
}

pub(super) fn get(state: &State, bot: i64, params: &Params) -> Answer {
    let (peer, chat) = group(state, bot, params)?;
    let mut full = state.chat_json(peer);
    full["accent_color_id"] = json!(0);
    full["max_reaction_count"] = json!(11);
    full["accepted_gift_types"] = json!({
        "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false,
        "gifts_from_channels": false,
    });
    if chat.kind != ChatKind::Private {
        full["permissions"] = json!({
            "can_send_messages": true, "can_send_audios": true, "can_send_documents": true, "can_send_photos": true,
            "can_send_videos": true, "can_send_video_notes": true, "can_send_voice_notes": true,
            "can_send_polls": true, "can_send_other_messages": true, "can_add_web_page_previews": true,
            "can_change_info": true, "can_invite_users": true, "can_pin_messages": true, "can_manage_topics": true,
        });
    }
    if let Some(message) = chat.pinned.last().and_then(|id| chat.message(*id)) {
        full["pinned_message"] = state.message_json(peer, message, false);
    }
    Ok(full)
}

pub(super) fn member(state: &State, bot: i64, params: &Params) -> Answer {
    let (peer, chat) = group(state, bot, params)?;
    let user = params.int("user_id").unwrap_or_default();
    if !state.accounts.contains_key(&user) {
        return Err(ApiError::bad("user not found"));
    }
    let status = match peer {
        Peer::Private { bot, user: person } if user == bot || user == person => Status::Member,
        Peer::Private { .. } => Status::Left,
        Peer::Group(_) => chat.status(user),
    };
    Ok(state.member_json(user, status))
}

pub(super) fn member_count(state: &State, bot: i64, params: &Params) -> Answer {
    let (_, chat) = group(state, bot, params)?;
    match chat.kind {
        ChatKind::Private => Ok(json!(2)),
        _ => Ok(json!(chat.members.values().filter(|status| status.is_in()).count())),
    }
}

pub(super) fn administrators(state: &State, bot: i64, params: &Params) -> Answer {
    let (_, chat) = group(state, bot, params)?;
    if chat.kind == ChatKind::Private {
        return Err(ApiError::bad("there are no administrators in the private chat"));
    }
    let admins = chat.members.iter().filter(|(_, status)| status.is_admin());
    let listed = admins.filter(|(id, _)| **id == bot || !state.accounts.get(id).is_some_and(|a| a.is_bot));
    Ok(listed.map(|(id, status)| state.member_json(*id, *status)).collect::<Vec<Value>>().into())
}

pub(super) fn leave(state: &mut State, bot: i64, params: &Params) -> Answer {
    let (peer, chat) = group(state, bot, params)?;
    if chat.kind == ChatKind::Private {
        return Err(ApiError::bad("chat member status can't be changed in private chats"));
    }
    state.set_status(peer, bot, bot, Status::Left);
    state.post_service(peer, bot, json!({ "left_chat_member": state.user_json(bot) }));
    done()
}

pub(super) fn title(state: &mut State, bot: i64, params: &Params) -> Answer {
    let (peer, _) = administered(state, bot, params, "not enough rights to change chat title")?;
    let title = params.text("title").unwrap_or_default().trim().to_owned();
    if title.is_empty() || title.chars().count() > 128 {
        return Err(ApiError::bad("title must be between 1 and 128 characters long"));
    }
    state.rename(peer, bot, &title);
    done()
}

pub(super) fn ban(state: &mut State, bot: i64, params: &Params, ban: bool) -> Answer {
    let refusal = "not enough rights to restrict/unrestrict chat member";
    let (peer, chat) = administered(state, bot, params, refusal)?;
    let user = params.int("user_id").unwrap_or_default();
    match (chat.status(user), ban) {
        (Status::Creator, true) => return Err(ApiError::bad("can't remove chat owner")),
        (_, true) => state.set_status(peer, user, bot, Status::Kicked),
        (Status::Kicked, false) => state.set_status(peer, user, bot, Status::Left),
        (_, false) if params.flag("only_if_banned") => {}
        (_, false) => state.set_status(peer, user, bot, Status::Left),
    }
    done()
}

pub(super) fn invite_link(state: &State, bot: i64, params: &Params) -> Answer {
    let (peer, _) = administered(state, bot, params, "not enough rights to manage chat invite link")?;
    Ok(json!(format!("https://t.me/+sandbox{}", peer.chat_id().unsigned_abs())))
}

pub(super) fn topic(state: &mut State, bot: i64, params: &Params) -> Answer {
    let (peer, chat) = administered(state, bot, params, "not enough rights to create a topic")?;
    if !chat.forum {
        return Err(ApiError::bad("the chat is not a forum"));
    }
    let name = params.text("name").unwrap_or_default().to_owned();
    let thread = state.open_topic(peer, bot, &name);
    Ok(json!({ "message_thread_id": thread, "name": name, "icon_color": 7_322_096 }))
}
