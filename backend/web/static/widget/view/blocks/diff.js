/** What changes, thing by thing: before and after, with the differing words marked. */
import { el } from "../../dom.js";
import { safeLink } from "../../links.js";
import S from "../../strings.ko.js";
import { wordsChanged } from "./words_changed.js";

const FIRST = 4;

const isEmpty = (value) => value === null || value === undefined || value === "";

/** The picture itself, opened in full by a press; its size stands beside it in words. */
function picture(href, words, base) {
  const link = href ? safeLink(href, base) : null;
  if (!link) return null;
  const image = el("img", { src: link.href, alt: words, class: "side-picture", loading: "lazy", testid: "diff-picture" });
  return el("a", { class: "picture-link", href: link.href, target: "_blank", rel: "noopener noreferrer" }, image);
}

function side(kind, pieces, empty, shown) {
  const marked = pieces.map(([text, changed]) => (changed ? el(kind === "before" ? "del" : "ins", { text }) : text));
  return el(
    "div",
    { class: `side ${kind}` },
    el("span", { class: "side-name", text: S.blocks[kind] }),
    el("span", { class: empty ? "side-value none" : "side-value" }, shown, empty ? S.blocks.empty : marked),
  );
}

function change(row, base) {
  const [before, after] = [row.before, row.after].map((value) => (isEmpty(value) ? "" : String(value)));
  const pictured = row.before_image || row.after_image;
  const [left, right] = pictured ? [[[before, false]], [[after, false]]] : wordsChanged(before, after);
  return el(
    "li",
    { class: "change", testid: "diff-row" },
    el("div", { class: "change-head" }, el("span", { class: "change-label", text: row.label }), row.field ? el("span", { class: "change-field", text: row.field }) : null),
    el(
      "div",
      { class: pictured ? "sides pictures" : "sides" },
      side("before", left, isEmpty(row.before), picture(row.before_image, before, base)),
      side("after", right, isEmpty(row.after), picture(row.after_image, after, base)),
    ),
  );
}

export const diff = (block, message, context) => changes(block, FIRST, context.base);

/** The first `first` changes; the rest unfolds. */
export function changes(block, first, base) {
  const rows = (block.rows ?? []).map((row) => change(row, base));
  const rest = rows.slice(first);
  const list = el("ul", { class: "changes" }, rows);
  const more = block.more ? el("p", { class: "more", text: block.more }) : null;
  const toggle = el("button", { type: "button", class: "link-button fold", testid: "diff-more" });
  const fold = (folded) => {
    for (const row of rest) row.hidden = folded;
    if (more) more.hidden = folded && rest.length > 0;
    toggle.textContent = folded ? S.blocks.showMore(rest.length) : S.blocks.showLess;
    toggle.setAttribute("aria-expanded", String(!folded));
  };
  toggle.addEventListener("click", () => fold(toggle.getAttribute("aria-expanded") === "true"));
  fold(true);
  return el(
    "figure",
    { class: "frame", "aria-label": block.title ?? S.blocks.diff },
    block.title ? el("figcaption", { class: "frame-title", text: block.title }) : null,
    list,
    rest.length ? toggle : null,
    more,
  );
}
