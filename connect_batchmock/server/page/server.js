// The HTTP API of the server: reads, method calls, and the stream of changes.

const FIRST_BATCH = 100;
const BATCH = 1000;
const RECONNECT_AFTER = 1000;

export async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// Calls a method and returns its result; throws an Error with the message of the server.
export async function post(path, body = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The server does not respond. Nothing was changed; try again when the page is live.");
  }
  const text = await response.text();
  let payload;
  try {
    payload = JSON.parse(text);
  } catch {
    throw new Error(`The server responded with status ${response.status}: ${text.slice(0, 300)}`);
  }
  if (!response.ok) throw new Error(payload.message ?? `The server responded with status ${response.status}.`);
  return payload.result;
}

// Yields the batches of a list from the end, so that the newest entries are visible first.
export async function* newestFirst(name, count) {
  let after = count;
  while (after > 0) {
    const end = after;
    after = Math.max(0, end - (end === count ? FIRST_BATCH : BATCH));
    const payload = await read(`${name}?after=${after}&limit=${end - after}`);
    yield { first: after + 1, entries: payload[name] };
  }
}

// Follows the changes, and reconnects when the server is back.
export function follow({ begin, change, connection }) {
  let cursor = "";

  async function restart() {
    const batch = await read("changes");
    begin(batch);
    cursor = batch.cursor;
  }

  async function connect() {
    try {
      if (!cursor) await restart();
    } catch {
      reconnect();
      return;
    }
    const stream = new EventSource(`changes/stream?after=${encodeURIComponent(cursor)}`);
    stream.onopen = () => connection("live");
    stream.onmessage = (message) => {
      const batch = JSON.parse(message.data);
      if (batch.resync) {
        cursor = "";
        stream.close();
        connect();
        return;
      }
      cursor = batch.cursor;
      change(batch);
    };
    stream.onerror = () => {
      stream.close();
      reconnect();
    };
  }

  function reconnect() {
    connection("lost");
    setTimeout(connect, RECONNECT_AFTER);
  }

  connect();
}
