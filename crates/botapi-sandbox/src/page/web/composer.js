// The foot of a chat: writing, or what stands in the way of it.

import { actorFor, attempt, toast } from "./acts.js";
import { avatar, h, icon, iconButton } from "./dom.js";
import { summary } from "./message.js";
import { pickPerson } from "./picker.js";
import { act, actorIn, become, commandsIn, nameOf, peopleIn, store, upload } from "./store.js";
import { t } from "./words.js";

const OFFERED = 4;

export class Composer {
  constructor(chat, column) {
    this.chat = chat;
    this.column = column;
    this.element = h("footer", { class: "composer" });
    this.mode = "";
    this.update();
  }

  /// Shows what fits who acts and how the chat stands; leaves a text being written alone.
  update() {
    const { chat } = this;
    const actor = actorIn(chat);
    const keyboard = this.keyboard();
    const state = chat.is_private ? (chat.blocked ? "blocked" : chat.started ? "write" : "start") : actor === null ? "absent" : "write";
    const mode = JSON.stringify([state, actor, store.me, chat.title, keyboard?.id, state === "absent" ? chat.members.size : 0]);
    if (mode === this.mode) return;
    const focused = this.element.contains(document.activeElement) && document.activeElement.tagName === "TEXTAREA";
    this.mode = mode;
    const content = { write: () => this.writing(actor, keyboard), start: () => this.start(), blocked: () => this.blocked(), absent: () => this.absent() };
    this.element.replaceChildren(...content[state]());
    this.element.dataset.mode = state;
    if (focused) this.field?.focus();
  }

  start() {
    const name = nameOf(this.chat.id);
    const click = () => attempt(() => act(this.chat.id, this.chat, "start"));
    return [h("p", { class: "hint", text: t("startHint", { name }) }), h("button", { type: "button", class: "primary start", text: t("start"), on: { click } })];
  }

  blocked() {
    const name = nameOf(this.chat.id);
    const click = () => attempt(() => act(this.chat.id, this.chat, "unblock"));
    return [h("p", { class: "hint", text: t("blockedHint", { name }) }), h("button", { type: "button", class: "primary", text: t("unblock"), on: { click } })];
  }

  absent() {
    const { chat } = this;
    const people = peopleIn(chat);
    const chip = (id) => h("button", { type: "button", class: "chip", data: { person: id }, on: { click: () => attempt(() => become(id)) } }, avatar(id, nameOf(id), "tiny"), nameOf(id));
    const chips = people.slice(0, OFFERED).map(chip);
    if (people.length > OFFERED) {
      const click = async () => attempt(async () => become(await pickPerson(t("choosePerson"), chat)));
      chips.push(h("button", { type: "button", class: "chip", text: t("moreMembers"), on: { click } }));
    }
    return [h("p", { class: "hint", text: t("notMember", { name: nameOf(store.me) || "—" }) }), h("div", { class: "chips" }, chips)];
  }

  writing(actor, keyboard) {
    const name = nameOf(actor);
    const label = t("message", { name });
    this.field = h("textarea", { rows: 1, placeholder: label, "aria-label": label, enterkeyhint: "send" });
    this.field.value = this.chat.draft;
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.file = h("input", { type: "file", hidden: true, "aria-label": t("attach") });
    this.file.addEventListener("change", () => this.sendFile());
    this.quote = h("div", { class: "replying", hidden: true });
    const line = h("form", { class: "line" },
      avatar(actor, name, "tiny"), iconButton("clip", t("attach"), () => this.file.click()), this.file, this.field,
      iconButton("menu", t("commands"), () => this.listCommands(), "commands"),
      h("button", { type: "submit", class: "ghost send", "aria-label": t("send"), title: t("send") }, icon("send")));
    line.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.menu = h("div", { class: "commandlist", hidden: true });
    this.showReply();
    requestAnimationFrame(() => this.grow());
    return [this.menu, this.quote, line, keyboard ? this.keys(keyboard) : null].filter(Boolean);
  }

  typed() {
    this.chat.draft = this.field.value;
    this.grow();
    if (!this.field.value.startsWith("/")) this.menu.hidden = true;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
    if (event.key === "Escape") this.reply(null);
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`;
  }

  /// The reply keyboard shown last in a private chat, unless it was removed.
  keyboard() {
    if (!this.chat.is_private) return null;
    for (const message of [...this.chat.messages.values()].reverse()) {
      if (message.keyboard?.remove_keyboard) return null;
      if (message.keyboard?.keyboard) return this.usedUp(message) ? null : message;
    }
    return null;
  }

  usedUp(message) {
    const once = message.keyboard.one_time_keyboard;
    return once && [...this.chat.messages.values()].some((other) => other.id > message.id && other.from === this.chat.id);
  }

  keys(message) {
    const one = (key) => {
      const text = typeof key === "string" ? key : key.text;
      const contact = Boolean(key.request_contact);
      const click = () => attempt(() => act(this.chat.id, this.chat, "tap", { data: text }));
      return h("button", { type: "button", title: contact ? t("shareContact") : undefined, text: contact ? `📱 ${text}` : text, on: { click } });
    };
    return h("div", { class: "keys" }, message.keyboard.keyboard.map((line) => h("div", {}, line.map(one))));
  }

  /// Chooses the message to reply to; null for none.
  async reply(message) {
    if (message && this.element.dataset.mode !== "write" && (await actorFor(this.chat, t("choosePerson"))) === null) return;
    this.chat.replyTo = message?.id ?? null;
    if (this.element.dataset.mode !== "write") return;
    this.showReply();
    if (message) this.field.focus();
  }

  showReply() {
    const message = this.chat.messages.get(this.chat.replyTo);
    this.quote.hidden = !message;
    if (!message) return;
    const words = h("span", {}, h("b", { text: t("replyTo", { name: message.from_name }) }), h("small", { text: summary(message) }));
    this.quote.replaceChildren(icon("reply"), words, iconButton("close", t("cancel"), () => this.reply(null)));
  }

  async send() {
    const text = this.field.value.trim();
    const actor = actorIn(this.chat);
    if (!text || actor === null) return;
    const reply = this.chat.replyTo;
    this.put("");
    this.reply(null);
    this.column.stick();
    const sent = await attempt(() => reply === null
      ? act(actor, this.chat, "write", { text })
      : act(actor, this.chat, "reply", { text, message: reply }));
    if (sent === undefined && !this.field.value) this.put(text);
  }

  async sendFile() {
    const [file] = this.file.files;
    const actor = actorIn(this.chat);
    if (!file || actor === null) return;
    const caption = this.field.value.trim();
    const sent = await attempt(() => upload(actor, this.chat, file, caption, this.chat.replyTo));
    this.file.value = "";
    if (sent === undefined) return;
    this.put("");
    this.reply(null);
    this.column.stick();
  }

  /// Puts words into the field without sending them.
  put(text) {
    this.chat.draft = text;
    if (this.element.dataset.mode !== "write") return;
    this.field.value = text;
    this.menu.hidden = true;
    this.grow();
  }

  async listCommands() {
    if (!this.menu.hidden) return void (this.menu.hidden = true);
    const actor = actorIn(this.chat);
    const commands = await attempt(() => commandsIn(this.chat, actor));
    if (!commands) return;
    if (commands.length === 0) return toast(this.column, t("nobody"));
    const one = ({ command, description }) => h("button", { type: "button", on: { click: () => this.command(`/${command}`) } }, h("b", { text: `/${command}` }), h("small", { text: description }));
    this.menu.replaceChildren(...commands.map(one));
    this.menu.hidden = false;
    this.menu.firstChild.focus();
  }

  command(words) {
    this.put(`${words} `);
    this.field.focus();
  }
}
