/** A day: quick choices first, the browser's own calendar for the rest. Closed once anything was answered. */
import { el } from "../../dom.js";
import { calendarDay } from "../../format.js";
import S from "../../strings.ko.js";

let count = 0;

export function datePicker(block, message, context) {
  const id = `date-${(count += 1)}`;
  const pick = (day, title) => context.press(title ?? calendarDay(day), (block.payload ?? "").replaceAll("$DATE", day));
  const quick = (block.quick ?? []).map(({ title, date }) =>
    el("button", { type: "button", class: "chip", testid: "date-quick", "data-date": date, on: { click: () => pick(date) } }, el("span", { text: title }), el("small", { text: calendarDay(date) })),
  );
  const input = el("input", { type: "date", id, class: "date-input", min: block.min, max: block.max, required: true, testid: "date-input" });
  const wrong = el("p", { class: "field-error", role: "alert", hidden: true, text: S.blocks.dateOutside });
  const submit = el("button", { type: "submit", class: "act primary", testid: "date-submit", text: S.blocks.dateSubmit });
  const send = (event) => {
    event.preventDefault();
    wrong.hidden = input.validity.valid;
    if (input.validity.valid) pick(input.value);
  };
  const root = el(
    "form",
    { class: "card date-picker", novalidate: true, on: { submit: send } },
    block.title ? el("label", { class: "card-title", for: id, text: block.title }) : el("label", { class: "sr-only", for: id, text: S.blocks.dateLabel }),
    quick.length ? el("div", { class: "chips" }, quick) : null,
    el("div", { class: "date-row" }, input, submit),
    wrong,
  );
  const close = () => {
    const answered = context.store.saidAfter(message).some((said) => said.delivery !== "failed");
    for (const control of [...quick, input, submit]) control.disabled = answered;
    root.toggleAttribute("data-closed", answered);
  };
  close();
  context.onChange(message, close);
  return root;
}
