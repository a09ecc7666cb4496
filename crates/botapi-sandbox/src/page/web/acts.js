// What clicking does: pressing, reacting, following links, and what is shown in answer.

import { dialog, h } from "./dom.js";
import { pickPerson } from "./picker.js";
import { act, actorIn, become, nameOf, store } from "./store.js";
import { t } from "./words.js";

const SHOWN_FOR = 4500;
const ANSWER_WITHIN = 15000;

/// Words at the edge of the page, for what belongs to no chat.
export function notice(words) {
  const box = h("div", { class: "toast", text: words });
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), SHOWN_FOR);
}

/// Words over a chat, as Telegram shows the answer to a press.
export function toast(column, words) {
  if (!column) return notice(words);
  const box = h("div", { class: "toast", role: "status", text: words });
  column.toasts.append(box);
  setTimeout(() => box.remove(), SHOWN_FOR);
}

/// An answer that must be closed.
export function alertBox(words) {
  const box = dialog("alert", words, h("p", { text: words }));
  box.append(h("button", { type: "button", class: "primary", text: t("ok"), on: { click: () => box.close() } }));
  box.lastChild.focus();
}

/// Runs an act and shows why it was refused.
export async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    notice(error.message);
    return undefined;
  }
}

/// Who acts in the chat; if the acting person is not in it, the page asks who shall.
export async function actorFor(chat, question) {
  const actor = actorIn(chat);
  if (actor !== null) return actor;
  const chosen = await pickPerson(question, chat);
  if (chosen !== null) await become(chosen);
  return chosen;
}

const pressed = new Map();
const early = new Map();

/// Presses an inline button and waits for the answer.
export async function press(chat, message, button, element) {
  if (element.classList.contains("busy")) return;
  const actor = await actorFor(chat, t("pressAs"));
  if (actor === null) return;
  if (button.url) return void openLink(chat, button.url, actor);
  element.classList.add("busy");
  const more = { message: message.id, data: button.data ?? button.label };
  const id = await attempt(() => act(actor, chat, "press", more));
  if (id === undefined || early.delete(id)) return element.classList.remove("busy");
  const timer = setTimeout(() => {
    pressed.delete(id);
    element.classList.remove("busy");
    notice(t("noAnswer"));
  }, ANSWER_WITHIN);
  pressed.set(id, { element, timer });
}

/// Takes the answer to a press; shows it if it was pressed here or is for the acting person.
export function answered(event, column) {
  const waiting = pressed.get(event.press);
  if (waiting) {
    clearTimeout(waiting.timer);
    waiting.element.classList.remove("busy");
    pressed.delete(event.press);
  } else {
    early.set(event.press, true);
    if (early.size > 200) early.delete(early.keys().next().value);
  }
  const owned = event.bot !== null && column;
  if (!waiting && event.person !== store.me && !owned) return;
  if (event.url) openAddress(event.url);
  if (!event.text) return;
  if (event.alert) alertBox(event.text);
  else toast(column, event.text);
}

/// Adds a reaction, or takes the same one back.
export async function react(chat, message, emoji) {
  const actor = await actorFor(chat, t("reactAs"));
  if (actor === null) return;
  const there = message.reactions.some(([who, one]) => who === actor && one === emoji);
  await attempt(() => act(actor, chat, "react", { message: message.id, text: there ? undefined : emoji }));
}

/// Follows a link: one to a bot of this sandbox as the acting person, any other in a window of its own.
export async function openLink(chat, address, person) {
  const link = /^(https?:\/\/)?(t|telegram)\.me\/(\w+)|^tg:\/\/resolve\?domain=(\w+)/.exec(address);
  const name = (link?.[3] ?? link?.[4])?.toLowerCase();
  const bot = [...store.bots.values()].find((one) => one.username?.toLowerCase() === name);
  const actor = person ?? actorIn(chat) ?? store.me;
  if (!bot || actor === null) return openAddress(address);
  const done = await attempt(() => act(actor, null, "open", { text: address, chat: chat.is_private ? undefined : chat.id }));
  if (done !== undefined && actor !== store.me) await become(actor);
}

function openAddress(address) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  if (/^https?:/i.test(whole)) window.open(whole, "_blank", "noopener,noreferrer");
  else notice(whole);
}

/// A mention: of a bot or person that the page knows.
export function mention(words) {
  const name = words.replace(/^@/, "").toLowerCase();
  const person = [...store.people.values()].find((one) => one.username?.toLowerCase() === name);
  if (person) attempt(() => become(person.id));
  else notice(`@${name}`);
}

/// Becomes a person whose name was clicked.
export function choose(id) {
  if (store.people.has(id) && nameOf(id)) attempt(() => become(id));
}
