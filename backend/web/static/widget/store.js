/**
 * What the widget knows: the conversation and its messages in order.
 * Events: session, reset, message {message, added, history}, conversation {changed}, unread, typing, connection, busy, gap.
 */

export class Store extends EventTarget {
  constructor() {
    super();
    this.conversation = null;
    this.shop = null;
    this.member = null;
    this.connection = "connecting"; // connecting | online | reconnecting | offline | refused
    this.unread = 0;
    this.typing = null; // "bot" | "agent" | null
    this.#forget();
  }

  #forget() {
    this.messages = [];
    this.byKey = new Map();
    this.newestSeq = 0; // everything up to here is known
    this.ahead = new Set(); // seqs that came before their predecessors
    this.loaded = false;
    this.hasOlder = false;
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Another conversation (another person signed in on this page) starts from nothing. */
  openSession({ conversation, member, shop }) {
    if (this.conversation && this.conversation.id !== conversation.id) {
      this.#forget();
      this.tell("reset");
    }
    this.member = member ?? null;
    this.shop = shop ?? null;
    this.setConversation(conversation);
    if (Number.isInteger(conversation.unread)) this.setUnread(conversation.unread); // from here on counted by what is on screen
    this.tell("session");
  }

  setConversation(conversation) {
    if (!conversation) return;
    const before = this.conversation?.state;
    this.conversation = { ...this.conversation, ...conversation };
    if (this.loaded && conversation.read_seq >= this.newestSeq) this.setUnread(0); // read on another device
    this.tell("conversation", { changed: before !== undefined && before !== this.conversation.state });
  }

  setConnection(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.tell("connection");
  }

  setUnread(count) {
    if (this.unread === count) return;
    this.unread = count;
    this.tell("unread");
  }

  setTyping(who) {
    if (this.typing === who) return;
    this.typing = who;
    this.tell("typing");
  }

  static keyOf(message) {
    return message.author === "member" && message.client_id ? `c:${message.client_id}` : `s:${message.id}`;
  }

  /** The first page: everything before it can be paged up to, everything after it follows live. */
  load(messages, hasOlder) {
    this.hasOlder = hasOlder;
    this.newestSeq = Math.max(this.newestSeq, messages.at(-1)?.seq ?? 0);
    for (const message of messages) this.put(message, true);
    this.loaded = true;
    this.tell("loaded");
  }

  /** Adds or updates one message of the hub; true when it was not known. */
  receive(message) {
    const { seq } = message;
    const added = this.put({ ...message, delivery: "sent" }, false);
    if (seq > this.newestSeq) {
      this.ahead.add(seq);
      while (this.ahead.delete(this.newestSeq + 1)) this.newestSeq += 1;
      if (this.ahead.size) this.tell("gap");
    }
    if (added && message.author !== "member") this.setTyping(null);
    return added;
  }

  put(message, history) {
    const key = Store.keyOf(message);
    const known = this.byKey.get(key);
    if (known) Object.assign(known, message);
    else {
      message.key = key;
      this.byKey.set(key, message);
      this.messages.push(message);
    }
    this.messages.sort((a, b) => order(a) - order(b));
    const stored = known ?? message;
    this.tell("message", { message: stored, added: !known, history });
    return !known;
  }

  drop(key) {
    const message = this.byKey.get(key);
    if (!message) return;
    this.byKey.delete(key);
    this.messages = this.messages.filter((other) => other !== message);
    this.tell("dropped", { message });
  }

  get oldestSeq() {
    return this.messages.find((message) => message.seq)?.seq ?? 0;
  }

  /** A message of this browser is on its way: its buttons must not be pressed twice. */
  get busy() {
    return this.messages.some((message) => message.delivery === "sending");
  }

  /** The member's messages after this one, oldest first. */
  saidAfter(message) {
    return this.messages.filter((other) => other.author === "member" && order(other) > order(message));
  }
}

/** Unsent messages stay below everything the hub has stored. */
export function order(message) {
  return message.seq ?? 1e14 + (message.queuedAt ?? 0);
}
