// The few words of the page itself, in English and Chinese.

const WORDS = {
  en: {
    actingAs: "You are", choosePerson: "Choose who you are", search: "Search", searchPeople: "Name, role or group",
    searchChats: "Chat or person", allChats: "All chats", openChat: "Open a chat", recent: "Recent", members: "Members",
    memberCount: "{n} members", privateChat: "private chat with {bot}", bot: "bot", you: "you",
    message: "Message as {name}", send: "Send", attach: "Attach a file", reply: "Reply", replyTo: "Reply to {name}",
    react: "React with 👍", cancel: "Cancel", close: "Close", closeChat: "Close this chat", menu: "Menu", edited: "edited",
    start: "START", startHint: "{name} has not started the bot yet: it cannot write to them.",
    block: "Block the bot", unblock: "Unblock the bot", blockedHint: "{name} has blocked the bot.",
    notMember: "{name} is not in this group. Write as", moreMembers: "more …", pressAs: "Press as whom?",
    reactAs: "React as whom?", noMessages: "No messages yet", deletedAccount: "Deleted account", photo: "Photo",
    joined: "{who} joined", added: "{by} added {who}", left: "{who} left", removed: "{by} removed {who}",
    renamed: "{by} named the group “{title}”", pinnedBy: "{by} pinned a message", migrated: "The group became a supergroup",
    service: "Service message", contact: "Contact", location: "Location", forwarded: "Forwarded from {name}",
    pinned: "Pinned message", newest: "To the newest message", unread: "{n} unread", offline: "Connection lost, trying again …",
    noAnswer: "The bot has not answered this press", nobody: "Nobody found", found: "{n} found, the first {m} shown",
    showAll: "Show all {n}", deletedMessage: "Deleted message", join: "Join as {name}", leave: "{name} leaves",
    goChat: "Show the chat", guideHide: "Hide the guide", guideShow: "Guide", guide: "Guide", chats: "Chats", today: "Today",
    commands: "Commands", other: "中文", otherLabel: "切换到中文", ok: "OK", actAs: "Act as {name}", shareContact: "Shares your phone number",
    messagesOf: "Messages of {title}", loadFailed: "The chats could not be loaded: {why}", acting: "acting", photoName: "Photo {name}",
  },
  zh: {
    actingAs: "当前身份", choosePerson: "选择您的身份", search: "搜索", searchPeople: "姓名、角色或群名",
    searchChats: "群名或姓名", allChats: "全部会话", openChat: "打开会话", recent: "最近使用", members: "成员",
    memberCount: "{n} 位成员", privateChat: "与{bot}的私聊", bot: "机器人", you: "我",
    message: "以{name}的身份发言", send: "发送", attach: "发送文件", reply: "回复", replyTo: "回复{name}",
    react: "回应 👍", cancel: "取消", close: "关闭", closeChat: "收起此会话", menu: "菜单", edited: "已编辑",
    start: "开始", startHint: "{name}尚未启用机器人，机器人无法主动发消息。",
    block: "屏蔽机器人", unblock: "解除屏蔽", blockedHint: "{name}已屏蔽机器人。",
    notMember: "{name}不在本群。改用以下身份发言", moreMembers: "更多…", pressAs: "以谁的身份点击？",
    reactAs: "以谁的身份回应？", noMessages: "暂无消息", deletedAccount: "已注销账号", photo: "图片",
    joined: "{who} 加入了群聊", added: "{by} 邀请 {who} 加入了群聊", left: "{who} 退出了群聊", removed: "{by} 将 {who} 移出了群聊",
    renamed: "{by} 将群名改为“{title}”", pinnedBy: "{by} 置顶了一条消息", migrated: "本群已升级为超级群组",
    service: "系统消息", contact: "联系人", location: "位置", forwarded: "转发自 {name}",
    pinned: "置顶消息", newest: "回到最新消息", unread: "{n} 条未读", offline: "连接已断开，正在重连…",
    noAnswer: "机器人尚未回应本次点击", nobody: "未找到", found: "共 {n} 项，显示前 {m} 项",
    showAll: "显示全部 {n} 人", deletedMessage: "消息已删除", join: "以{name}的身份入群", leave: "{name}退群",
    goChat: "查看会话", guideHide: "收起指引", guideShow: "指引", guide: "指引", chats: "会话", today: "今天",
    commands: "命令", other: "EN", otherLabel: "Switch to English", ok: "确定", actAs: "切换为{name}", shareContact: "将发送您的手机号",
    messagesOf: "{title}的消息", loadFailed: "会话加载失败：{why}", acting: "当前", photoName: "图片 {name}",
  },
};

let language = "en";

/// The language asked for in the address, else that of the title, else the browser's.
export function chooseLanguage(title) {
  const asked = new URLSearchParams(location.search).get("lang");
  const first = asked || (/\p{Script=Han}/u.test(title) ? "zh" : navigator.language || "en");
  language = first.toLowerCase().startsWith("zh") ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function isChinese() {
  return language === "zh";
}

/// `zh-CN` or `en`.
export function locale() {
  return language === "zh" ? "zh-CN" : "en";
}

/// Words by key, with `{name}` filled in.
export function t(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/// Words of the embedding program: a text, or one per language as `{"en": …, "zh-CN": …}`.
export function localised(words) {
  if (words === null || words === undefined) return "";
  if (typeof words !== "object") return String(words);
  return String(words[locale()] ?? words[language] ?? words.en ?? Object.values(words)[0] ?? "");
}

/// The address of this page in the other language.
export function otherLanguage() {
  const address = new URL(location.href);
  address.searchParams.set("lang", language === "zh" ? "en" : "zh-CN");
  return address.href;
}
