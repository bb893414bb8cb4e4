/** One to five stars, given once. */
import { el, icon } from "../../dom.js";
import S from "../../strings.ko.js";
import { readPayload } from "../../plans.js";

const SCORES = [1, 2, 3, 4, 5];

export function rating(block, message, context) {
  const name = readPayload(block.payload)?.name;
  const done = el("p", { class: "field-hint", role: "status", hidden: true });
  const press = (score) => context.press(S.blocks.rating(score), (block.payload ?? "").replaceAll("$N", String(score)));
  const stars = SCORES.map((score) =>
    el("button", { type: "button", class: "star", "aria-label": S.blocks.rating(score), testid: "star", "data-score": score, on: { click: () => press(score) } }, icon("star")),
  );
  const light = (upTo) => stars.forEach((star, at) => star.classList.toggle("lit", at < upTo));
  const bar = el("div", { class: "stars", role: "group", "aria-label": block.title }, stars);
  const show = () => {
    const given = context.store.saidAfter(message).find((said) => readPayload(said.payload)?.name === name && said.delivery !== "failed");
    const score = given ? Number(readPayload(given.payload).data.rating) : 0;
    light(score);
    for (const star of stars) star.disabled = Boolean(given);
    done.hidden = !given;
    done.textContent = given ? S.blocks.rated(score) : "";
  };
  stars.forEach((star, at) => {
    for (const type of ["pointerenter", "focus"]) star.addEventListener(type, () => star.disabled || light(at + 1));
  });
  for (const type of ["pointerleave", "focusout"]) bar.addEventListener(type, show);
  show();
  context.onChange(message, show);
  return el("section", { class: "card rating", "aria-label": block.title }, el("h4", { class: "card-title", text: block.title }), bar, done);
}
