import { el, icon } from "../../dom.js";
import { richText } from "../richtext.js";

const TONES = new Set(["info", "warn", "bad"]);

export function notice(block, message, context) {
  const tone = TONES.has(block.tone) ? block.tone : "info";
  if (message.author === "system" && tone === "info") return el("div", { class: "system-line" }, richText(block.text, context.base));
  return el("div", { class: "notice", "data-tone": tone, role: tone === "bad" ? "alert" : "note" }, icon(tone), el("span", {}, richText(block.text, context.base)));
}
