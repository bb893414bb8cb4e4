/** <opstalk-widget>: puts the parts together. Public: open(), close(), toggle(), ask(text, payload?), property isOpen. */
import { Conversation, announce } from "./conversation.js";
import { el } from "./dom.js";
import { Plans } from "./plans.js";
import { perTab } from "./storage.js";
import S from "./strings.ko.js";
import { adoptStyles } from "./styles.js";
import { followScheme, preference } from "./theme.js";
import { Launcher } from "./view/launcher.js";
import { Panel } from "./view/panel.js";
import { PHONE, fillPhone } from "./viewport.js";

const TOUCH = window.matchMedia("(pointer: coarse)");

class OpsTalkWidget extends HTMLElement {
  config = null; // see config.js; set before the element enters the page
  isOpen = false;

  async connectedCallback() {
    if (this.shadowRoot || !this.config) return;
    const root = this.attachShadow({ mode: "open" });
    if (this.config.theme) this.dataset.theme = this.config.theme;
    this.conversation = new Conversation(this.config, {
      watching: () => this.isOpen && document.visibilityState === "visible" && this.panel.list.following,
      missed: (message) => this.launcher.showPeek(message),
    });
    this.store = this.conversation.store;
    this.#views();
    await adoptStyles(root);
    root.append(el("div", { class: "app", lang: "ko" }, this.panel.root, this.launcher.root));
    this.#listen();
    // on a phone the panel covers the page: a link pressed in it must show where it leads
    if (!PHONE.matches && perTab.read("open", this.config.open)) this.open({ focus: false });
    this.conversation.connect();
  }

  /** What a block needs to draw itself, act, and follow the conversation. */
  #context() {
    const { store, conversation } = this;
    const reactions = new Map(); // message → what its blocks do when the conversation moves on
    const moved = () => {
      const held = this.shadowRoot.activeElement;
      for (const react of [...reactions.values()].flat()) react();
      if (held && (held.disabled || !held.checkVisibility())) this.#rest(); // the pressed button is gone: do not lose the keyboard
    };
    for (const type of ["message", "dropped"]) {
      store.addEventListener(type, ({ detail }) => {
        if (detail.history) return;
        clearTimeout(this.moving);
        this.moving = setTimeout(moved); // once for all that arrive together
      });
    }
    store.addEventListener("loaded", moved);
    store.addEventListener("reset", () => reactions.clear());
    return {
      base: this.config.base,
      store,
      outbox: conversation.outbox,
      plans: new Plans(conversation.api, store),
      press: (text, payload) => store.busy || conversation.outbox.add(text, payload),
      onChange: (message, react) => reactions.set(message, [...(reactions.get(message) ?? []), react]),
    };
  }

  #views() {
    const { store, conversation } = this;
    const largeText = preference(this, "large-text");
    const say = (text, payload) => conversation.outbox.add(text, payload);
    this.panel = new Panel({
      store,
      context: this.#context(),
      say,
      wide: preference(this, "wide"),
      close: () => this.close(),
      retry: () => conversation.connect(),
      loadOlder: () => conversation.loadOlder(),
      seen: () => conversation.seen(),
      actions: [
        { key: "handoff", icon: "headset", label: S.menu.handoff, run: () => say(S.menu.handoff, "/handoff_request") },
        { key: "restart", icon: "restart", label: S.menu.restart, run: () => say(S.restartText, "/help") },
        { key: "large-text", icon: "text", label: S.menu.largeText, run: () => largeText.toggle(), checked: () => largeText.on },
      ],
    });
    this.launcher = new Launcher({ store, toggle: () => this.toggle() });
    this.phone = fillPhone(this, this.panel.root);
  }

  #listen() {
    const { conversation } = this;
    this.stopScheme = followScheme(this);
    this.shadowRoot.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && this.isOpen) this.close();
    });
    document.addEventListener("visibilitychange", () => conversation.seen());
    for (const type of ["offline", "online"]) window.addEventListener(type, () => conversation.live.check());
    window.addEventListener("pagehide", () => conversation.stop());
    window.addEventListener("pageshow", ({ persisted }) => persisted && conversation.connect());
  }

  disconnectedCallback() {
    this.conversation?.stop();
    this.phone?.stop();
    this.stopScheme?.();
  }

  open({ focus = true } = {}) {
    if (this.isOpen) return;
    this.#show(true);
    this.panel.list.toBottom();
    if (focus) this.#rest();
    this.conversation.seen();
    announce("open");
  }

  /** Where the focus waits: the composer, but on touch screens the keyboard would cover half of the conversation. */
  #rest() {
    (TOUCH.matches ? this.panel.root : this.panel.composer.input).focus({ preventScroll: true });
  }

  close() {
    if (!this.isOpen) return;
    this.#show(false);
    this.launcher.button.focus({ preventScroll: true });
    announce("close");
  }

  #show(open) {
    this.isOpen = open;
    this.panel.root.hidden = !open;
    this.toggleAttribute("data-open", open);
    this.launcher.setOpen(open);
    this.phone.apply();
    perTab.write("open", open);
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** Opens the panel and says something, e.g. from a button of the page. */
  ask(text, payload = null) {
    this.open();
    this.conversation.outbox.add(text, payload);
  }
}

export function define() {
  if (!customElements.get("opstalk-widget")) customElements.define("opstalk-widget", OpsTalkWidget);
}
