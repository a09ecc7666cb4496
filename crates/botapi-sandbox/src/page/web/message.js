// One message as people see it.

import { avatar, colour, h, icon } from "./dom.js";
import { nameOf, store } from "./store.js";
import { locale, t } from "./words.js";

const formats = new Map();

function format(kind, options) {
  const key = `${kind} ${store.timezone} ${locale()}`;
  if (!formats.has(key)) {
    let timeZone = store.timezone;
    try {
      new Intl.DateTimeFormat("en", { timeZone });
    } catch {
      timeZone = undefined;
    }
    formats.set(key, new Intl.DateTimeFormat(locale(), { ...options, timeZone }));
  }
  return formats.get(key);
}

export function timeOf(date) {
  return format("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(date));
}

export function dayOf(date) {
  return format("day", { month: "long", day: "numeric", weekday: "short" }).format(new Date(date));
}

/// Where two versions of a text differ, widened to whole numbers; null if nothing or nearly all of it changed.
export function difference(before, after) {
  if (before === after) return null;
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  let stop = after.length - end;
  const digit = (at) => at >= 0 && at < after.length && /\d/.test(after[at]);
  while (digit(start - 1)) start -= 1;
  while (digit(stop)) stop += 1;
  return stop > start && stop - start < Math.max(24, after.length / 2) ? [start, stop] : null;
}

const WRAPS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "code", blockquote: "q", expandable_blockquote: "q" };
const LINKS = new Set(["url", "text_link", "bot_command", "mention", "text_mention", "hashtag", "email", "phone_number"]);

/// Text with its entities, cut where any of them or the marked range begins or ends.
export function richText(text, entities, mark, handlers) {
  const edges = new Set([0, text.length]);
  for (const entity of entities) edges.add(entity.offset).add(entity.offset + entity.length);
  if (mark) edges.add(mark[0]).add(mark[1]);
  const cuts = [...edges].filter((at) => at <= text.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1];
    const over = entities.filter((entity) => entity.offset <= from && entity.offset + entity.length >= to);
    const marked = mark && mark[0] <= from && mark[1] >= to;
    return piece(text.slice(from, to), over, marked, text, handlers);
  });
}

function piece(words, entities, marked, text, handlers) {
  let node = document.createTextNode(words);
  if (marked) node = h("mark", {}, node);
  for (const entity of entities) {
    if (LINKS.has(entity.type)) node = link(entity, node, text, handlers);
    else if (entity.type === "spoiler") node = h("span", { class: "spoiler", tabindex: 0 }, node);
    else if (WRAPS[entity.type]) node = h(WRAPS[entity.type], { class: entity.type }, node);
  }
  return node;
}

function link(entity, node, text, handlers) {
  const words = text.slice(entity.offset, entity.offset + entity.length);
  if (entity.type === "hashtag" || entity.type === "email" || entity.type === "phone_number") return h("span", { class: "link" }, node);
  const click = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (entity.type === "bot_command") handlers.command(words);
    else if (entity.type === "url" || entity.type === "text_link") handlers.open(entity.url ?? words);
    else if (entity.type === "text_mention" && entity.user) handlers.person(entity.user.id);
    else handlers.mention(words);
  };
  return h("a", { href: "#", on: { click } }, node);
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function media(message) {
  const file = message.media;
  if (!file) return null;
  const address = `/sandbox/file?id=${encodeURIComponent(file.file_id)}`;
  if (file.kind === "photo") {
    const picture = h("img", { src: address, alt: t("photoName", { name: file.file_name }), loading: "lazy", class: "photo" });
    picture.addEventListener("error", () => picture.replaceWith(h("span", { class: "photo missing", text: `🖼 ${t("photo")}` })));
    return picture;
  }
  const named = h("span", {}, h("b", { text: file.file_name }), h("small", { text: size(file.size) }));
  return h("a", { class: "document", href: address, download: file.file_name }, h("span", { class: "disc" }, icon("file")), named);
}

function extras(fields) {
  const parts = [];
  if (fields.contact) {
    const name = [fields.contact.first_name, fields.contact.last_name].filter(Boolean).join(" ");
    const words = h("span", {}, h("b", { text: name }), h("small", { text: fields.contact.phone_number }));
    parts.push(h("div", { class: "document" }, avatar(fields.contact.user_id ?? 0, name), words));
  }
  if (fields.location) {
    const place = `${fields.location.latitude.toFixed(4)}, ${fields.location.longitude.toFixed(4)}`;
    parts.push(h("div", { class: "document" }, h("span", { class: "disc", text: "📍" }), h("span", {}, h("b", { text: t("location") }), h("small", { text: place }))));
  }
  return parts;
}

/// A message in one line, for quotes, previews and the pinned bar.
export function summary(message) {
  if (message.service) return serviceWords(message);
  const kind = message.media ? (message.media.kind === "photo" ? `🖼 ${t("photo")}` : `📄 ${message.media.file_name}`) : "";
  const other = message.fields?.contact ? `👤 ${t("contact")}` : message.fields?.location ? `📍 ${t("location")}` : "";
  return [kind || other, message.text].filter(Boolean).join(" ").replace(/\s+/g, " ");
}

export function serviceWords(message) {
  const fields = message.fields;
  const full = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");
  const by = message.from_name;
  if (fields.new_chat_members) {
    const who = fields.new_chat_members.map(full).join(", ");
    const alone = fields.new_chat_members.some((user) => user.id === message.from);
    return t(alone ? "joined" : "added", { by, who });
  }
  if (fields.left_chat_member) {
    const gone = fields.left_chat_member;
    return t(gone.id === message.from ? "left" : "removed", { by, who: full(gone) });
  }
  if (fields.new_chat_title) return t("renamed", { by, title: fields.new_chat_title });
  if (fields.pinned_message) return t("pinnedBy", { by });
  if (fields.migrate_to_chat_id || fields.migrate_from_chat_id) return t("migrated");
  if (fields.forum_topic_created) return `# ${fields.forum_topic_created.name}`;
  return t("service");
}

function quote(message, chat, handlers) {
  if (!message.reply_to) return null;
  const to = chat.messages.get(message.reply_to);
  const who = to ? h("b", { text: to.from_name }) : null;
  const words = h("span", { text: to ? summary(to) : t("deletedMessage") });
  const click = () => handlers.show(message.reply_to);
  return h("button", { type: "button", class: `quote ${colour(to?.from ?? 0)}`, on: { click } }, who, words);
}

function forwarded(message) {
  const origin = message.origin;
  if (!origin) return null;
  const chat = origin.sender_chat ?? origin.chat;
  const name = origin.sender_user?.first_name ?? origin.sender_user_name ?? chat?.title ?? "";
  return h("div", { class: "forwarded", text: t("forwarded", { name }) });
}

function keyboard(message, handlers) {
  if (message.buttons.length === 0) return null;
  const one = (button) => {
    const click = (event) => handlers.press(message, button, event.currentTarget);
    const label = button.url ? `${button.label} ↗` : button.label;
    return h("button", { type: "button", text: label, data: { data: button.data ?? "" }, on: { click } });
  };
  return h("div", { class: "keyboard" }, message.buttons.map((row) => h("div", {}, row.map(one))));
}

function reactions(message, handlers, actor) {
  if (message.reactions.length === 0) return null;
  const counts = new Map();
  for (const [who, emoji] of message.reactions) counts.set(emoji, [...(counts.get(emoji) ?? []), who]);
  const one = ([emoji, people]) => {
    const names = people.map(nameOf).filter(Boolean).join(", ");
    const mine = people.includes(actor);
    const click = () => handlers.react(message, emoji);
    return h("button", { type: "button", class: mine ? "mine" : "", title: names, "aria-pressed": mine, text: `${emoji} ${people.length}`, on: { click } });
  };
  return h("div", { class: "reactions" }, [...counts].map(one));
}

function author(message, handlers) {
  const person = store.people.get(message.from);
  const isBot = store.bots.has(message.from);
  const click = () => handlers.person(message.from);
  const label = person ? t("actAs", { name: message.from_name }) : undefined;
  const name = person && !message.sender_chat
    ? h("button", { type: "button", class: "name", text: message.from_name, title: label, "aria-label": label, data: { person: message.from }, on: { click } })
    : h("span", { class: "name", text: message.from_name });
  const tag = isBot ? t("bot") : person?.about;
  return h("div", { class: `author ${colour(message.from ?? message.sender_chat)}` }, name, tag ? h("span", { class: "tag", text: tag }) : null);
}

function meta(message) {
  const edited = message.edits > 0 ? h("span", { class: "edited", text: t("edited") }) : null;
  return h("span", { class: "meta" }, edited, h("time", { datetime: message.date, text: timeOf(message.date) }));
}

function actions(message, handlers) {
  const button = (label, click, ...inside) => h("button", { type: "button", "aria-label": label, title: label, on: { click } }, ...inside);
  return h("div", { class: "actions" },
    button(t("reply"), () => handlers.reply(message), icon("reply")),
    button(t("react"), () => handlers.react(message, "👍"), icon("thumb")));
}

function portrait(message, chat, shown, handlers) {
  if (shown.own || chat.is_private) return null;
  const picture = avatar(message.from ?? message.sender_chat, message.from_name);
  if (store.people.has(message.from)) picture.addEventListener("click", () => handlers.person(message.from));
  return picture;
}

/// The element of a message. `shown`: `own`, `actor`, `mark`, `changed`; `handlers`: what its parts do.
export function messageElement(message, chat, shown, handlers) {
  const data = { message: message.id };
  if (message.service) {
    return h("div", { class: "service", data }, h("span", { text: serviceWords(message) }));
  }
  const words = message.text ? h("div", { class: "text", dir: "auto" }, richText(message.text, message.entities, shown.mark, handlers)) : null;
  const picture = portrait(message, chat, shown, handlers);
  const bubble = h("div", { class: "bubble" }, picture, shown.own || chat.is_private ? null : author(message, handlers),
    forwarded(message), quote(message, chat, handlers), media(message), extras(message.fields), words,
    reactions(message, handlers, shown.actor), meta(message));
  bubble.addEventListener("click", (event) => {
    const selected = String(getSelection());
    if (!selected && !event.target.closest("a, button, .spoiler, .avatar, img")) handlers.reply(message);
  });
  const kind = ["message", shown.own ? "own" : "", shown.changed ? "changed" : "", store.bots.has(message.from) ? "by-bot" : ""];
  return h("div", { class: kind.filter(Boolean).join(" "), data },
    h("div", { class: "stack" }, bubble, keyboard(message, handlers)), actions(message, handlers));
}
