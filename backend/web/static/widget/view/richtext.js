/** Plain text with **bold** and web addresses, built from text nodes. */
import { el } from "../dom.js";
import { safeLink } from "../links.js";

const PIECE = /\*\*([^*\n]+)\*\*|(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,!?])/g;

export function richText(text, base) {
  const pieces = [];
  let from = 0;
  for (const match of String(text ?? "").matchAll(PIECE)) {
    pieces.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    const link = match[2] && safeLink(match[2], base);
    if (match[1]) pieces.push(el("strong", { text: match[1] }));
    else if (link) pieces.push(el("a", { href: link.href, target: "_blank", rel: "noopener noreferrer", text: match[2] }));
    else pieces.push(match[0]);
  }
  pieces.push(String(text ?? "").slice(from));
  return pieces.filter((piece) => piece !== "");
}
