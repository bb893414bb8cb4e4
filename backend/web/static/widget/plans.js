/**
 * Whether a confirm card may still be pressed. The hub's plan is the truth: a plan may have been confirmed by typing
 * "네", in another tab, or replaced by a newer preview.
 */

const OPEN = new Set(["previewed", "unknown"]);

/** {name, data} of "/affirm{"plan_id":"…"}"; null for anything else. */
export function readPayload(payload) {
  const match = /^\/([^\s{]+)(\{.*\})?$/s.exec(payload ?? "");
  if (!match) return null;
  try {
    return { name: match[1], data: match[2] ? JSON.parse(match[2]) : {} };
  } catch {
    return { name: match[1], data: {} };
  }
}

export class Plans {
  constructor(api, store) {
    this.api = api;
    this.store = store;
    this.known = new Map(); // plan id → state
    this.asking = new Map();
  }

  /** "open" | "working" | "executed" | "discarded" | "stale" | "superseded" | "expired", with the pressed button if any. */
  standing(block, message) {
    const state = this.known.get(block.plan_id) ?? "unknown";
    const choice = this.#choice(block, message);
    if (!OPEN.has(state)) return { standing: state, choice };
    if (choice && !choice.failed) {
      if (choice.secondary) return { standing: "discarded", choice };
      if (!choice.answered) return { standing: "working", choice };
      if (state === "unknown") return { standing: "executed", choice };
    }
    if (block.expires_at && Date.parse(block.expires_at) <= Date.now()) return { standing: "expired" };
    if (this.#newer(block, message)) return { standing: "superseded" };
    return { standing: "open" };
  }

  #choice(block, message) {
    const said = this.store.saidAfter(message).findLast((other) => readPayload(other.payload)?.data.plan_id === block.plan_id);
    if (!said) return null;
    const button = (block.buttons ?? []).find((candidate) => candidate.payload === said.payload);
    return {
      title: button?.title ?? said.text,
      secondary: (button ?? {}).style !== "primary",
      failed: said.delivery === "failed",
      answered: this.store.messages.some((other) => other.author !== "member" && said.seq && other.seq > said.seq),
    };
  }

  #newer(block, message) {
    return this.store.messages.some(
      (other) => other.seq > message.seq && (other.blocks ?? []).some((later) => later.type === "confirm" && later.plan_id !== block.plan_id),
    );
  }

  /** Asks the hub again; `changed` is called when the answer differs. A hub without an answer leaves things as they are. */
  async refresh(block, changed) {
    const id = block.plan_id;
    if (!id || ["executed", "discarded", "stale", "expired"].includes(this.known.get(id))) return;
    if (!this.asking.has(id)) this.asking.set(id, this.api.plan(id).finally(() => this.asking.delete(id)));
    try {
      const { state } = await this.asking.get(id);
      if (this.known.get(id) === state) return;
      this.known.set(id, state);
      changed();
    } catch {
      // offline or refused: the next reply asks again
    }
  }
}
