// Building elements. Text from data is always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  send: "M3 20.5 21.5 12 3 3.5v6.6l12 1.9-12 1.9z",
  clip: "M16.5 6.5v9.8a4.5 4.5 0 0 1-9 0V5.8a3 3 0 0 1 6 0v9.9a1.5 1.5 0 0 1-3 0V6.5H9v9.2a3 3 0 0 0 6 0V5.8a4.5 4.5 0 0 0-9 0v10.5a6 6 0 0 0 12 0V6.5z",
  reply: "M10 8.5V4L2.5 11.5 10 19v-4.6c5 0 8.6 1.6 11.2 5.1-1-5.1-4-10-11.2-11z",
  close: "M18.4 7 17 5.6l-5 5-5-5L5.6 7l5 5-5 5L7 18.4l5-5 5 5 1.4-1.4-5-5z",
  more: "M12 7.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6m0 2.7a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6m0 6.3a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6",
  search: "m20.3 18.9-4.7-4.7a6.9 6.9 0 1 0-1.4 1.4l4.7 4.7zM5.1 10a4.9 4.9 0 1 1 9.8 0 4.9 4.9 0 0 1-9.8 0",
  down: "M12 16 5.3 9.3l1.4-1.4 5.3 5.3 5.3-5.3 1.4 1.4z",
  file: "M6 2.5h8l5 5v14H6zm7.2 1.8v4h4",
  thumb: "M2 10h4v11H2zm20 1.2a2 2 0 0 0-2-2h-6.1l.9-4.5.1-.4c0-.4-.2-.8-.5-1.1L13.4 2 7.6 8.1c-.4.4-.6.9-.6 1.4v9.5a2 2 0 0 0 2 2h8.5c.8 0 1.5-.5 1.8-1.2l2.6-6.6q.1-.3.1-.7z",
  pin: "M15.5 3 21 8.5l-2 .8-3.3 3.4.2 4.3-1.6 1.5-4-4L5 20l-1-1 5.5-5.3-4-4L7 8.1l4.3.2L14.7 5z",
  menu: "M4 6h16v2H4zm0 5h16v2H4zm0 5h10v2H4z",
};

/// An element. Properties: `class`, `text`, `on` (listeners), `data` (data-*), anything else is an attribute.
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/// A button that shows only an icon.
export function iconButton(name, label, click, more = "") {
  return h("button", { type: "button", class: `ghost ${more}`, "aria-label": label, title: label, on: { click } }, icon(name));
}

const HAN = /^[\p{Script=Han}]/u;

function initials(name, group) {
  const letters = [...name.trim()];
  if (letters.length === 0) return "?";
  if (HAN.test(name.trim())) return letters.slice(0, group ? 2 : 1).join("");
  const words = name.trim().split(/\s+/);
  const second = words.length > 1 ? [...words[words.length - 1]][0] : "";
  return (letters[0] + second).toUpperCase();
}

/// A stable colour class of an account or chat.
export function colour(id) {
  const number = Math.abs(Number(id)) || 0;
  return `c${(number + Math.floor(number / 8)) % 8}`;
}

/// A round picture with initials.
export function avatar(id, name, more = "") {
  const kind = `avatar ${colour(id)} ${more}`;
  return h("span", { class: kind, text: initials(name || "", Number(id) < 0), "aria-hidden": "true" });
}

/// A modal dialog that removes itself when closed.
export function dialog(kind, label, ...children) {
  const box = h("dialog", { class: kind, "aria-label": label }, ...children);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  document.body.append(box);
  box.showModal();
  return box;
}
