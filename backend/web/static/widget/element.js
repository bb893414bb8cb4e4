/** <opstalk-widget>: puts the parts together. Public: open(), close(), toggle(), ask(text, payload?), property isOpen. */
import { Api } from "./api.js";
import { el } from "./dom.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { Plans } from "./plans.js";
import { perTab } from "./storage.js";
import { Store } from "./store.js";
import S from "./strings.ko.js";
import { adoptStyles } from "./styles.js";
import { followScheme, preference } from "./theme.js";
import { Launcher } from "./view/launcher.js";
import { Panel } from "./view/panel.js";
import { fillPhone } from "./viewport.js";

const PAGE = 30;
const TYPING_MS = 12_000;
const TOUCH = window.matchMedia("(pointer: coarse)");

class OpsTalkWidget extends HTMLElement {
  config = null;
  isOpen = false;

  async connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    if (this.config.theme) this.dataset.theme = this.config.theme;
    this.#wire();
    await adoptStyles(root);
    root.append(el("div", { class: "app", lang: "ko" }, this.panel.root, this.launcher.root));
    this.#listen();
    if (perTab.read("open", this.config.open)) this.open({ focus: false });
    this.#connect();
  }

  #wire() {
    this.store = new Store();
    this.api = new Api(this.config, (session) => this.store.openSession(session));
    this.outbox = new Outbox(this.api, this.store, (turn) => this.#turn(turn));
    this.live = new Live(this.api, this.store, (event) => this.#event(event));
    const changes = new Map(); // message → what its blocks do when the conversation moves on
    this.context = {
      base: this.config.base,
      store: this.store,
      outbox: this.outbox,
      plans: new Plans(this.api, this.store),
      press: (text, payload) => this.store.busy || this.outbox.add(text, payload),
      onChange: (message, react) => changes.set(message, [...(changes.get(message) ?? []), react]),
    };
    const moved = () => {
      for (const reactions of changes.values()) for (const react of reactions) react();
    };
    for (const type of ["message", "dropped"]) {
      this.store.addEventListener(type, ({ detail }) => {
        if (detail.history) return;
        clearTimeout(this.moving);
        this.moving = setTimeout(moved); // once for all that arrive together
      });
    }
    this.store.addEventListener("loaded", moved);
    this.store.addEventListener("reset", () => changes.clear());
    this.store.addEventListener("gap", () => this.#fillGap());
    this.store.addEventListener("connection", () => this.store.connection === "online" && this.outbox.flush());
    this.store.addEventListener("unread", () => this.#announce("unread", { unread: this.store.unread }));
    this.#views();
  }

  #views() {
    const wide = preference(this, "wide");
    const largeText = preference(this, "large-text");
    const say = (text, payload) => this.outbox.add(text, payload);
    this.panel = new Panel({
      store: this.store,
      context: this.context,
      say,
      wide,
      close: () => this.close(),
      retry: () => this.#connect(),
      loadOlder: () => this.#loadOlder(),
      seen: () => this.#seen(),
      actions: [
        { key: "handoff", icon: "headset", label: S.menu.handoff, run: () => say(S.menu.handoff, "/handoff_request") },
        { key: "restart", icon: "restart", label: S.menu.restart, run: () => say(S.restartText, "/help") },
        { key: "large-text", icon: "text", label: S.menu.largeText, run: () => largeText.toggle(), checked: () => largeText.on },
      ],
    });
    this.launcher = new Launcher({ store: this.store, toggle: () => this.toggle() });
    this.phone = fillPhone(this, this.panel.root);
  }

  #listen() {
    this.stopScheme = followScheme(this);
    this.shadowRoot.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && this.isOpen) this.close();
    });
    document.addEventListener("visibilitychange", () => this.#seen());
    window.addEventListener("offline", () => this.store.setConnection("offline"));
    window.addEventListener("online", () => this.outbox.flush());
    window.addEventListener("pagehide", () => this.live.stop());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#connect());
  }

  disconnectedCallback() {
    this.live.stop();
    this.phone.stop();
    this.stopScheme?.();
    clearTimeout(this.reconnecting);
  }

  // --- the conversation -------------------------------------------------------------------------------------------

  /** Opens the session, shows the newest page, follows from there; comes back by itself after a network failure. */
  async #connect(failures = 0) {
    clearTimeout(this.reconnecting);
    try {
      await this.api.open();
      if (!this.store.loaded) {
        const { messages, more, conversation } = await this.api.messages({ limit: PAGE });
        this.store.load(messages, more);
        this.store.setConversation(conversation);
        this.outbox.restore();
        this.#announce("ready", { conversation: this.store.conversation });
      }
      this.live.start();
      this.#seen();
    } catch (error) {
      if (!error.status && error.code !== "unreachable") throw error;
      this.store.setConnection(error.passing ? (navigator.onLine ? "reconnecting" : "offline") : "refused");
      if (error.passing) this.reconnecting = setTimeout(() => this.#connect(failures + 1), Math.min(1_000 * 2 ** failures, 30_000));
    }
  }

  async #loadOlder() {
    const { messages, more } = await this.api.messages({ before: this.store.oldestSeq, limit: PAGE });
    this.store.hasOlder = more;
    for (const message of messages) this.store.put(message, true);
  }

  #fillGap() {
    clearTimeout(this.filling);
    this.filling = setTimeout(() => this.store.ahead.size && this.live.catchUp().catch(() => {}), 400);
  }

  #turn({ message, replies = [], conversation }) {
    for (const one of [message, ...replies]) if (one) this.#message(one);
    this.store.setConversation(conversation);
    this.#announce("turn", { message, replies, conversation: this.store.conversation });
    this.#seen();
  }

  #event({ event, data }) {
    if (event === "message") this.#message(data);
    else if (event === "state") {
      const before = this.store.conversation?.state;
      this.store.setConversation(data.conversation ?? data);
      if (this.store.conversation.state !== before) this.#announce("state", { conversation: this.store.conversation });
    } else if (event === "typing") this.#typing(data);
    else if (event === "read") this.store.setUnread(0);
  }

  #message(message) {
    const added = this.store.receive(message);
    if (!added) return;
    if (message.author !== "member" && !this.#watching) {
      this.store.setUnread(this.store.unread + 1);
      this.launcher.showPeek(message);
    }
    this.#announce("message", { message });
  }

  #typing(data) {
    clearTimeout(this.typingTimer);
    const on = data.on ?? data.active ?? data.typing ?? true;
    this.store.setTyping(on ? (data.author ?? "bot") : null);
    if (on) this.typingTimer = setTimeout(() => this.store.setTyping(null), TYPING_MS);
  }

  // --- what the person sees ---------------------------------------------------------------------------------------

  get #watching() {
    return this.isOpen && document.visibilityState === "visible" && this.panel.list.stuck;
  }

  /** Tells the hub and the other tabs that the newest message was on screen. */
  async #seen() {
    const seq = this.store.newestSeq;
    if (!this.#watching || !this.store.loaded || (seq <= (this.readSeq ?? 0) && !this.store.unread)) return;
    this.store.setUnread(0);
    if (seq <= (this.readSeq ?? 0)) return;
    const before = this.readSeq;
    this.readSeq = seq;
    this.live.share("read", { seq });
    try {
      await this.api.read(seq);
    } catch {
      this.readSeq = before; // told again with the next message
    }
  }

  open({ focus = true } = {}) {
    if (this.isOpen) return;
    this.isOpen = true;
    this.panel.root.hidden = false;
    this.toggleAttribute("data-open", true);
    this.launcher.setOpen(true);
    this.phone.apply();
    perTab.write("open", true);
    this.panel.list.toBottom();
    if (focus) TOUCH.matches ? this.panel.root.focus({ preventScroll: true }) : this.panel.composer.focus();
    this.#seen();
    this.#announce("open");
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.panel.root.hidden = true;
    this.toggleAttribute("data-open", false);
    this.launcher.setOpen(false);
    this.phone.apply();
    perTab.write("open", false);
    this.launcher.button.focus({ preventScroll: true });
    this.#announce("close");
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** Opens the panel and says something, e.g. from a button of the page. */
  ask(text, payload = null) {
    this.open();
    this.outbox.add(text, payload);
  }

  #announce(name, detail = {}) {
    window.dispatchEvent(new CustomEvent(`opstalk:${name}`, { detail }));
  }
}

export function define() {
  if (!customElements.get("opstalk-widget")) customElements.define("opstalk-widget", OpsTalkWidget);
}
