/** Messages on their way: kept across reloads, sent one after another, resent with the same id until the hub has them. */
import { newClientId } from "./ids.js";
import { lasting } from "./storage.js";

const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const SERVER_TRIES = 3; // of one the hub answers with an error of its own

/** Two tabs of one conversation must not send in turns; without Web Locks the hub still stores each id once. */
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

export class Outbox {
  /** onTurn({message, replies, conversation}) after the hub has answered one message. */
  constructor(api, store, onTurn) {
    this.api = api;
    this.store = store;
    this.onTurn = onTurn;
    this.failures = 0;
    this.flushing = false;
    this.memory = []; // where the browser forbids storage, and before the session is open
    this.persistent = false;
    store.addEventListener("reset", () => (this.memory = [])); // nobody's words are sent in another's name
  }

  get key() {
    return `outbox:${this.store.conversation?.id}`;
  }

  #items() {
    return this.persistent ? lasting.read(this.key, []) : this.memory;
  }

  #keep(items) {
    this.memory = items;
    this.persistent = Boolean(this.store.conversation) && lasting.write(this.key, items.length ? items : null);
  }

  #change(clientId, fields) {
    this.#keep(this.#items().map((item) => (item.client_id === clientId ? { ...item, ...fields } : item)));
  }

  #remove(clientId) {
    this.#keep(this.#items().filter((item) => item.client_id !== clientId));
  }

  /** Shows what an earlier page could not send, and sends it. */
  restore() {
    const written = this.memory;
    const kept = lasting.read(this.key, []).filter((item) => !written.some((other) => other.client_id === item.client_id));
    this.#keep([...kept, ...written]);
    for (const item of this.#items()) this.#show(item, item.failed ? "failed" : "queued");
    this.flush();
  }

  add(text, payload = null) {
    const item = { client_id: newClientId(), text, payload, queuedAt: Date.now(), tries: 0 };
    this.#keep([...this.#items(), item]);
    this.#show(item, ["online", "connecting"].includes(this.store.connection) ? "sending" : "queued");
    this.flush();
    return item.client_id;
  }

  retry(clientId) {
    this.#change(clientId, { failed: false, tries: 0 });
    this.failures = 0;
    this.flush();
  }

  discard(clientId) {
    this.#remove(clientId);
    this.store.drop(`c:${clientId}`);
    this.store.tell("busy");
  }

  #show(item, delivery) {
    this.store.put({ ...item, author: "member", blocks: [], created_at: new Date(item.queuedAt).toISOString(), delivery }, false);
    this.store.tell("busy");
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.flushing || !this.store.loaded) return;
    this.flushing = true;
    try {
      await alone(`opstalk-${this.key}`, () => this.#sendAll());
    } finally {
      this.flushing = false;
      this.store.tell("busy");
    }
  }

  async #sendAll() {
    for (;;) {
      const item = this.#items().find((candidate) => !candidate.failed);
      if (!item) return;
      const { client_id, text, payload } = item;
      this.#show(item, "sending");
      try {
        const turn = await this.api.send({ client_id, text, ...(payload ? { payload } : {}) });
        this.failures = 0;
        this.#remove(client_id);
        this.onTurn(turn);
      } catch (error) {
        if (!this.#again(item, error)) return;
      }
      this.store.tell("busy");
    }
  }

  /** True to go on with the next message; false to wait and come back. */
  #again(item, error) {
    const tries = item.tries + (error.outage || error.status === 401 ? 0 : 1);
    if (error.status === 401 || (error.passing && tries < SERVER_TRIES)) {
      this.#change(item.client_id, { tries });
      this.#show({ ...item, tries }, "queued");
      const wait = Math.max(error.retryAfter * 1_000, BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)]);
      this.failures += 1;
      this.timer = setTimeout(() => this.flush(), wait);
      return false;
    }
    this.#change(item.client_id, { failed: true });
    this.#show({ ...item, failed: true }, "failed");
    return true;
  }
}
