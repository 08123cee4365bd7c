// Audits a real server with graphql-http, the checks of GraphQL over HTTP that its working group points to, and writes
// docs/conformance.md:
//
//   VODGRAPH=/path/of/the/binary node conformance.mjs
//
// It fails where an audit is anything but ok, and where the page was another before.
import { readFile, writeFile } from "node:fs/promises";
import { auditServer } from "graphql-http";
import { startServer } from "./server.mjs";

const page = new URL("../docs/conformance.md", import.meta.url);
const pinned = JSON.parse(await readFile(new URL("./package.json", import.meta.url), "utf8")).devDependencies["graphql-http"];

// How many audits this version has. One that were skipped would otherwise pass for one that holds.
const wanted = 61;

const server = await startServer(process.env.VODGRAPH);
let results;
try {
  results = await auditServer({ url: `${server.url}graphql` });
} finally {
  await server.stop();
}
const failed = results.filter(({ status }) => status !== "ok");
for (const { id, name, status, reason } of failed) console.error(`${id} ${status}: ${name}: ${reason}`);

const text = render(results);
const before = await readFile(page, "utf8").catch(() => "");
if (text !== before) {
  await writeFile(page, text);
  console.error("docs/conformance.md was not fresh. It is written anew now; look at it, and keep it.");
}
console.log(`${results.length - failed.length} of ${wanted} audits are ok.`);
process.exitCode = failed.length === 0 && results.length === wanted && text === before ? 0 : 1;

// render makes the page of what was found. It holds nothing that differs from one run to the next.
function render(audits) {
  const ok = audits.filter(({ status }) => status === "ok").length;
  const rows = audits.map(({ id, name, status }) => `| ${id} | ${name.replaceAll("|", "\\|")} | ${status} |`);
  return `# Conformance

This page is made by \`clients/run.sh conformance\`, which every run of the tests contains and which fails where an audit does.

[GraphQL over HTTP](https://graphql.github.io/graphql-over-http/draft/), audited by
[graphql-http](https://github.com/graphql/graphql-http) ${pinned} against a server as it comes: **${ok} of ${audits.length} ok**.

These audits are of an older text. What the newest one has otherwise, 422 for a document that does not fit and 294 for data with
errors, is answered with \`--http-profile 2026\`; the project's own tests hold both.

| audit | what | result |
|---|---|---|
${rows.join("\n")}
`;
}
