/**
 * New messages as they happen. One tab of a conversation holds the event stream and tells the others (browsers allow
 * only six connections to a host); the tab that comes to the front takes it over. While no stream can be had, it polls.
 */
import { readEvents } from "./stream.js";

const SILENCE_MS = 60_000; // the hub speaks, if only a comment, every 15–30 s
const POLL_MS = 4_000;
const POLLS_BEFORE_STREAM = 8;
const STEADY_MS = 5_000;

const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

export class Live {
  /** onEvent({event, data}) for message, state, typing and (between tabs) read. */
  constructor(api, store, onEvent) {
    this.api = api;
    this.store = store;
    this.onEvent = onEvent;
    this.running = null;
    this.onVisible = () => {
      if (document.visibilityState === "visible" && this.running && !this.leading) this.#lead(true);
    };
  }

  start() {
    this.stop();
    this.running = new AbortController();
    this.name = `opstalk:${this.api.base}:${this.store.conversation.id}`;
    if ("BroadcastChannel" in window) {
      this.channel = new BroadcastChannel(this.name);
      this.channel.onmessage = ({ data }) => {
        if (data.event === "connection") this.store.setConnection(data.data);
        else this.onEvent(data);
      };
    }
    document.addEventListener("visibilitychange", this.onVisible);
    this.#lead(document.visibilityState === "visible");
  }

  stop() {
    this.running?.abort();
    this.running = null;
    this.leading = false;
    this.channel?.close();
    this.channel = null;
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  /** Tells the other tabs of this conversation. */
  share(event, data) {
    this.channel?.postMessage({ event, data });
  }

  #lead(steal) {
    const session = this.running;
    const hold = async () => {
      if (session.signal.aborted) return;
      this.leading = true;
      const reign = new AbortController();
      this.reign = reign;
      session.signal.addEventListener("abort", () => reign.abort(), { once: true });
      await this.#follow(reign.signal);
    };
    if (!navigator.locks) {
      if (!this.leading) hold();
      return;
    }
    const options = steal ? { steal: true } : { signal: session.signal };
    navigator.locks.request(this.name, options, hold).catch(() => {
      this.reign?.abort(); // another tab came to the front
      this.leading = false;
      if (!session.signal.aborted) this.#lead(false);
    });
  }

  #connection(value) {
    this.store.setConnection(value);
    this.share("connection", value);
  }

  async #follow(signal) {
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        await this.#stream(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error.status === 401 || error.status === 403) this.#connection("refused");
      }
      if (signal.aborted) return;
      failures = Date.now() - began > STEADY_MS ? 1 : failures + 1;
      if (failures === 1 && navigator.onLine) {
        await this.#rest(400 + Math.random() * 600, signal);
        continue;
      }
      await this.#pollFor(signal, failures);
    }
  }

  async #stream(signal) {
    const attempt = new AbortController();
    this.attempt = attempt;
    const giveUp = () => attempt.abort();
    signal.addEventListener("abort", giveUp, { once: true });
    let watch = setTimeout(giveUp, SILENCE_MS);
    try {
      const after = this.store.newestSeq;
      const response = await this.api.response("GET", `chat/events?after=${after}`, {
        headers: { accept: "text/event-stream", "last-event-id": String(after) },
        signal: attempt.signal,
      });
      this.#connection("online");
      for await (const event of readEvents(response)) {
        clearTimeout(watch);
        watch = setTimeout(giveUp, SILENCE_MS);
        if (event) this.deliver(event);
      }
    } finally {
      clearTimeout(watch);
      attempt.abort();
      signal.removeEventListener("abort", giveUp);
    }
  }

  deliver({ event, data }) {
    this.share(event, data);
    this.onEvent({ event, data });
  }

  async #pollFor(signal, failures) {
    for (let round = 0; round < POLLS_BEFORE_STREAM && !signal.aborted; round += 1) {
      let wait = POLL_MS;
      try {
        await this.catchUp();
        this.#connection("online");
      } catch (error) {
        const refused = error.status === 401 || error.status === 403;
        this.#connection(refused ? "refused" : navigator.onLine ? "reconnecting" : "offline");
        wait = Math.min(1_000 * 2 ** Math.min(failures + round, 5), 30_000);
        if (round > 0) return void (await this.#rest(wait, signal));
      }
      await this.#rest(wait * (0.75 + Math.random() / 2), signal);
    }
  }

  /** Waits, but no longer than until the network changes. */
  async #rest(ms, signal) {
    const nap = new AbortController();
    this.wake = () => nap.abort();
    signal.addEventListener("abort", this.wake, { once: true });
    await pause(ms, nap.signal);
    this.wake = null;
  }

  /** The browser says the network came or went; it may be wrong (a hub on this machine), so ask the hub. */
  async check() {
    if (!this.running) return;
    try {
      await this.catchUp();
      this.#connection("online");
    } catch {
      this.#connection(navigator.onLine ? "reconnecting" : "offline");
      this.attempt?.abort();
    }
    this.wake?.();
  }

  /** Fetches what is missing above the newest known message; raises ApiError. */
  async catchUp() {
    for (let more = true; more; ) {
      const page = await this.api.messages({ after: this.store.newestSeq, limit: 100 });
      for (const message of page.messages) this.deliver({ event: "message", data: message });
      this.deliver({ event: "state", data: page.conversation });
      more = page.more && page.messages.length > 0;
    }
  }
}
