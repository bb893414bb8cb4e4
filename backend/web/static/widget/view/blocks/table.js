/** A table that scrolls sideways inside its frame; columns of numbers line up on the right. */
import { el } from "../../dom.js";
import S from "../../strings.ko.js";

const NUMBER = new RegExp(`^[-−+]?[\\d,.]+\\s?(${S.units.join("|")})?$`);

export function table(block) {
  const rows = block.rows ?? [];
  const columns = block.columns ?? [];
  const numeric = columns.map((_, at) => rows.length > 0 && rows.every((row) => NUMBER.test(String(row[at] ?? "").trim())));
  const cell = (tag, value, at, props = {}) => el(tag, { class: numeric[at] ? "number" : null, text: value ?? "", ...props });
  return el(
    "figure",
    { class: "frame" },
    block.title ? el("figcaption", { class: "frame-title", text: block.title }) : null,
    el(
      "div",
      { class: "sideways", tabindex: "0", role: "region", "aria-label": block.title ?? S.blocks.table },
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, columns.map((name, at) => cell("th", name, at, { scope: "col" })))),
        el("tbody", {}, rows.map((row) => el("tr", {}, row.map((value, at) => cell("td", value, at))))),
      ),
    ),
    block.more ? el("p", { class: "more", text: block.more }) : null,
  );
}
