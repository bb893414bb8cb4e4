import { el } from "../../dom.js";
import { richText } from "../richtext.js";

export function text(block, message, context) {
  if (!block.text) return null;
  return el("div", { class: message.author === "system" ? "system-line" : "bubble" }, richText(block.text, context.base));
}
