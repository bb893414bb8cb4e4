/** Server-sent events over fetch, because EventSource cannot carry an Authorization header. */

/** Yields {id, event, data} (data parsed as JSON) and null for each sign of life without an event. */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = fresh();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      let spoke = false;
      for (const line of lines) {
        if (line !== "") {
          take(event, line);
          continue;
        }
        const ready = finish(event);
        event = fresh();
        if (ready) {
          spoke = true;
          yield ready;
        }
      }
      if (!spoke) yield null;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const fresh = () => ({ id: null, event: "message", data: [] });

function take(event, line) {
  const colon = line.indexOf(":");
  if (colon === 0) return; // a comment keeps the line open
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "data") event.data.push(value);
  else if (field === "id" || field === "event") event[field] = value;
}

function finish({ id, event, data }) {
  if (!data.length) return null;
  try {
    return { id, event, data: JSON.parse(data.join("\n")) };
  } catch {
    return null; // one unreadable event must not end the stream
  }
}
