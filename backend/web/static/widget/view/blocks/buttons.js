/** Choices under an answer; the one that was pressed next stays marked. */
import { el } from "../../dom.js";
import S from "../../strings.ko.js";
import { action } from "./action.js";

export function buttons(block, message, context) {
  const made = (block.buttons ?? []).map((button) => [button, action(button, context)]).filter(([, node]) => node);
  if (!made.length) return null;
  markPicked(made, message, context);
  return el("div", { class: "actions", role: "group", "aria-label": S.blocks.buttons }, made.map(([, node]) => node));
}

/** Marks the button whose payload was the first thing said after this message. */
export function markPicked(made, message, context) {
  const update = () => {
    const said = context.store.saidAfter(message)[0];
    for (const [button, node] of made) {
      const picked = Boolean(button.payload) && said?.payload === button.payload && said.delivery !== "failed";
      node.classList.toggle("picked", picked);
      if (picked) node.setAttribute("aria-description", S.blocks.picked);
      else node.removeAttribute("aria-description");
    }
  };
  update();
  context.onChange(message, update);
}
