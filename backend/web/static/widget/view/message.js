/** One message: who, what, when, and for one's own whether it has arrived. */
import { el, hiddenText } from "../dom.js";
import { clockTime, dayKey, dayName } from "../format.js";
import S from "../strings.ko.js";
import { renderBlock } from "./blocks/index.js";
import { richText } from "./richtext.js";

const CLOSE_MS = 180_000;

export class MessageView {
  constructor(message, context) {
    this.message = message;
    this.context = context;
    this.day = el("div", { class: "day", hidden: true });
    this.name = el("span", { class: "name", text: message.author_name || S.authors[message.author] });
    this.content = el("div", { class: "content" });
    this.foot = el("div", { class: "foot" });
    const theirs = message.author === "bot" || message.author === "agent";
    this.body = el(
      "div",
      { class: "message", testid: "message", "data-author": message.author },
      theirs ? el("span", { class: "avatar", "aria-hidden": "true", text: message.author === "agent" ? this.name.textContent.slice(0, 1) : null }) : null,
      el("div", { class: "column" }, message.author === "member" || message.author === "system" ? hiddenText(this.name.textContent) : this.name, this.content, this.foot),
    );
    this.root = el("div", { class: "entry" }, this.day, this.body);
    this.#fill();
    this.update();
  }

  #fill() {
    const { message, context } = this;
    const blocks = message.blocks?.length ? message.blocks : [{ type: "text", text: message.text }];
    if (message.author === "member") this.content.append(el("div", { class: "bubble" }, richText(message.text, context.base)));
    else this.content.append(...blocks.map((block) => renderBlock(block, message, context)).filter(Boolean));
  }

  /** Only what can change after the message was shown: its number and its delivery. */
  update() {
    const { message, body } = this;
    body.dataset.seq = message.seq ?? "";
    body.dataset.delivery = message.delivery ?? "sent";
    this.foot.replaceChildren(...this.#footer());
  }

  #footer() {
    const { message, context } = this;
    const { delivery, client_id } = message;
    const time = el("time", { datetime: message.created_at, text: clockTime(message.created_at) });
    if (delivery === "failed") {
      return [
        el("span", { class: "failed", role: "alert", text: S.delivery.failed }),
        el("button", { type: "button", class: "link-button", testid: "retry", text: S.delivery.retry, on: { click: () => context.outbox.retry(client_id) } }),
        el("button", { type: "button", class: "link-button", testid: "discard", text: S.delivery.drop, on: { click: () => context.outbox.discard(client_id) } }),
      ];
    }
    if (delivery === "sending" || delivery === "queued") return [el("span", { text: S.delivery[delivery] })];
    return [time];
  }

  /** Same author within three minutes: one name, one avatar, one time for the group. */
  place(previous, next) {
    const newDay = !previous || dayKey(previous.message.created_at) !== dayKey(this.message.created_at);
    this.day.hidden = !newDay;
    this.day.textContent = newDay ? dayName(this.message.created_at) : "";
    this.body.classList.toggle("follows", !newDay && together(previous, this));
    this.body.classList.toggle("followed", Boolean(next) && together(this, next));
  }
}

function together(one, two) {
  const [a, b] = [one.message, two.message];
  return (
    a.author === b.author &&
    a.author_name === b.author_name &&
    (a.delivery ?? "sent") === "sent" &&
    Date.parse(b.created_at) - Date.parse(a.created_at) < CLOSE_MS
  );
}
