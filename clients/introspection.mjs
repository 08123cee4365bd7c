// Asks a real server, with the limits it comes with, what tools ask it of its schema: the query of graphql-js with every
// combination of its options.
//
//   VODGRAPH=/path/of/the/binary node introspection.mjs
import { buildClientSchema, getIntrospectionQuery } from "graphql";
import { startServer } from "./server.mjs";

const options = ["descriptions", "specifiedByUrl", "directiveIsRepeatable", "schemaDescription", "inputValueDeprecation", "oneOf"];

const server = await startServer(process.env.VODGRAPH);
let failed = 0;
try {
  for (let n = 0; n < 2 ** options.length; n++) {
    const chosen = Object.fromEntries(options.map((name, i) => [name, (n & (1 << i)) !== 0]));
    const response = await fetch(`${server.url}graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query: getIntrospectionQuery(chosen) }),
    });
    const { data, errors } = await response.json();
    if (errors === undefined && buildClientSchema(data).getQueryType()?.name === "Query") continue;
    failed++;
    console.error(JSON.stringify(chosen), JSON.stringify(errors));
  }
} finally {
  await server.stop();
}
console.log(`${2 ** options.length - failed} of ${2 ** options.length} ways to ask for the schema are answered.`);
process.exitCode = failed === 0 ? 0 : 1;
