/** The hub over HTTP: one session, renewed once when its token is refused. */

const TIMEOUT_MS = 40_000;

/** status 0: the network failed or the hub took too long; otherwise the problem+json answer. */
export class ApiError extends Error {
  constructor(status, code, retryAfter = 0) {
    super(code);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
  /** Worth sending again unchanged. */
  get passing() {
    return this.outage || this.status >= 500;
  }
  /** Nobody has looked at the request: it may wait as long as it takes. */
  get outage() {
    return [0, 408, 425, 429, 502, 503, 504].includes(this.status);
  }
}

async function problem(response) {
  const body = await response.json().catch(() => ({}));
  return new ApiError(response.status, body.code ?? "http", Number(response.headers.get("retry-after")) || 0);
}

async function reach(url, options, timeout = TIMEOUT_MS) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout);
  options.signal?.addEventListener("abort", () => limit.abort(), { once: true });
  try {
    return await fetch(url, { ...options, signal: limit.signal });
  } catch {
    throw new ApiError(0, "unreachable");
  } finally {
    clearTimeout(timer);
  }
}

export class Api {
  /** onSession({token, conversation, member, shop}) is called after every opening, also a renewal. */
  constructor({ base, identityUrl }, onSession) {
    this.base = base;
    this.identityUrl = identityUrl;
    this.onSession = onSession;
    this.token = null;
    this.opening = null;
  }

  async identity() {
    if (this.identityUrl) {
      const response = await reach(this.identityUrl, { cache: "no-store", headers: { accept: "application/json" } });
      if (!response.ok) throw await problem(response);
      return (await response.json()).identity;
    }
    if (typeof window.opstalkIdentity === "function") {
      const given = await window.opstalkIdentity();
      return typeof given === "string" ? given : given?.identity;
    }
    throw new ApiError(401, "identity_missing");
  }

  /** Callers at the same time share one opening. */
  open() {
    this.opening ??= this.#open().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  async #open() {
    const identity = await this.identity();
    const response = await reach(new URL("chat/sessions", this.base), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ identity }),
    });
    if (!response.ok) throw await problem(response);
    const session = await response.json();
    this.token = session.token;
    this.onSession(session);
    return session;
  }

  /** The raw response with a valid token; used by the event stream, which never times out here. */
  async response(method, path, { body, headers = {}, signal, timeout } = {}) {
    for (let attempt = 0; ; attempt += 1) {
      if (!this.token) await this.open();
      const used = this.token;
      const response = await reach(
        new URL(path, this.base),
        {
          method,
          signal,
          cache: "no-store",
          headers: { authorization: `Bearer ${used}`, ...(body ? { "content-type": "application/json" } : {}), ...headers },
          body: body ? JSON.stringify(body) : undefined,
        },
        timeout,
      );
      if (response.ok) return response;
      if (response.status !== 401 || attempt > 0) throw await problem(response);
      if (this.token === used) this.token = null;
    }
  }

  async call(method, path, options) {
    const response = await this.response(method, path, options);
    if (response.status === 204) return null;
    try {
      return await response.json();
    } catch {
      throw new ApiError(0, "unreadable");
    }
  }

  send(message) {
    return this.call("POST", "chat/messages", { body: message });
  }

  /** {before} pages up, {after} catches up; newest last. */
  async messages(query) {
    const { messages, has_more: more, conversation } = await this.call("GET", `chat/messages?${new URLSearchParams(query)}`);
    return { messages, more, conversation };
  }

  read(seq) {
    return this.call("POST", "chat/read", { body: { seq } });
  }

  plan(id) {
    return this.call("GET", `api/plans/${encodeURIComponent(id)}`);
  }
}
