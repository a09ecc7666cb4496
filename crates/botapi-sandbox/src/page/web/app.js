// The page: what is open, and what is drawn when.

import { answered, attempt, notice } from "./acts.js";
import { Column } from "./column.js";
import { avatar, colour, h, icon } from "./dom.js";
import { drawGuide } from "./guide.js";
import { summary, timeOf } from "./message.js";
import { pickChat, pickPerson } from "./picker.js";
import { become, chatsOf, follow, listen, load, loadChat, nameOf, store, watchStatus } from "./store.js";
import { chooseLanguage, localised, otherLanguage, t } from "./words.js";

/// The most groups opened at first, and the width below which a chat is hard to read (as in the style sheet). Private
/// chats of others are opened only where they fit.
const AT_FIRST = 6;
const NARROWEST = 286;
const top = document.getElementById("top");
const rail = document.getElementById("rail");
const strip = document.getElementById("strip");
const guide = document.getElementById("guide");

/// Keys of the chats opened by hand or at the start; those of the acting person come before them.
let opened = [];
const columns = new Map();
const railItems = new Map();

function order() {
  const { own } = store.me === null ? { own: [] } : chatsOf(store.me);
  const first = own.map((chat) => chat.key).filter((key) => !closed.has(key));
  return [...new Set([...first, ...opened])].filter((key) => store.chats.has(key));
}

const closed = new Set();

function closeChat(key) {
  opened = opened.filter((other) => other !== key);
  closed.add(key);
  arrange();
}

function column(key) {
  if (!columns.has(key)) {
    const one = new Column(store.chats.get(key), closeChat);
    one.onRead = () => drawRail();
    columns.set(key, one);
    observer.observe(one.element);
  }
  return columns.get(key);
}

const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const one = columns.get(entry.target.dataset.key);
    if (!one) continue;
    one.visible = entry.isIntersecting;
    if (one.visible) soon();
  }
  drawRail();
}, { root: null, threshold: 0.2 });

/// Puts the columns in order, adding and removing as needed.
function arrange() {
  const keys = order();
  for (const [key, one] of columns) {
    if (keys.includes(key) && one.chat === store.chats.get(key)) continue;
    observer.unobserve(one.element);
    one.element.remove();
    columns.delete(key);
  }
  keys.forEach((key, at) => {
    const { element } = column(key);
    if (strip.children[at] !== element) strip.insertBefore(element, strip.children[at] ?? null);
  });
  for (const one of columns.values()) one.refresh();
  drawRail();
  soon();
}

let frame = 0;

/// Draws with the next frame.
function soon() {
  if (frame === 0) {
    frame = requestAnimationFrame(() => {
      frame = 0;
      for (const one of columns.values()) one.draw();
      if (railStale) drawRail();
    });
  }
}

let railStale = true;

/// Opens a chat beside the others and brings it into view.
function openChat(key, focus = true) {
  closed.delete(key);
  if (!order().includes(key)) {
    opened.unshift(key);
    arrange();
  }
  const one = column(key);
  one.element.scrollIntoView({ inline: "center", block: "nearest", behavior: "smooth" });
  one.element.classList.remove("called");
  requestAnimationFrame(() => one.element.classList.add("called"));
  if (focus && matchMedia("(hover: hover)").matches) one.composer.field?.focus({ preventScroll: true });
}

async function openById(id) {
  const chats = await attempt(() => loadChat(id));
  for (const chat of chats ?? []) openChat(chat.key);
  if (chats?.length === 0 && store.people.has(id)) await attempt(() => become(id));
}

function railChats() {
  const mine = store.me === null ? { own: [], groups: [] } : chatsOf(store.me);
  const keys = [...mine.own, ...mine.groups].map((chat) => chat.key);
  return [...new Set([...order(), ...store.featured, ...keys])].map((key) => store.chats.get(key)).filter(Boolean);
}

function railItem(chat) {
  if (!railItems.has(chat.key)) {
    const badge = h("span", { class: "badge", hidden: true });
    const label = h("b", {});
    const last = h("small", {});
    const when = h("time", {});
    const picture = h("span", { class: "picture" }, avatar(chat.id, chat.title), badge);
    const button = h("button", { type: "button", data: { key: chat.key }, on: { click: () => openChat(chat.key) } }, picture, h("span", { class: "words" }, label, when, last));
    railItems.set(chat.key, { button, badge, label, last, when });
  }
  return railItems.get(chat.key);
}

function drawRail() {
  railStale = false;
  const shown = railChats().map((chat) => {
    const item = railItem(chat);
    const newest = [...chat.messages.values()].at(-1);
    item.badge.hidden = chat.unread === 0;
    item.badge.textContent = chat.unread > 99 ? "99+" : String(chat.unread);
    item.label.textContent = chat.title;
    item.last.textContent = newest ? summary(newest) : "";
    item.when.textContent = newest ? timeOf(newest.date) : "";
    item.button.setAttribute("aria-label", chat.unread ? `${chat.title}, ${t("unread", { n: chat.unread })}` : chat.title);
    item.button.setAttribute("aria-current", String(Boolean(columns.get(chat.key)?.visible)));
    item.button.title = chat.title;
    return item.button;
  });
  const all = rail.lastElementChild;
  const now = [...rail.children].slice(0, -1);
  if (now.length !== shown.length || now.some((node, at) => node !== shown[at])) rail.replaceChildren(...shown, all);
}

function makeRail() {
  const click = async () => {
    const id = await pickChat();
    if (id !== null) await openById(id);
  };
  const words = h("span", { class: "words" }, h("b", { text: t("allChats") }));
  rail.setAttribute("aria-label", t("chats"));
  rail.replaceChildren(h("button", { type: "button", class: "all", "aria-label": t("allChats"), title: t("allChats"), on: { click } }, h("span", { class: "picture" }, h("span", { class: "avatar plain" }, icon("search"))), words));
}

async function choosePerson() {
  const id = await pickPerson(t("choosePerson"));
  if (id !== null) await attempt(() => become(id));
}

const clock = h("time", { class: "clock" });
const offline = h("span", { class: "offline", role: "status", hidden: true });
const meButton = h("button", { type: "button", id: "me", on: { click: choosePerson } });

function makeTop() {
  document.title = store.title;
  const other = h("a", { class: "ghost lang", href: otherLanguage(), title: t("otherLabel"), "aria-label": t("otherLabel"), text: t("other") });
  top.replaceChildren(h("h1", { text: store.title }), clock, offline, other, meButton);
}

function drawMe() {
  const name = nameOf(store.me);
  const about = store.people.get(store.me)?.about;
  const words = h("span", {}, h("small", { text: [t("actingAs"), about].filter(Boolean).join(" · ") }), h("b", { text: name || t("choosePerson") }));
  meButton.replaceChildren(avatar(store.me ?? 0, name), words, icon("down"));
  meButton.className = colour(store.me ?? 0);
  meButton.dataset.person = store.me ?? "";
  meButton.setAttribute("aria-label", `${t("actingAs")} ${name}. ${t("choosePerson")}`);
}

function drawStatus() {
  clock.textContent = localised(store.status?.clock);
  clock.hidden = !clock.textContent;
  offline.hidden = store.online;
  offline.textContent = t("offline");
  drawGuide(guide, goTo);
}

/// What a step of the guide does when clicked.
async function goTo(step) {
  if (step.as) await attempt(() => become(step.as));
  const id = step.chat ?? step.as;
  if (!id) return;
  let chat = [...store.chats.values()].find((one) => one.id === id);
  if (!chat) [chat] = (await attempt(() => loadChat(id))) ?? [];
  if (!chat) return;
  openChat(chat.key);
  if (step.write) column(chat.key).composer.put(localised(step.write));
}

function becameOther() {
  drawMe();
  const { own, groups } = chatsOf(store.me);
  for (const chat of own) closed.delete(chat.key);
  const open = order();
  if (groups.length > 0 && !groups.some((chat) => open.includes(chat.key))) opened.unshift(groups[0].key);
  const place = strip.scrollLeft;
  arrange();
  strip.scrollLeft = place;
}

function changedChat(chat, one) {
  if (!one || one.chat !== chat) return arrange();
  one.refresh();
  railStale = true;
}

function heard(kind, chat, detail) {
  const one = chat ? columns.get(chat.key) : undefined;
  if (kind === "message" && detail.message.from !== store.me && !one?.isRead()) chat.unread += 1;
  if (one && (kind === "message" || kind === "edit" || kind === "reaction")) one.touch(detail.message, detail.before, kind);
  if (one && kind === "delete") one.touch(null, null, kind);
  if (kind === "answer") answered(detail, one);
  if (kind === "state") arrange();
  if (kind === "chat") changedChat(chat, one);
  if (kind === "me") becameOther();
  if (kind === "status") drawStatus();
  if (kind === "message" || kind === "edit") railStale = true;
  soon();
}

function firstChats() {
  const groups = store.featured.filter((key) => !store.chats.get(key).is_private);
  const others = store.featured.filter((key) => store.chats.get(key).is_private && store.chats.get(key).id !== store.me);
  const first = groups.slice(0, AT_FIRST);
  const room = Math.floor(strip.clientWidth / NARROWEST) - 1;
  opened = [...first, ...others].slice(0, Math.max(first.length, room, 1));
}

async function begin() {
  chooseLanguage("");
  try {
    await load();
  } catch (error) {
    notice(t("loadFailed", { why: error.message }));
    setTimeout(begin, 2000);
    return;
  }
  chooseLanguage(store.title);
  firstChats();
  makeTop();
  makeRail();
  drawMe();
  drawStatus();
  arrange();
  listen(heard);
  follow();
  watchStatus();
  document.addEventListener("visibilitychange", () => columns.forEach((one) => one.seen()));
  document.documentElement.dataset.ready = "true";
}

begin();
