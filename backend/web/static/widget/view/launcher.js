/** The round button at the corner, its unread badge, and a peek at what arrived while the panel is closed. */
import { el, icon, iconButton } from "../dom.js";
import S from "../strings.ko.js";

export class Launcher {
  constructor({ store, toggle }) {
    this.store = store;
    this.badge = el("span", { class: "badge", hidden: true, testid: "unread-badge", "aria-hidden": "true" });
    this.button = el(
      "button",
      { type: "button", class: "launcher", testid: "launcher", "aria-expanded": "false", "aria-controls": "panel", on: { click: toggle } },
      icon("chat"),
      icon("down"),
      this.badge,
    );
    this.peekText = el("span", { class: "peek-text" });
    this.peekName = el("strong", { class: "peek-name" });
    this.peek = el(
      "div",
      { class: "peek", hidden: true, testid: "peek" },
      el("button", { type: "button", class: "peek-open", on: { click: toggle } }, this.peekName, this.peekText),
      iconButton("close", S.launcher.dismiss, () => this.hidePeek(), { class: "icon-button peek-close" }),
    );
    this.status = el("span", { class: "sr-only", role: "status" });
    this.root = el("div", { class: "launcher-wrap" }, this.peek, this.button, this.status);
    store.addEventListener("unread", () => this.render());
    this.open = false;
    this.render();
  }

  setOpen(open) {
    this.open = open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.hidePeek();
    this.render();
  }

  render() {
    const { unread } = this.store;
    const shown = !this.open && unread > 0;
    this.badge.hidden = !shown;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    const label = this.open ? S.launcher.close : S.launcher.open;
    this.button.setAttribute("aria-label", shown ? `${label}, ${S.launcher.unread(unread)}` : label);
    this.status.textContent = shown ? S.launcher.unread(unread) : "";
    if (!unread) this.hidePeek();
  }

  /** A message that arrived while nobody was looking. */
  showPeek(message) {
    const text = message.text || (message.blocks ?? []).map((block) => block.text ?? block.title).find(Boolean);
    if (this.open || !text) return;
    const name = message.author_name || S.authors[message.author];
    this.peekName.textContent = name;
    this.peekText.textContent = text.replaceAll("**", "");
    this.peek.firstElementChild.setAttribute("aria-label", S.launcher.peek(name));
    this.peek.hidden = false;
  }

  hidePeek() {
    this.peek.hidden = true;
  }
}
