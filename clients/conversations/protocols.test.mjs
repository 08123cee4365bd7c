// Conversations with graphql-ws, over one WebSocket, and with graphql-sse, each operation a stream of its own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sse from "graphql-sse";
import * as ws from "graphql-ws";
import WebSocket from "ws";
import { Events, follow, gate, observer, openLibrary, refused, watched } from "./library.mjs";

// Clients come back when the gate opens, not before.
const clients = {
  "graphql-ws": {
    connect: ({ socket }, back) =>
      ws.createClient({ url: socket, webSocketImpl: WebSocket, shouldRetry: () => true, retryWait: back.wait }),
    end: "SIGKILL",
  },
  "graphql-sse": {
    connect: ({ address }, back) => sse.createClient({ url: address, singleConnection: false, retry: back.wait }),
    end: "SIGTERM",
  },
};

for (const [name, { connect, end }] of Object.entries(clients)) {
  describe(name, () => {
    const back = gate();
    let library, client;

    before(async () => {
      library = await openLibrary();
      client = connect(library, back);
    });

    after(async () => {
      await client?.dispose();
      await library?.stop();
    });

    // answer is the one answer to an operation. graphql-ws throws the errors of one that is not executed.
    const answer = async (query, variables) => {
      const all = [];
      try {
        for await (const one of client.iterate({ query, variables })) all.push(one);
      } catch (errors) {
        all.push({ errors });
      }
      assert.equal(all.length, 1);
      return all[0];
    };

    test("a query", async () => {
      assert.deepEqual(await answer("query ($id: ID!) { asset(id: $id) { title } }", { id: library.ids[1] }),
        { data: { asset: { title: library.titles[1] } } });
    });

    test("a mutation", async () => {
      assert.deepEqual(await answer("mutation ($id: ID!) { assetsTrash(assets: [{id: $id}]) { results { outcome } } }", { id: library.ids[4] }),
        { data: { assetsTrash: { results: [{ outcome: "CHANGED" }] } } });
    });

    test("an error of a field", async () => {
      const { errors: [error] } = await answer(refused.query);
      assert.equal(error.extensions.code, refused.code);
      assert.deepEqual(error.path, refused.path);
    });

    test("a document that does not fit", async () => {
      const { errors: [error], data } = await answer("{ nothing }");
      assert.equal(error.extensions.code, "GRAPHQL_VALIDATION_FAILED");
      assert.equal(data, undefined);
    });

    test("a subscription, also to a server that was gone", async () => {
      const events = new Events();
      const leave = client.subscribe({ query: watched, variables: { id: library.ids[0] } }, observer(events));
      await follow(library, async (within) => (await events.next(within)).data?.asset.title, back.open, end);
      leave();
      assert.deepEqual(await events.next(1_000), { complete: true });
    });
  });
}
