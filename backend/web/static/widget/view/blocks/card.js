import { el } from "../../dom.js";
import { richText } from "../richtext.js";
import { buttons } from "./buttons.js";

const TONES = new Set(["ok", "warn", "bad", "muted"]);

export function card(block, message, context) {
  const badge = block.badge;
  return el(
    "section",
    { class: "card", "aria-label": block.title },
    el(
      "div",
      { class: "card-head" },
      el("div", { class: "card-titles" }, el("h4", { class: "card-title", text: block.title }), block.subtitle ? el("p", { class: "card-subtitle", text: block.subtitle }) : null),
      badge ? el("span", { class: "tag", "data-tone": TONES.has(badge.tone) ? badge.tone : "muted", text: badge.text }) : null,
    ),
    block.rows?.length
      ? el("dl", { class: "rows" }, block.rows.map((row) => el("div", { class: "row" }, el("dt", { text: row.label }), el("dd", {}, richText(row.value, context.base)))))
      : null,
    block.buttons?.length ? buttons(block, message, context) : null,
  );
}
