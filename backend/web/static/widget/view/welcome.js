/** What an empty conversation shows: what this is for, and sentences to start with. */
import { el } from "../dom.js";
import S from "../strings.ko.js";

export class Welcome {
  constructor({ store, say }) {
    this.store = store;
    this.title = el("h3", { class: "welcome-title" });
    this.root = el(
      "section",
      { class: "welcome", hidden: true, testid: "welcome" },
      el("span", { class: "mark large", "aria-hidden": "true" }, el("span", { class: "mark-dot" })),
      this.title,
      el("p", { class: "welcome-lead", text: S.welcome.lead }),
      el(
        "div",
        { class: "chips", role: "group", "aria-label": S.welcome.chips },
        S.starters.map((text) => el("button", { type: "button", class: "chip", testid: "starter", text, on: { click: () => say(text) } })),
      ),
    );
    for (const type of ["loaded", "message", "reset", "dropped"]) store.addEventListener(type, () => this.render());
  }

  render() {
    this.title.textContent = S.welcome.title(this.store.shop?.name);
    this.root.hidden = !this.store.loaded || this.store.messages.length > 0;
  }
}
