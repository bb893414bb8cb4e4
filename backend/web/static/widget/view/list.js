/** The log: messages in order, older ones on scrolling up, and no jump while one reads. */
import { el, icon } from "../dom.js";
import { order } from "../store.js";
import S from "../strings.ko.js";
import { MessageView } from "./message.js";

const NEAR = 80;

export class MessageList {
  /** extras: {before: [nodes above the log], after: [nodes below]}; loadOlder() resolves when a page is in. */
  constructor({ store, context, loadOlder, seen, before = [], after = [] }) {
    Object.assign(this, { store, context, loadOlder, seen });
    this.views = new Map();
    this.older = el("button", { type: "button", class: "older", hidden: true, testid: "older", text: S.list.older, on: { click: () => this.#pageUp() } });
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": S.log, testid: "log" });
    this.scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": S.log, testid: "scroll", on: { scroll: () => this.#scrolled() } }, this.older, before, this.log, after);
    this.jump = el("button", { type: "button", class: "jump", hidden: true, testid: "jump", on: { click: () => this.toBottom(true) } }, icon("down"), el("span", { text: S.list.newMessages }));
    this.root = el("div", { class: "list" }, this.scroll, this.jump);
    this.stuck = true; // at the bottom, and staying there
    this.following = true; // the newest message is in sight
    store.addEventListener("message", ({ detail }) => this.#upsert(detail));
    store.addEventListener("dropped", ({ detail }) => this.#drop(detail.message));
    store.addEventListener("reset", () => this.#clear());
    store.addEventListener("loaded", () => this.#loaded());
    store.addEventListener("busy", () => this.log.toggleAttribute("data-busy", store.busy));
    this.log.addEventListener("click", (event) => event.target.closest("[aria-expanded]") && this.#letGo(), true); // unfolding must not scroll
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.scroll);
    new ResizeObserver(() => this.stuck && this.toBottom(true)).observe(this.log);
  }

  #clear() {
    this.views.clear();
    this.log.replaceChildren();
  }

  #drop(message) {
    this.views.get(message.key)?.root.remove();
    this.views.delete(message.key);
  }

  #upsert({ message, added, history }) {
    let view = this.views.get(message.key);
    if (view) view.update();
    else {
      view = new MessageView(message, this.context);
      this.views.set(message.key, view);
    }
    this.#insert(view);
    if (added && !history) this.#arrived(view);
  }

  /** Most messages belong at the end; a late or numbered one moves to its place. */
  #insert(view) {
    const all = this.store.messages;
    const at = all.indexOf(view.message);
    const next = all.slice(at + 1).map((other) => this.views.get(other.key)).find(Boolean) ?? null;
    if (view.root.parentNode !== this.log || view.root.nextSibling !== (next?.root ?? null)) {
      this.log.insertBefore(view.root, next?.root ?? null);
    }
    for (const index of [at - 1, at, at + 1]) this.#place(index);
  }

  #place(index) {
    const view = (at) => this.views.get(this.store.messages[at]?.key);
    view(index)?.place(view(index - 1), view(index + 1));
  }

  #arrived(view) {
    const mine = view.message.author === "member";
    if (mine && order(view.message) > 1e13) this.toBottom(true);
    else if (this.stuck) this.#reveal(view.root);
    else if (!mine) this.#missed();
    this.seen();
  }

  #letGo() {
    this.stuck = false;
  }

  #missed() {
    this.following = false;
    this.jump.hidden = false;
  }

  /** The bottom, or the top of an answer too long for the window. */
  #reveal(node) {
    const { scroll } = this;
    if (node.offsetHeight < scroll.clientHeight - 24) return this.toBottom(true);
    const top = scroll.scrollTop + node.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 12;
    this.stuck = false;
    scroll.scrollTo({ top, behavior: this.#behavior() });
    return undefined;
  }

  #behavior() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  }

  toBottom(smooth = false) {
    this.#arriveAtBottom();
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? this.#behavior() : "auto" });
  }

  #arriveAtBottom() {
    this.stuck = true;
    this.following = true;
    this.jump.hidden = true;
  }

  get atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #scrolled() {
    if (this.atBottom) {
      this.#arriveAtBottom();
      this.seen();
    } else if (this.scroll.scrollTop < this.lastTop) {
      this.stuck = false; // only a person scrolls up
      this.following = false;
    }
    this.lastTop = this.scroll.scrollTop;
    if (this.scroll.scrollTop < NEAR && this.store.hasOlder) this.#pageUp();
  }

  #loaded() {
    this.older.hidden = !this.store.hasOlder;
    this.toBottom();
  }

  async #pageUp() {
    if (this.paging) return;
    this.paging = true;
    this.log.setAttribute("aria-live", "off"); // old messages are not news
    this.older.textContent = S.list.loading;
    const before = this.scroll.scrollHeight - this.scroll.scrollTop;
    try {
      await this.loadOlder();
      this.scroll.scrollTop = this.scroll.scrollHeight - before;
    } catch {
      // the button stays, to try again
    } finally {
      this.older.textContent = S.list.older;
      this.older.hidden = !this.store.hasOlder;
      this.paging = false;
      setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500);
    }
  }
}
