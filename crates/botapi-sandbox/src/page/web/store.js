// What the page knows, and how it hears of changes: the state once, then server-sent events.

export const KEPT = 100;

export const store = {
  title: "", status: null, timezone: undefined, me: null, bots: new Map(), people: new Map(), chats: new Map(),
  featured: [], online: true, recent: [], total: 0,
};

/// In a sandbox with no more chats than this, new ones are shown as they appear.
const FEW = 30;

const listeners = new Set();
let lastEvent = 0;

/// Calls `run(kind, chat, detail)` at every change. Kinds: `message`, `edit`, `delete`, `reaction`, `chat`, `answer`,
/// `state` (anything), `status`, `me`.
export function listen(run) {
  listeners.add(run);
}

export function tell(kind, chat = null, detail = null) {
  for (const run of listeners) run(kind, chat, detail);
}

export function keyOf(chat) {
  const id = chat.chat_id ?? chat.id;
  return chat.bot ? `p${chat.bot}:${id}` : `g${id}`;
}

export function nameOf(id) {
  const account = store.people.get(id) ?? store.bots.get(id);
  if (!account) return "";
  return [account.first_name, account.last_name].filter(Boolean).join(" ");
}

/// Who acts in a chat: in private its owner, in a group whoever was chosen, if they are in it.
export function actorIn(chat) {
  if (chat.is_private) return chat.id;
  return store.me !== null && chat.members.has(store.me) ? store.me : null;
}

/// Members that the page may act as.
export function peopleIn(chat) {
  return [...chat.members].filter((id) => store.people.has(id));
}

async function get(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function newChat(data) {
  return { ...data, key: keyOf(data), members: new Set(), messages: new Map(), unread: 0, draft: "", replyTo: null };
}

function takeChat(data, withMessages) {
  const key = keyOf(data);
  const chat = store.chats.get(key) ?? newChat(data);
  const { messages, members, admins, ...plain } = data;
  Object.assign(chat, plain, { members: new Set(members), admins: new Set(admins) });
  if (withMessages) {
    chat.messages = new Map(messages.filter((message) => !message.deleted).map((message) => [message.id, message]));
  }
  store.chats.set(key, chat);
  return chat;
}

function takePeople(state) {
  for (const bot of state.bots ?? []) store.bots.set(bot.id, bot);
  for (const person of state.accounts ?? state.people ?? []) {
    if (!person.is_bot) store.people.set(person.id, person);
  }
}

function takeStatus(state) {
  store.status = state.status;
  store.timezone = state.status?.timezone || undefined;
}

/// Loads everything shown: featured chats, and those of the acting person.
export async function load() {
  const state = await get(`/sandbox/state?messages=${KEPT}`);
  takePeople(state);
  takeStatus(state);
  store.title = state.title;
  store.total = state.total_chats;
  store.featured = state.chats.map((chat) => takeChat(chat, true).key);
  if (lastEvent === 0 || state.last_event < lastEvent) lastEvent = state.last_event;
  if (store.me === null) store.me = firstPerson(state);
  if (store.me !== null) await loadPerson(store.me);
}

function firstPerson(state) {
  const wanted = [Number(new URLSearchParams(location.search).get("as")), saved("me"), state.status?.you];
  const known = wanted.find((id) => id && store.people.has(id));
  if (known) return known;
  const owner = state.chats.find((chat) => chat.is_private);
  if (owner) return owner.id;
  for (const chat of state.chats) {
    const person = chat.members.find((id) => store.people.has(id));
    if (person) return person;
  }
  return null;
}

async function loadPerson(id) {
  takeAll(await get(`/sandbox/state?person=${id}&messages=${KEPT}&chats=12`));
  for (const bot of store.bots.values()) {
    const data = { id, bot: bot.id, kind: "private", is_private: true, title: nameOf(id), started: false, blocked: false };
    if (!store.chats.has(keyOf(data))) takeChat({ ...data, members: [id], admins: [], pinned: [], messages: [] }, true);
  }
}

function takeAll(state) {
  takePeople(state);
  return state.chats.map((chat) => takeChat(chat, true));
}

/// Loads one chat (all private chats, for a person's id) and returns what was loaded.
export async function loadChat(id) {
  const chats = takeAll(await get(`/sandbox/state?chat=${id}&messages=${KEPT}`));
  for (const chat of chats) tell("chat", chat);
  return chats;
}

/// The private chats of a person, and the groups they are in.
export function chatsOf(person) {
  const chats = [...store.chats.values()];
  return {
    own: chats.filter((chat) => chat.is_private && chat.id === person),
    groups: chats.filter((chat) => !chat.is_private && chat.members.has(person)),
  };
}

/// From now on the page acts as this person.
export async function become(id) {
  if (id === null || id === store.me) return;
  await loadPerson(id);
  store.me = id;
  store.recent = [id, ...store.recent.filter((other) => other !== id)].slice(0, 6);
  save("me", id);
  tell("me");
}

export async function findPeople(find) {
  const found = await get(`/sandbox/people?limit=60&find=${encodeURIComponent(find)}`);
  takePeople(found);
  return found;
}

export async function findChats(find) {
  return get(`/sandbox/chats?limit=60&find=${encodeURIComponent(find)}`);
}

export async function commandsIn(chat, person) {
  const bots = chat.bot ? [chat.bot] : [...chat.members].filter((id) => store.bots.has(id));
  const asked = bots.map((bot) => get(`/sandbox/commands?bot=${bot}&chat=${chat.id}&person=${person}`));
  return (await Promise.all(asked)).flatMap((answer) => answer.commands);
}

/// Acts as a person; throws the sandbox's refusal in words.
export async function act(person, chat, what, more = {}) {
  const wish = { as: person, do: what, chat: chat?.bot ?? chat?.id, ...more };
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch("/sandbox/act", { method: "POST", headers, body: JSON.stringify(wish) }));
}

/// Sends a file as a person.
export async function upload(person, chat, file, caption, message) {
  const query = new URLSearchParams({ as: person, chat: chat.bot ?? chat.id, name: file.name, mime: file.type || "application/octet-stream" });
  if (caption) query.set("caption", caption);
  if (message) query.set("message", message);
  const headers = { "Content-Type": "application/octet-stream" };
  return answered(await fetch(`/sandbox/upload?${query}`, { method: "POST", headers, body: file }));
}

async function answered(response) {
  const answer = await response.json().catch(() => ({ ok: false, error: `HTTP ${response.status}` }));
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}

function keep(chat, message) {
  chat.messages.set(message.id, message);
  while (chat.messages.size > KEPT) chat.messages.delete(chat.messages.keys().next().value);
}

const EVENTS = {
  message(chat, event) {
    if (chat.is_private && event.message.from === chat.id) Object.assign(chat, { started: true, blocked: false });
    keep(chat, event.message);
    tell("message", chat, { message: event.message });
  },
  edit(chat, event) {
    const before = chat.messages.get(event.message.id);
    if (!before) return;
    chat.messages.set(event.message.id, event.message);
    tell("edit", chat, { message: event.message, before });
  },
  delete(chat, event) {
    if (chat.messages.delete(event.message_id)) tell("delete", chat, { id: event.message_id });
  },
  reaction(chat, event) {
    if (!chat.messages.has(event.message.id)) return;
    chat.messages.set(event.message.id, event.message);
    tell("reaction", chat, { message: event.message });
  },
};

function take(event) {
  if (event.kind === "reload") return later("reload", refresh);
  const chat = store.chats.get(keyOf(event));
  if (event.kind === "answer") return tell("answer", chat, event);
  if (event.kind === "chat" || !chat) {
    const few = store.total <= FEW && store.chats.size + waiting.size <= FEW;
    if (chat || few) later(event.chat_id, () => loadChat(event.chat_id));
    return;
  }
  if (event.kind === "delete" || event.message) EVENTS[event.kind]?.(chat, event);
}

const waiting = new Map();

/// Runs once a little later, however often it was asked for meanwhile.
function later(key, run) {
  if (waiting.has(key)) return;
  waiting.set(key, setTimeout(() => {
    waiting.delete(key);
    Promise.resolve(run()).catch((error) => console.warn(error));
  }, 250));
}

async function refresh() {
  await load();
  tell("state");
}

/// Follows the events; after a break everything is loaded anew.
export function follow() {
  const source = new EventSource(`/sandbox/events?after=${lastEvent}`);
  source.onmessage = (sent) => {
    if (sent.lastEventId) lastEvent = Number(sent.lastEventId);
    take(JSON.parse(sent.data));
  };
  source.onerror = () => {
    store.online = false;
    tell("status");
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  };
  source.onopen = () => {
    if (!store.online) later("reload", refresh);
    store.online = true;
    tell("status");
  };
}

/// Asks what the embedding program says, every second while somebody looks.
export function watchStatus() {
  setInterval(async () => {
    if (document.hidden || !store.online) return;
    try {
      takeStatus(await get("/sandbox/status"));
      tell("status");
    } catch (error) {
      console.warn(error);
    }
  }, 1000);
}

export function saved(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`sandbox.${name}`));
  } catch {
    return null;
  }
}

export function save(name, value) {
  try {
    sessionStorage.setItem(`sandbox.${name}`, JSON.stringify(value));
  } catch (error) {
    console.warn(error);
  }
}
