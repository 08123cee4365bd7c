// A conversation with urql: operations over HTTP by persisted queries, and subscriptions as streams of events, by urql's
// own fetch and by graphql-sse, which comes back where the server was gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client, fetchExchange, gql, subscriptionExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { createClient } from "graphql-sse";
import { Events, follow, gate, observer, openLibrary, recorder, refused, watched } from "./library.mjs";

const back = gate();
const sent = recorder();
let library, client, streams;

before(async () => {
  library = await openLibrary();
  streams = createClient({ url: library.address, singleConnection: false, retry: back.wait });
  client = new Client({
    url: library.address,
    fetch: sent.fetch,
    preferGetMethod: false,
    requestPolicy: "network-only",
    exchanges: [
      persistedExchange({ preferGetForPersistedQueries: "force", enableForMutation: true }),
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: streams.subscribe({ query, variables }, sink) }),
        }),
      }),
      fetchExchange,
    ],
  });
});

after(async () => {
  streams?.dispose();
  await library?.stop();
});

test("a query by its hash: it is not known, then kept, then had, all by GET", async () => {
  const ask = (id) => client.query(gql`query Title($id: ID!) { asset(id: $id) { id title } }`, { id }).toPromise();
  const { data, error } = await ask(library.ids[0]);
  assert.equal(error, undefined);
  assert.deepEqual(data, { asset: { id: library.ids[0], title: library.titles[0] } });
  assert.deepEqual(sent.taken(), ["GET hash: PERSISTED_QUERY_NOT_FOUND", "GET query, hash: data"]);
  assert.equal((await ask(library.ids[1])).data.asset.title, library.titles[1]);
  assert.deepEqual(sent.taken(), ["GET hash: data"]);
});

test("a mutation", async () => {
  const trash = (id) => client.mutation(gql`mutation Trash($assets: [AssetRef!]!) { assetsTrash(assets: $assets) { results { outcome } } }`, { assets: [{ id }] }).toPromise();
  for (const id of library.ids.slice(3)) assert.equal((await trash(id)).data.assetsTrash.results[0].outcome, "CHANGED");
  assert.deepEqual(sent.taken(), ["POST hash: PERSISTED_QUERY_NOT_FOUND", "POST query, hash: data", "POST hash: data"]);
});

test("an error of a field", async () => {
  const { error: { graphQLErrors: [error] } } = await client.query(gql(refused.query), {}).toPromise();
  assert.equal(error.extensions.code, refused.code);
  assert.deepEqual(error.path, refused.path);
});

test("a document that does not fit", async () => {
  const { error: { graphQLErrors: [error] } } = await client.query(gql`{ nothing }`, {}).toPromise();
  assert.equal(error.extensions.code, "GRAPHQL_VALIDATION_FAILED");
});

// titlesOf subscribes to an asset, and returns its titles one by one.
const titlesOf = (client, id) => {
  const events = new Events();
  const { unsubscribe } = client.subscription(gql(watched), { id }).subscribe(events.add);
  return { unsubscribe, events, title: async (within) => (await events.next(within)).data?.asset.title };
};

test("a subscription by its own fetch", async () => {
  const own = new Client({ url: library.address, fetchSubscriptions: true, exchanges: [fetchExchange] });
  const { events, title, unsubscribe } = titlesOf(own, library.ids[2]);
  assert.equal(await title(1_000), library.titles[2]);
  await library.rename(library.ids[2], "Twilight");
  assert.equal(await title(1_000), "Twilight");
  await library.end("SIGTERM");
  await library.start();
  assert.match((await events.next(1_000)).error.message, /terminated/); // and it does not pass for the end
  unsubscribe();
});

test("a subscription, also to a server that was gone", async () => {
  const { title, unsubscribe } = titlesOf(client, library.ids[0]);
  await follow(library, title, back.open);
  unsubscribe();
});
