// Starts GraphiQL with the settings that the page carries as JSON: the endpoint and the examples.
// It is a file, and not a script in the page, because the page forbids inline scripts.
(function () {
  "use strict";
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const ask = GraphiQL.createFetcher({ url: settings.endpoint });

  // GraphiQL learns the name of an operation a moment after its tab is opened. Who runs it sooner would send
  // the name from the tab before, and be refused; without a name, the one operation there is runs.
  const fetcher = (request, options) => {
    const named = new RegExp(`^\\s*(query|mutation|subscription)\\s+${request.operationName}\\b`, "m");
    const known = named.test(request.query);
    return ask(known ? request : { ...request, operationName: undefined }, options);
  };

  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, {
      fetcher,
      // GraphiQL keeps the tabs of a browser; the examples are what it opens with the first time.
      defaultTabs: settings.examples.map(({ query, variables }) => ({ query, variables })),
      defaultEditorToolsVisibility: "variables",
      // A header may hold a key, and no key belongs into the browser's storage.
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    }),
  );
})();
