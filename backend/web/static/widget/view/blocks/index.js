/** One renderer a block type: (block, message, context) → element. Adding a type is one file and one line here. */
import { el } from "../../dom.js";
import { buttons } from "./buttons.js";
import { card } from "./card.js";
import { cards } from "./cards.js";
import { confirm } from "./confirm.js";
import { datePicker } from "./date_picker.js";
import { diff } from "./diff.js";
import { formField } from "./form_field.js";
import { notice } from "./notice.js";
import { rating } from "./rating.js";
import { table } from "./table.js";
import { text } from "./text.js";

const RENDERERS = { text, buttons, card, cards, table, diff, confirm, date_picker: datePicker, form_field: formField, rating, notice };

/** A type this version does not know shows its text, if it has one. */
export function renderBlock(block, message, context) {
  const known = RENDERERS[block.type];
  const node = known ? known(block, message, context) : fallback(block, message, context);
  if (node) node.dataset.testid = `block-${block.type}`;
  return node;
}

function fallback(block, message, context) {
  const words = block.text ?? block.title;
  return words ? text({ text: words }, message, context) : el("span", { hidden: true });
}
