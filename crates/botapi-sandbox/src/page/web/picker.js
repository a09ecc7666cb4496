// Choosing a person or a chat among many.

import { avatar, dialog, h, icon } from "./dom.js";
import { findChats, findPeople, nameOf, peopleIn, store } from "./store.js";
import { t } from "./words.js";

const FIRST = 8;

function row(id, name, about, click, current) {
  const words = h("span", { class: "who" }, h("b", { text: name }), about ? h("small", { text: about }) : null);
  return h("button", { type: "button", class: "row", "aria-current": current || undefined, data: { pick: id }, on: { click } }, avatar(id, name), words);
}

function personRow(id, pick, about) {
  const person = store.people.get(id);
  const name = person?.deleted ? t("deletedAccount") : nameOf(id);
  return row(id, name, about ?? person?.about ?? person?.groups?.join(" · "), () => pick(id), id === store.me);
}

function section(title, ids, pick, all) {
  const box = h("section", {}, h("h3", { text: title }));
  const shown = all ? ids : ids.slice(0, FIRST);
  box.append(...shown.map((id) => personRow(id, pick)));
  if (shown.length < ids.length) {
    const more = h("button", { type: "button", class: "row more", text: t("showAll", { n: ids.length }) });
    more.addEventListener("click", () => box.replaceWith(section(title, ids, pick, true)));
    box.append(more);
  }
  return box;
}

/// Up and down move between the rows of a list.
function arrows(box) {
  box.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [...box.querySelectorAll("input, .row")];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    next?.focus();
    event.preventDefault();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.isComposing) return;
    box.querySelector(".row")?.click();
    event.preventDefault();
  });
}

/// A dialog with a search field; `fill(words, list)` shows what fits. Resolves to what was picked, or null.
function searchDialog(title, placeholder, fill) {
  return new Promise((resolve) => {
    let picked = null;
    const list = h("div", { class: "list" });
    const input = h("input", { type: "search", placeholder, "aria-label": placeholder, autocomplete: "off" });
    const close = h("button", { type: "button", class: "ghost", "aria-label": t("close"), title: t("close"), on: { click: () => box.close() } }, icon("close"));
    const head = h("header", {}, h("h2", { text: title }), close);
    const box = dialog("picker", title, head, h("label", { class: "field" }, icon("search"), input), list);
    const pick = (choice) => {
      picked = choice;
      box.close();
    };
    let asked = 0;
    let timer;
    const refill = async () => {
      asked += 1;
      const mine = asked;
      const nodes = await fill(input.value.trim(), pick).catch((error) => [h("p", { class: "empty", text: error.message })]);
      if (mine === asked) list.replaceChildren(...(nodes.length ? nodes : [h("p", { class: "empty", text: t("nobody") })]));
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(refill, 120);
    });
    box.addEventListener("close", () => resolve(picked));
    arrows(box);
    refill();
    input.focus();
  });
}

function matches(id, find) {
  const person = store.people.get(id);
  return [nameOf(id), person?.username, person?.about].some((text) => text?.toLowerCase().includes(find.toLowerCase()));
}

/// Asks for a person: of a chat, if one is given, else anybody. Resolves to the account's id, or null.
export function pickPerson(title, chat = null) {
  return searchDialog(title, t("searchPeople"), async (find, pick) => {
    if (chat) {
      const people = peopleIn(chat).filter((id) => !find || matches(id, find));
      return people.length ? [section(chat.title, people, pick, Boolean(find))] : [];
    }
    return find ? found(find, pick) : byChat(pick);
  });
}

async function found(find, pick) {
  const answer = await findPeople(find);
  const rows = answer.people.map((person) => personRow(person.id, pick, [person.about, ...person.groups].filter(Boolean).join(" · ")));
  return [...rows, ...limited(answer.total, rows.length)];
}

function limited(total, shown) {
  return total > shown ? [h("p", { class: "empty", text: t("found", { n: total, m: shown }) })] : [];
}

async function byChat(pick) {
  const groups = [...store.chats.values()].filter((chat) => !chat.is_private && peopleIn(chat).length > 0);
  const sections = groups.map((chat) => section(chat.title, peopleIn(chat), pick, false));
  const recent = store.recent.filter((id) => store.people.has(id));
  if (recent.length > 0) sections.unshift(section(t("recent"), recent, pick, true));
  if (sections.length > 0) return sections;
  return (await findPeople("")).people.map((person) => personRow(person.id, pick));
}

/// Asks for a chat. Resolves to its id (a person's for a private chat, also one that never began), or null.
export function pickChat() {
  return searchDialog(t("openChat"), t("searchChats"), async (find, pick) => {
    const [answer, others] = await Promise.all([findChats(find), find ? findPeople(find) : { people: [] }]);
    const rows = answer.chats.map((chat) => {
      const bot = nameOf(chat.bot) || t("bot");
      const about = chat.is_private ? t("privateChat", { bot }) : t("memberCount", { n: chat.members.length });
      return row(chat.id, chat.title, about, () => pick(chat.id), false);
    });
    const having = new Set(answer.chats.filter((chat) => chat.is_private).map((chat) => chat.id));
    const silent = others.people.filter((person) => !having.has(person.id)).map((person) => personRow(person.id, pick));
    return [...rows, ...silent, ...limited(answer.total, rows.length)];
  });
}
