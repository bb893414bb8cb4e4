/** One line above the composer when messages cannot get through. */
import { el, icon } from "../dom.js";
import S from "../strings.ko.js";

const TEXT = { offline: S.banner.offline, reconnecting: S.banner.reconnecting, refused: S.banner.signIn };

export class Banner {
  constructor({ store, retry }) {
    this.store = store;
    this.text = el("span");
    this.retry = el("button", { type: "button", class: "link-button", text: S.banner.retry, on: { click: retry } });
    this.root = el("div", { class: "banner", role: "status", hidden: true, testid: "banner" }, icon("warn"), this.text, this.retry);
    store.addEventListener("connection", () => this.render());
    this.render();
  }

  render() {
    const { connection } = this.store;
    this.root.hidden = !(connection in TEXT);
    this.root.dataset.connection = connection;
    this.text.textContent = TEXT[connection] ?? "";
    this.retry.hidden = connection === "offline";
  }
}
