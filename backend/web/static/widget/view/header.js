/** Brand, who answers at the moment, and the menu. */
import { el, icon, iconButton } from "../dom.js";
import S from "../strings.ko.js";
import { Menu } from "./menu.js";

/** [tone, sentence] of the conversation as a merchant would put it. */
export function answering({ conversation, connection }) {
  if (connection === "refused") return ["bad", S.state.unavailable];
  if (!conversation) return ["muted", S.state.connecting];
  if (conversation.state === "open") {
    return conversation.agent ? ["agent", S.state.agent(conversation.agent)] : ["warn", S.state.queued];
  }
  if (conversation.state === "snoozed") return ["warn", S.state.snoozed];
  if (conversation.state === "resolved") return ["muted", S.state.resolved];
  return ["ok", S.state.pending];
}

export class Header {
  constructor({ store, close, wide, actions }) {
    this.store = store;
    this.state = el("span", { class: "state", testid: "conversation-state", role: "status" });
    this.menu = new Menu(actions);
    this.wideButton = iconButton("wide", S.header.wide, () => this.setWide(wide.toggle()), { class: "icon-button wide-toggle", testid: "wide" });
    this.wideButton.append(icon("narrow"));
    this.root = el(
      "header",
      { class: "header" },
      el("span", { class: "mark", "aria-hidden": "true" }, el("span", { class: "mark-dot" })),
      el("div", { class: "header-text" }, el("h2", { class: "brand", text: S.brand }), this.state),
      el("div", { class: "header-actions" }, this.menu.root, this.wideButton, iconButton("down", S.header.close, close, { testid: "close" })),
    );
    this.setWide(wide.on);
    for (const type of ["conversation", "connection", "session"]) store.addEventListener(type, () => this.render());
    this.render();
  }

  setWide(on) {
    const label = on ? S.header.narrow : S.header.wide;
    this.wideButton.setAttribute("aria-label", label);
    this.wideButton.title = label;
  }

  render() {
    const [tone, text] = answering(this.store);
    this.state.dataset.tone = tone;
    this.state.dataset.state = this.store.conversation?.state ?? "";
    if (this.state.textContent !== text) this.state.textContent = text;
  }
}
