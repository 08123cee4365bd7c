// Opens the playground of a real server on the demo library in real Chromium, with every way out of this machine
// cut, and does what a person does first: runs each example, and reads the schema's documentation.
//
//   VODGRAPH=/path/of/the/binary CHROMIUM=/path/of/chromium node --test browser.test.mjs
//
// With SCREENSHOT=FILE.png it leaves a picture of the last example. run.sh builds the binary and finds Chromium.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { loadLimit, startServer } from "./server.mjs";

const examplesFolder = new URL("../playground/examples/", import.meta.url);
const examples = (await readdir(examplesFolder)).filter((name) => name.endsWith(".graphql")).sort();

// How long a step in the browser may take to show, in milliseconds, on a slow and busy machine.
const stepLimit = 30_000;

// Chromium runs its sandbox as an ordinary user only, and would look up its maker's hosts at every start.
// The resolver's rules let no name but this machine's address through, whatever asks for it.
const chromiumArguments = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const complaints = []; // what the page wrote to the console as an error, the policy's refusals among it
const strangers = []; // what the page asked of other machines
let server, browser, page;

before(async () => {
  server = await startServer(process.env.VODGRAPH, "--demo");
  await indexLevel(server.url);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: chromiumArguments });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(stepLimit);
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.hostname === "127.0.0.1") return route.continue();
    strangers.push(url.href);
    return route.abort();
  });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
}, { timeout: loadLimit + stepLimit });

// indexLevel waits until the search index has all of the demo: the database, which answers until then, forgives no
// misspelling.
async function indexLevel(url) {
  const query = "{ search(first: 1) { index { degraded revision } } }";
  for (let revision = -1, deadline = Date.now() + loadLimit; Date.now() < deadline; await pause(200)) {
    const answer = await fetch(`${url}graphql?query=${encodeURIComponent(query)}`);
    const { index } = (await answer.json()).data.search;
    if (!index.degraded && index.revision === revision) return; // and nothing was written since it was last looked at
    revision = index.degraded ? -1 : index.revision;
  }
  throw new Error("The index is not level.");
}

after(async () => {
  if (process.env.SCREENSHOT && page) await page.screenshot({ path: process.env.SCREENSHOT });
  await browser?.close();
  await server?.stop();
});

test("the page opens with a tab for each example", async () => {
  await page.goto(server.url);
  await page.locator(".graphiql-container").waitFor();
  assert.equal(await page.locator(".graphiql-tab-button").count(), examples.length);
});

test("the documentation comes from the server's schema", async () => {
  await page.getByLabel("Show Documentation Explorer").click();
  const documentation = page.locator(".graphiql-doc-explorer");
  await documentation.getByRole("link", { name: "Query", exact: true }).click();
  await documentation.getByRole("link", { name: "assets", exact: true }).first().click();
  await documentation.getByText("AssetConnection!").waitFor();
  await page.getByLabel("Hide Documentation Explorer").click();
});

for (const [index, name] of examples.entries()) {
  test(`example ${name} answers`, async () => {
    const operation = operationOf(await readFile(new URL(name, examplesFolder), "utf8"));
    await page.locator(".graphiql-tab-button", { hasText: operation }).click();
    assert.equal(await page.locator(".graphiql-tab-active").innerText(), operation);
    assert.equal(await page.locator(".graphiql-tab-button").nth(index).innerText(), operation);
    if (operation === "Undo") await put({ id: await lastChangeSet() }); // of which no example can know the id

    const answering = page.waitForResponse((r) => r.request().method() === "POST" &&
      operationOf(r.request().postDataJSON().query) === operation);
    await page.locator(".graphiql-execute-button").click();
    const answer = await (await answering).json();
    assert.deepEqual(answer.errors ?? [], []);
    assert.deepEqual(lacks(answer.data), []);

    // What the person sees is the whole of that answer.
    await page.waitForFunction((wanted) => {
      try {
        const shown = document.querySelector(".result-window .CodeMirror").CodeMirror.getValue();
        return JSON.stringify(JSON.parse(shown)) === wanted;
      } catch {
        return false; // the answer is not there yet
      }
    }, JSON.stringify(answer));
  });
}

test("what opens over the page is as the policy wants it", async () => {
  const dialog = page.locator(".graphiql-dialog");
  for (const name of ["Open settings dialog", "Open short keys dialog"]) {
    await page.getByLabel(name).click();
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
  await page.getByLabel("Show History").click();
  await page.locator(".graphiql-history").waitFor();
  await page.getByLabel("Hide History").click();

  // The editor offers what could come next, and says what does not fit.
  await page.getByLabel("New tab").click();
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("Control+End"); // behind what a new tab begins with
  await page.keyboard.type("\n{ asse");
  await page.keyboard.press("Control+Space");
  await page.locator(".CodeMirror-hint", { hasText: "assets" }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".CodeMirror-lint-mark-error").first().hover();
  await page.locator(".CodeMirror-lint-tooltip").waitFor();
});

test("the page complained of nothing and asked nothing of another machine", () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(strangers, []);
});

// put writes variables where a person would.
async function put(variables) {
  await page.evaluate((text) => {
    document.querySelector('section[aria-label="Variables"] .CodeMirror').CodeMirror.setValue(text);
  }, JSON.stringify(variables));
}

// lastChangeSet is the id of what was changed last, once that is over: what is under way cannot be undone.
async function lastChangeSet() {
  const query = "{ changeSets(first: 1) { nodes { id } } bulkOperations(first: 5) { nodes { status } } }";
  for (const deadline = Date.now() + loadLimit; Date.now() < deadline; await pause(200)) {
    const answer = await fetch(`${server.url}graphql?query=${encodeURIComponent(query)}`);
    const { changeSets, bulkOperations } = (await answer.json()).data;
    if (!bulkOperations.nodes.some(({ status }) => status === "QUEUED" || status === "RUNNING")) return changeSets.nodes[0].id;
  }
  throw new Error("What was changed last is not over.");
}

// operationOf is the name of a document's one operation, which GraphiQL writes on its tab.
function operationOf(document) {
  return /^(?:query|mutation) (\w+)/m.exec(document)?.[1];
}

// lacks lists the places of an answer that are barren or refused: a null or empty root, a list without an item,
// a refusal with one. It looks into lists of refusals everywhere, and for items only outside other lists.
function lacks(data) {
  const found = [];
  const walk = (value, place, inList) => {
    if (value === null || typeof value !== "object") return;
    for (const [key, member] of Object.entries(value)) {
      const here = `${place}.${key}`;
      const refusals = key === "errors" || key === "userErrors";
      if (Array.isArray(member) && refusals !== (member.length === 0) && (refusals || !inList)) found.push(here);
      walk(member, here, inList || Array.isArray(member));
    }
  };
  for (const [key, value] of Object.entries(data)) if (value === null) found.push(key);
  walk(data, "data", false);
  return found;
}
