/** Three dots while an answer is on its way; outside the log, so that it is announced once and leaves no trace. */
import { el } from "../dom.js";
import S from "../strings.ko.js";

export class Typing {
  constructor({ store, shown }) {
    this.store = store;
    this.shown = shown;
    this.label = el("span", { class: "sr-only" });
    this.root = el(
      "div",
      { class: "typing", role: "status", hidden: true, testid: "typing" },
      el("span", { class: "avatar", "aria-hidden": "true" }),
      el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
      this.label,
    );
    for (const type of ["typing", "busy", "conversation", "message"]) store.addEventListener(type, () => this.render());
  }

  /** The bot is at work while a message of ours is on its way and nobody else has taken over. */
  get who() {
    if (this.store.typing) return this.store.typing;
    const botAnswers = ["pending", "resolved"].includes(this.store.conversation?.state);
    return this.store.busy && botAnswers ? "bot" : null;
  }

  render() {
    const who = this.who;
    if (this.root.hidden === !who && this.root.dataset.who === (who ?? "")) return;
    this.root.hidden = !who;
    this.root.dataset.who = who ?? "";
    this.label.textContent = who ? S.typing[who] : "";
    if (who) this.shown();
  }
}
