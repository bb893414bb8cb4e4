/** The conversation's course: opening it, following it, paging up, and telling the host page what happened. */
import { Api } from "./api.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { Store } from "./store.js";

const PAGE = 30;
const TYPING_MS = 20_000; // should its end be lost
const LONGEST_WAIT_MS = 30_000;

/** A CustomEvent on window, `opstalk:<name>`. */
export function announce(name, detail = {}) {
  window.dispatchEvent(new CustomEvent(`opstalk:${name}`, { detail }));
}

export class Conversation {
  /** watching(): whether the newest message is in front of the person's eyes; missed(message) when it came unseen. */
  constructor(config, { watching, missed }) {
    Object.assign(this, { watching, missed });
    this.store = new Store();
    this.api = new Api(config, (session) => this.store.openSession(session));
    this.outbox = new Outbox(this.api, this.store, (turn) => this.#turn(turn));
    this.live = new Live(this.api, this.store, (event) => this.#event(event));
    this.readSeq = 0;
    const { store } = this;
    store.addEventListener("reset", () => {
      this.readSeq = 0;
      this.live.stop();
      this.reconnecting = setTimeout(() => this.connect());
    });
    store.addEventListener("gap", () => this.#fillGap());
    store.addEventListener("connection", () => store.connection === "online" && this.outbox.flush());
    store.addEventListener("conversation", ({ detail }) => detail.changed && announce("state", { conversation: store.conversation }));
    store.addEventListener("unread", () => announce("unread", { unread: store.unread }));
  }

  /** Opens the session, shows the newest page, follows from there; comes back by itself after a network failure. */
  async connect(failures = 0) {
    clearTimeout(this.reconnecting);
    try {
      await this.api.open();
      if (!this.store.loaded) await this.#load();
      this.live.start();
      this.seen();
    } catch (error) {
      if (error.passing === undefined) throw error; // a mistake of ours, not an answer of the hub
      this.store.setConnection(error.passing ? (navigator.onLine ? "reconnecting" : "offline") : "refused");
      if (error.passing) this.reconnecting = setTimeout(() => this.connect(failures + 1), Math.min(1_000 * 2 ** failures, LONGEST_WAIT_MS));
    }
  }

  async #load() {
    const { messages, more, conversation } = await this.api.messages({ limit: PAGE });
    this.store.load(messages, more);
    this.store.setConversation(conversation);
    this.outbox.restore();
    announce("ready", { conversation: this.store.conversation });
  }

  stop() {
    this.live.stop();
    clearTimeout(this.reconnecting);
  }

  /** One page of older messages; raises ApiError. */
  async loadOlder() {
    const { messages, more } = await this.api.messages({ before: this.store.oldestSeq, limit: PAGE });
    this.store.hasOlder = more;
    for (const message of messages) this.store.put(message, true);
  }

  #fillGap() {
    clearTimeout(this.filling);
    this.filling = setTimeout(() => this.store.ahead.size && this.live.catchUp().catch(() => {}), 400);
  }

  #turn({ message, replies, conversation }) {
    for (const one of [message, ...replies]) this.#message(one);
    this.store.setConversation(conversation);
    announce("turn", { message, replies, conversation: this.store.conversation });
    this.seen();
  }

  #event({ event, data }) {
    if (event === "message") this.#message(data);
    else if (event === "state") this.store.setConversation(data);
    else if (event === "typing") this.#typing(data);
    else if (event === "read") this.store.setUnread(0);
  }

  #message(message) {
    if (!this.store.receive(message)) return;
    if (message.author !== "member" && !this.watching()) {
      this.store.setUnread(this.store.unread + 1);
      this.missed(message);
    }
    announce("message", { message });
  }

  #typing({ author, active }) {
    clearTimeout(this.typingTimer);
    this.store.setTyping(active ? author : null);
    if (active) this.typingTimer = setTimeout(() => this.store.setTyping(null), TYPING_MS);
  }

  /** Tells the hub and the other tabs that the newest message was on screen. */
  async seen() {
    const { store, readSeq } = this;
    const seq = store.newestSeq;
    if (!store.loaded || !this.watching()) return;
    store.setUnread(0);
    if (seq <= readSeq) return;
    this.readSeq = seq;
    this.live.share("read", { seq });
    try {
      await this.api.read(seq);
    } catch {
      this.readSeq = readSeq; // told again with the next message
    }
  }
}
