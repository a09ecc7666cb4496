// The slim line at the top: what the embedding program says to whoever never read the docs.

import { h, iconButton } from "./dom.js";
import { save, saved, store } from "./store.js";
import { localised, t } from "./words.js";

let shown = "";

/// Shows `hint` and `steps` of the status. A step is a text, or `{text, done, as, chat, write}`: clicking it acts as
/// `as`, opens `chat` and puts `write` into its field.
export function drawGuide(box, goTo) {
  const status = store.status ?? {};
  const hint = localised(status.hint);
  const steps = Array.isArray(status.steps) ? status.steps : [];
  const hidden = saved("guide") === "hidden";
  const now = JSON.stringify([hint, steps, hidden, document.documentElement.lang]);
  if (now === shown) return;
  shown = now;
  box.hidden = !hint && steps.length === 0;
  box.classList.toggle("folded", hidden);
  box.setAttribute("aria-label", t("guide"));
  const toggle = () => {
    save("guide", hidden ? "" : "hidden");
    drawGuide(box, goTo);
  };
  if (hidden) return box.replaceChildren(h("button", { type: "button", class: "ghost", text: t("guideShow"), on: { click: toggle } }));
  box.replaceChildren(
    hint ? h("p", { text: hint }) : null ?? "",
    steps.length ? h("ol", {}, steps.map((step, at) => oneStep(step, at, steps, goTo))) : "",
    iconButton("close", t("guideHide"), toggle));
}

function oneStep(step, at, steps, goTo) {
  const words = localised(typeof step === "object" && step !== null && "text" in step ? step.text : step);
  const done = Boolean(step?.done);
  const next = !done && steps.findIndex((one) => !one?.done) === at && steps.some((one) => typeof one === "object" && "done" in one);
  const number = h("i", { text: done ? "✓" : String(at + 1), "aria-hidden": "true" });
  const goes = step?.as || step?.chat || step?.write;
  const inside = goes
    ? h("button", { type: "button", on: { click: () => goTo(step) } }, number, words)
    : h("span", {}, number, words);
  return h("li", { class: [done ? "done" : "", next ? "next" : ""].filter(Boolean).join(" ") }, inside);
}
