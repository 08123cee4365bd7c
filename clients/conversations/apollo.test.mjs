// A conversation with Apollo Client: operations over HTTP by persisted queries, subscriptions over a WebSocket, and what
// its normalised cache makes of the answers.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { relayStylePagination } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { Events, follow, gate, observer, openLibrary, recorder, refused, watched } from "./library.mjs";

const back = gate();
const sent = recorder();
let library, client, socket;

before(async () => {
  library = await openLibrary();
  socket = createClient({ url: library.socket, webSocketImpl: WebSocket, shouldRetry: () => true, retryWait: back.wait });
  const persisted = new PersistedQueryLink({
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    useGETForHashedQueries: true,
  });
  client = new ApolloClient({
    link: ApolloLink.split(({ operationType }) => operationType === "subscription",
      new GraphQLWsLink(socket),
      persisted.concat(new HttpLink({ uri: library.address, fetch: sent.fetch }))),
    cache: new InMemoryCache({
      possibleTypes: await library.possibleTypes(),
      typePolicies: { Query: { fields: { assets: relayStylePagination(["orderBy"]) } } },
    }),
  });
});

after(async () => {
  client?.stop();
  await socket?.dispose();
  await library?.stop();
});

const titleOf = gql`query Title($id: ID!) { asset(id: $id) { id title ... on Video { duration } } }`;

test("a query by its hash: it is not known, then kept, then had by GET", async () => {
  const ask = (id) => client.query({ query: titleOf, variables: { id }, fetchPolicy: "network-only" });
  const { data } = await ask(library.ids[0]);
  assert.deepEqual(data.asset, { __typename: "Video", id: library.ids[0], title: library.titles[0], duration: null });
  assert.deepEqual(sent.taken(), ["GET hash: PERSISTED_QUERY_NOT_FOUND", "POST query, hash: data"]);
  assert.equal((await ask(library.ids[1])).data.asset.title, library.titles[1]);
  assert.deepEqual(sent.taken(), ["GET hash: data"]);
});

test("what was read is in the cache, and what is changed is changed there", async () => {
  const events = new Events();
  const watching = client.watchQuery({ query: titleOf, variables: { id: library.ids[1] }, fetchPolicy: "cache-only" })
    .subscribe(observer(events));
  assert.equal((await events.next(1_000)).data.asset.title, library.titles[1]);
  await client.mutate({
    mutation: gql`mutation Rename($items: [AssetUpdateInput!]!) {
      assetsUpdate(items: $items) { results { asset { id title } } userErrors { code } }
    }`,
    variables: { items: [{ id: library.ids[1], title: "High noon" }] },
  });
  assert.equal((await events.next(1_000)).data.asset.title, "High noon");
  watching.unsubscribe();
  assert.equal(client.readFragment({ id: `Video:${library.ids[1]}`, fragment: gql`fragment Named on Asset { title }` }).title, "High noon");
  assert.deepEqual(sent.taken(), ["POST hash: PERSISTED_QUERY_NOT_FOUND", "POST query, hash: data"]); // a mutation has one too
});

test("pages that follow each other are one list", async () => {
  const events = new Events();
  const list = client.watchQuery({
    query: gql`query Page($after: Cursor) {
      assets(first: 2, after: $after, orderBy: [{ field: TITLE }]) {
        edges { cursor node { id title } }
        pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
      }
    }`,
  });
  const watching = list.subscribe(observer(events));
  const titles = async () => {
    for (;;) {
      const { data, loading } = await events.next(1_000);
      if (!loading) return data.assets.edges.map(({ node }) => node.title);
    }
  };
  const all = ["Dawn", "Dusk", "High noon", "Midnight", "Night"];
  assert.deepEqual(await titles(), all.slice(0, 2));
  for (const length of [4, 5]) {
    const { endCursor, hasNextPage } = list.getCurrentResult().data.assets.pageInfo;
    assert.equal(hasNextPage, true);
    await list.fetchMore({ variables: { after: endCursor } });
    assert.deepEqual(await titles(), all.slice(0, length));
  }
  assert.equal(list.getCurrentResult().data.assets.pageInfo.hasNextPage, false);
  watching.unsubscribe();
});

test("an error of a field", async () => {
  await assert.rejects(client.query({ query: gql(refused.query) }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), error);
    assert.equal(error.errors[0].extensions.code, refused.code);
    assert.deepEqual(error.errors[0].path, refused.path);
    return true;
  });
});

test("a document that does not fit", async () => {
  await assert.rejects(client.query({ query: gql`{ nothing }` }),
    (error) => CombinedGraphQLErrors.is(error) && error.errors[0].extensions.code === "GRAPHQL_VALIDATION_FAILED");
});

test("a subscription, also to a server that was gone", async () => {
  const events = new Events();
  const watching = client.subscribe({ query: gql(watched), variables: { id: library.ids[0] } }).subscribe(observer(events));
  await follow(library, async (within) => (await events.next(within)).data?.asset.title, back.open);
  watching.unsubscribe();
  assert.equal(client.readFragment({ id: `Video:${library.ids[0]}`, fragment: gql`fragment Title on Asset { title }` }).title, "Morning");
});

test("a persisted query that a server has forgotten is sent anew", async () => {
  sent.taken();
  const { data } = await client.query({ query: titleOf, variables: { id: library.ids[2] }, fetchPolicy: "network-only" });
  assert.equal(data.asset.title, library.titles[2]);
  assert.deepEqual(sent.taken(), ["GET hash: PERSISTED_QUERY_NOT_FOUND", "POST query, hash: data"]);
});
