// The server: what is read from it, what it is told, and the stream of what changes.

const AT_FIRST = 100;
const BATCH = 1000;
const RECONNECT_AFTER = 1000;

export async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// Returns what a method returned; what it refuses is an Error with the server's sentence.
export async function tell(path, body = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The server does not answer. It is asked again as soon as it does; nothing was changed.");
  }
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`The server answered with the status ${response.status}: ${text.slice(0, 300)}`);
  }
  if (!response.ok) throw new Error(answer.message ?? `The server answered with the status ${response.status}.`);
  return answer.result;
}

// Yields a list from its end to its beginning, so that what is newest is there first, and soon.
export async function* fromTheEnd(name, count) {
  let after = count;
  while (after > 0) {
    const end = after;
    after = Math.max(0, end - (end === count ? AT_FIRST : BATCH));
    const answer = await read(`${name}?after=${after}&limit=${end - after}`);
    yield { first: after + 1, entries: answer[name] };
  }
}

// Follows what changes, for ever: also when the server goes away and comes back.
export function follow({ begin, change, connection }) {
  let cursor = "";

  async function restart() {
    const look = await read("changes");
    await begin(look);
    cursor = look.cursor;
  }

  async function connect() {
    try {
      if (!cursor) await restart();
    } catch {
      again();
      return;
    }
    const stream = new EventSource(`changes/stream?after=${encodeURIComponent(cursor)}`);
    stream.onopen = () => connection("live");
    stream.onmessage = (message) => {
      const look = JSON.parse(message.data);
      if (look.resync) {
        cursor = "";
        stream.close();
        connect();
        return;
      }
      cursor = look.cursor;
      change(look);
    };
    stream.onerror = () => {
      stream.close();
      again();
    };
  }

  function again() {
    connection("lost");
    setTimeout(connect, RECONNECT_AFTER);
  }

  connect();
}
