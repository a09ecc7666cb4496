// One chat: head, messages, foot.

import { actorFor, attempt, choose, mention, openLink, press, react } from "./acts.js";
import { Composer } from "./composer.js";
import { avatar, h, icon, iconButton } from "./dom.js";
import { dayOf, difference, messageElement, summary } from "./message.js";
import { pickPerson } from "./picker.js";
import { act, actorIn, become, KEPT, nameOf, store } from "./store.js";
import { t } from "./words.js";

const NEAR = 60;

export class Column {
  constructor(chat, close) {
    this.chat = chat;
    this.nodes = new Map();
    this.dirty = new Map();
    this.visible = false;
    this.stale = true;
    this.bottom = true;
    this.handlers = this.makeHandlers();
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", tabindex: 0, "aria-label": t("messagesOf", { title: chat.title }) });
    this.log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.toasts = h("div", { class: "toasts" });
    this.count = h("span", { class: "badge", hidden: true });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, "aria-label": t("newest"), title: t("newest"), on: { click: () => this.stick() } }, icon("down"), this.count);
    this.head = h("header", {});
    this.pin = h("button", { type: "button", class: "pinned", hidden: true });
    this.composer = new Composer(chat, this);
    this.close = close;
    const middle = h("div", { class: "middle" }, this.log, this.jump, this.toasts);
    const data = { chat: chat.id, key: chat.key };
    this.element = h("section", { class: "column", "aria-label": chat.title, data }, this.head, this.pin, middle, this.composer.element);
    this.element.addEventListener("focusin", () => this.log.setAttribute("aria-live", "polite"));
    this.element.addEventListener("focusout", () => this.log.setAttribute("aria-live", "off"));
    this.refresh();
  }

  makeHandlers() {
    const { chat } = this;
    return {
      press: (message, button, element) => press(chat, message, button, element),
      react: (message, emoji) => react(chat, message, emoji),
      reply: (message) => this.composer.reply(message),
      person: choose,
      mention,
      open: (address) => openLink(chat, address),
      show: (id) => this.show(id),
      command: (words) => this.command(words),
    };
  }

  async command(words) {
    const actor = await actorFor(this.chat, t("choosePerson"));
    if (actor !== null) await attempt(() => act(actor, this.chat, "write", { text: words }));
  }

  /// Head, pinned message and foot anew; messages too, since who is "me" may have changed.
  refresh() {
    const { chat } = this;
    this.showHead();
    const pinned = chat.messages.get((chat.pinned ?? []).at(-1));
    this.pin.hidden = !pinned;
    if (pinned) {
      this.pin.replaceChildren(icon("pin"), h("span", {}, h("b", { text: t("pinned") }), h("small", { text: summary(pinned) })));
      this.pin.onclick = () => this.show(pinned.id);
    }
    this.composer.update();
    this.stale = true;
  }

  showHead() {
    const { chat } = this;
    const about = store.people.get(chat.id)?.about;
    const people = [...chat.members].length;
    const sub = chat.is_private ? [about, t("privateChat", { bot: nameOf(chat.bot) })].filter(Boolean).join(" · ") : t("memberCount", { n: people });
    const click = async () => {
      if (chat.is_private) return choose(chat.id);
      await attempt(async () => become(await pickPerson(t("members"), chat)));
    };
    const title = h("button", { type: "button", class: "title", on: { click } }, avatar(chat.id, chat.title), h("span", {}, h("b", { text: chat.title }), h("small", { text: sub })));
    const more = iconButton("more", t("menu"), (event) => this.menu(event.currentTarget));
    more.setAttribute("aria-haspopup", "menu");
    this.head.replaceChildren(title, more);
    this.element?.classList.toggle("mine", chat.is_private ? chat.id === store.me : actorIn(chat) !== null);
    this.element?.classList.toggle("private", chat.is_private);
  }

  menu(button) {
    const open = this.head.querySelector(".menu");
    if (open) return open.remove();
    const { chat } = this;
    const item = (words, run) => h("button", { type: "button", role: "menuitem", text: words, on: { click: () => { menu.remove(); run(); } } });
    const doing = (person, what) => () => attempt(() => act(person, chat, what));
    const me = store.me;
    const items = [];
    if (chat.is_private) {
      items.push(item(chat.blocked ? t("unblock") : t("block"), doing(chat.id, chat.blocked ? "unblock" : "block")));
    } else if (me !== null) {
      const inside = chat.members.has(me);
      items.push(item(t(inside ? "leave" : "join", { name: nameOf(me) }), doing(me, inside ? "leave" : "join")));
    }
    items.push(item(t("closeChat"), () => this.close(chat.key)));
    const menu = h("div", { class: "menu", role: "menu" }, items);
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.remove();
      button.focus();
    });
    menu.addEventListener("focusout", (event) => {
      const stays = menu.contains(event.relatedTarget) || event.relatedTarget === button;
      // Not at once: the focus also leaves because the menu is just being removed.
      if (!stays) queueMicrotask(() => menu.remove());
    });
    this.head.append(menu);
    menu.firstChild.focus();
  }

  /// Notes that a message is new or was changed; drawn with the next frame.
  touch(message, before, kind) {
    if (kind === "delete") this.stale = true;
    else this.dirty.set(message.id, { before: this.dirty.get(message.id)?.before ?? before, kind });
  }

  /// Draws what changed, if anybody can see it.
  draw() {
    if (!this.visible) return;
    if (this.stale) return this.drawAll();
    if (this.dirty.size === 0) return;
    for (const [id, change] of this.dirty) this.place(id, change);
    this.dirty.clear();
    this.prune();
    this.composer.update();
    this.settle();
  }

  drawAll() {
    this.stale = false;
    this.dirty.clear();
    this.nodes.clear();
    this.log.replaceChildren();
    this.lastDay = null;
    for (const message of this.chat.messages.values()) this.append(message);
    if (this.nodes.size === 0) this.log.append(h("p", { class: "empty", text: t("noMessages") }));
    this.composer.update();
    this.settle();
  }

  build(message, change) {
    const { chat } = this;
    const actor = actorIn(chat);
    const own = chat.is_private ? message.from === chat.id : message.from !== null && message.from === store.me;
    const mark = change?.before && change.kind === "edit" ? difference(change.before.text, message.text) : null;
    return messageElement(message, chat, { own, actor, mark, changed: change?.kind === "edit" }, this.handlers);
  }

  place(id, change) {
    const message = this.chat.messages.get(id);
    const node = this.nodes.get(id);
    if (!message) return;
    if (!node) return this.append(message, true);
    const buttons = [...node.querySelectorAll("button")];
    const focused = buttons.indexOf(document.activeElement);
    const fresh = this.build(message, change);
    for (const joined of ["above", "below"]) fresh.classList.toggle(joined, node.classList.contains(joined));
    node.replaceWith(fresh);
    this.nodes.set(id, fresh);
    if (focused >= 0) fresh.querySelectorAll("button")[focused]?.focus();
  }

  append(message, fresh = false) {
    const newest = [...this.nodes.keys()].at(-1) ?? 0;
    if (message.id < newest) return void (this.stale = true);
    const day = dayOf(message.date);
    if (this.nodes.size === 0) this.log.replaceChildren();
    const before = this.chat.messages.get(newest);
    const joins = before && day === this.lastDay && !message.service && !before.service && before.from === message.from && new Date(message.date) - new Date(before.date) < 300000;
    if (day !== this.lastDay) this.log.append(h("div", { class: "service day" }, h("span", { text: day })));
    this.lastDay = day;
    const node = this.build(message);
    if (fresh) node.classList.add("fresh");
    if (joins) {
      node.classList.add("above");
      this.nodes.get(newest)?.classList.add("below");
    }
    this.nodes.set(message.id, node);
    this.log.append(node);
  }

  prune() {
    while (this.nodes.size > KEPT) {
      const [id, node] = this.nodes.entries().next().value;
      node.remove();
      this.nodes.delete(id);
    }
  }

  settle() {
    if (this.bottom) this.log.scrollTop = this.log.scrollHeight;
    this.seen();
  }

  scrolled() {
    this.bottom = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
    this.seen();
  }

  /// Whether new messages come into view by themselves.
  isRead() {
    return this.visible && this.bottom && !document.hidden;
  }

  seen() {
    if (this.isRead() && this.chat.unread > 0) {
      this.chat.unread = 0;
      this.onRead?.();
    }
    this.jump.hidden = this.bottom;
    this.count.hidden = this.chat.unread === 0;
    this.count.textContent = String(this.chat.unread);
  }

  stick() {
    this.bottom = true;
    this.settle();
  }

  show(id) {
    const node = this.nodes.get(id);
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
    node?.classList.remove("flash");
    requestAnimationFrame(() => node?.classList.add("flash"));
  }
}
