// What all conversations are about: a library of one's own with a few videos, on a real server, and how events are
// waited for. Each conversation runs in a process of its own.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startServer } from "../server.mjs";

// How soon a committed change is delivered, and a subscription's first event, in milliseconds.
export const atOnce = 1_000;

// How soon a client has found a server that was started again, in milliseconds: its own waiting is in it.
export const backSoon = 10_000;

// Titles are those of the videos, the oldest first.
const titles = ["Dawn", "Noon", "Dusk", "Night", "Midnight"];

// openLibrary starts a server. ids are those of its videos, in the order of titles.
export async function openLibrary() {
  const server = await startServer(process.env.VODGRAPH);
  const address = `${server.url}graphql`;
  const made = await ask(address, "mutation ($items: [AssetCreateInput!]!) { assetsCreate(items: $items) { results { assetId } } }",
    { items: titles.map((title) => ({ kind: "VIDEO", title })) });
  const ids = made.assetsCreate.results.map(({ assetId }) => assetId);
  const rename = (id, title) => ask(address,
    "mutation ($items: [AssetUpdateInput!]!) { assetsUpdate(items: $items) { changedCount } }", { items: [{ id, title }] });
  const possibleTypes = async () => {
    const { __schema } = await ask(address, "{ __schema { types { name possibleTypes { name } } } }");
    return Object.fromEntries(__schema.types.filter(({ possibleTypes }) => possibleTypes)
      .map(({ name, possibleTypes }) => [name, possibleTypes.map((type) => type.name)]));
  };
  return { ...server, address, socket: address.replace("http", "ws"), ids, titles, rename, possibleTypes };
}

// ask asks the server with no client in between.
async function ask(address, query, variables) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
  return answer.data;
}

// Events are what a client receives, to be taken one by one.
export class Events {
  #events = [];
  #wake = () => {};

  // add appends one.
  add = (event) => {
    this.#events.push(event);
    this.#wake();
  };

  // next is the next one, which must come within so many milliseconds.
  async next(within) {
    if (this.#events.length === 0) {
      const gone = new AbortController();
      await Promise.race([
        new Promise((resolve) => (this.#wake = resolve)),
        pause(within, undefined, { signal: gone.signal }).catch(() => {}),
      ]);
      gone.abort();
    }
    assert.ok(this.#events.length > 0, `nothing was delivered within ${within} ms`);
    return this.#events.shift();
  }
}

// observer collects what a client's observable emits: values as they are, and what is wrong or over as such.
export function observer(events) {
  return {
    next: events.add,
    error: (error) => events.add({ error }),
    complete: () => events.add({ complete: true }),
  };
}

// recorder is a fetch that keeps, for each request, what of a document was sent, how, and what came of it; taken gives
// these away.
export function recorder() {
  let requests = [];
  const record = async (input, init) => {
    const response = await fetch(input, init);
    const method = init.method ?? "GET";
    const asked = method === "GET" ? Object.fromEntries(new URL(input).searchParams) : JSON.parse(init.body);
    const answer = await response.clone().json();
    const parts = [...(asked.query ? ["query"] : []), ...(asked.extensions ? ["hash"] : [])];
    requests.push(`${method} ${parts.join(", ")}: ${answer.errors?.[0].extensions.code ?? "data"}`);
    return response;
  };
  const taken = () => requests.splice(0);
  return { fetch: record, taken };
}

// A gate holds back who waits at it until it is opened, as a client that would come back too early.
export function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, wait: () => opened };
}

// follow is the subscription's part of a conversation: the first event at once, a change soon, and after the server
// was gone the present state. Titles are what the client receives next within some time; reach lets it come back.
export async function follow(library, title, reach, signal = "SIGKILL") {
  const id = library.ids[0];
  assert.equal(await title(atOnce), library.titles[0]);
  await library.rename(id, "Daybreak");
  assert.equal(await title(atOnce), "Daybreak");
  await library.end(signal);
  await library.start();
  await library.rename(id, "Sunrise"); // which nobody was notified of
  reach();
  assert.equal(await title(backSoon), "Sunrise");
  await library.rename(id, "Morning");
  assert.equal(await title(atOnce), "Morning");
}

// refused is a page after a cursor that is none, and how it is refused.
export const refused = {
  query: "query Refused { page: assets(after: \"none\") { nodes { id } } }",
  code: "CURSOR_INVALID",
  path: ["page"],
};

// watched is the subscription that is followed.
export const watched = "subscription Watch($id: ID!) { asset(id: $id) { id title } }";
