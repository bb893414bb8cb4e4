/** The last look before something really changes: effects, the change itself, whether it can be undone, yes and no. */
import { el, icon } from "../../dom.js";
import { clockTime } from "../../format.js";
import S from "../../strings.ko.js";
import { richText } from "../richtext.js";
import { action } from "./action.js";
import { changes } from "./diff.js";

const FIRST = 2; // the question and its buttons stay on one screen

const ENDS = {
  working: ["muted", null],
  executed: ["ok", "check"],
  discarded: ["muted", "close"],
  stale: ["warn", "warn"],
  superseded: ["muted", "info"],
  expired: ["muted", "info"],
};

function undoNote(block) {
  const words = block.note || (block.undoable ? S.confirm.undoable : S.confirm.notUndoable);
  return el("p", { class: "undo-note", "data-undoable": String(Boolean(block.undoable)) }, icon(block.undoable ? "undo" : "warn"), el("span", {}, words));
}

export function confirm(block, message, context) {
  const choices = (block.buttons ?? []).map((button) => action(button, context)).filter(Boolean);
  const bar = el("div", { class: "actions stretch", role: "group", "aria-label": S.confirm.label }, choices);
  const outcome = el("p", { class: "outcome", testid: "confirm-outcome", role: "status", hidden: true });
  const until = block.expires_at ? el("p", { class: "until", text: S.confirm.until(clockTime(block.expires_at)) }) : null;
  const root = el(
    "section",
    { class: "card confirm", "aria-label": `${S.confirm.label}: ${block.title}`, "data-plan": block.plan_id },
    el("p", { class: "eyebrow", text: S.confirm.label }),
    el("h4", { class: "card-title", text: block.title }),
    block.effects?.length ? el("ul", { class: "effects", "aria-label": S.confirm.effects }, block.effects.map((line) => el("li", {}, richText(line, context.base)))) : null,
    block.diff ? changes({ ...block.diff, title: null }, FIRST, context.base) : null,
    undoNote(block),
    bar,
    until,
    outcome,
  );

  const show = () => {
    const { standing, choice } = context.plans.standing(block, message);
    const open = standing === "open";
    root.dataset.standing = standing;
    bar.hidden = !open;
    if (until) until.hidden = !open;
    for (const node of choices) node.setAttribute("aria-disabled", String(!open));
    outcome.hidden = open;
    if (open) return;
    const [tone, mark] = ENDS[standing] ?? ENDS.superseded;
    outcome.dataset.tone = tone;
    const chosen = choice && ["working", "executed", "discarded"].includes(standing) ? el("span", { class: "chosen", text: S.confirm.chosen(choice.title) }) : null;
    outcome.replaceChildren(...[mark && icon(mark), el("strong", { text: S.confirm[standing] ?? S.confirm.superseded }), chosen].filter(Boolean));
  };
  const check = () => {
    show();
    context.plans.refresh(block, show);
  };
  check();
  context.onChange(message, check);
  expire(block, show);
  return root;
}

/** A card left open closes itself when its time is over. */
function expire(block, show) {
  const left = Date.parse(block.expires_at ?? "") - Date.now();
  if (left > 0 && left < 86_400_000) setTimeout(show, left + 500);
}
