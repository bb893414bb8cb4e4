/** A hint for what to type next; choices are sent as ordinary words. The composer shows the label, too. */
import { el } from "../../dom.js";
import S from "../../strings.ko.js";

export function formField(block, message, context) {
  const choices = (block.choices ?? []).map((choice) => {
    const title = typeof choice === "string" ? choice : choice.title;
    return el("button", { type: "button", class: "chip", testid: "choice", text: title, on: { click: () => context.press(title, choice.payload ?? null) } });
  });
  const root = el(
    "div",
    { class: "form-field" },
    el("p", { class: "field-hint" }, el("strong", { text: block.label }), el("span", { text: S.blocks.fieldHint[block.kind] ?? S.blocks.fieldHint.text })),
    choices.length ? el("div", { class: "chips", role: "group", "aria-label": block.label }, choices) : null,
  );
  const close = () => {
    const answered = context.store.saidAfter(message).some((said) => said.delivery !== "failed");
    for (const choice of choices) choice.disabled = answered;
    root.toggleAttribute("data-closed", answered);
  };
  close();
  context.onChange(message, close);
  return root;
}
