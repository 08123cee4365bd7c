#!/bin/sh
# Checks vodgraph with the tools of its clients, all of them from npm at the versions of package-lock.json:
#
#   relay          relay-compiler accepts the queries in relay/ against schema.graphql
#   lint           graphql-schema-linter finds nothing in schema.graphql
#   conformance    graphql-http finds nothing in a server, and docs/conformance.md says so; see conformance.mjs
#   conversations  Apollo Client, urql, graphql-ws and graphql-sse each get on with a server; see conversations/
#   introspection  what graphql-js asks of a schema, in all ways, is answered; see introspection.mjs
#   browser        the playground works in Chromium with the network cut; see browser.test.mjs
#
#   clients/run.sh                     all six
#   clients/run.sh relay lint          those named
#   VODGRAPH=./vodgraph clients/run.sh     takes this binary instead of building one
#   CHROMIUM=/opt/chromium clients/run.sh  takes this browser; else one from the PATH
#
# What cannot be had is one line "SKIP: …" and the rest runs; with CI=true it is a failure.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
repo=$(dirname "$here")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
skipped=0

# skip SENTENCE  says what cannot be had.
skip() {
	echo "SKIP: $1"
	skipped=1
	if [ "${CI:-}" = true ]; then exit 1; fi
}

# packages  installs what the lock names, unless it is there already.
packages() {
	command -v npm >/dev/null && command -v node >/dev/null || return 1
	stamp=$here/node_modules/.installed
	cmp -s "$here/package-lock.json" "$stamp" && return 0
	(cd "$here" && npm ci --ignore-scripts --no-audit --no-fund) >"$scratch/npm.log" 2>&1 || {
		cat "$scratch/npm.log" >&2
		return 1
	}
	cp "$here/package-lock.json" "$stamp"
}

# relay  compiles in the scratch folder, which takes what the compiler writes.
relay() {
	mkdir "$scratch/relay" "$scratch/relay/artifacts"
	cp "$here"/relay/* "$repo/schema.graphql" "$scratch/relay/"
	(cd "$scratch/relay" && "$here/node_modules/.bin/relay-compiler" relay.config.json)
	# It answers "Done." too where it found nothing to compile.
	test -f "$scratch/relay/artifacts/LibraryCategoryQuery.graphql.ts"
}

# lint  runs all rules but these: enum-values-, input-object-fields-, interface-fields- and
# type-fields-sorted-alphabetically, because the schema puts things in the order in which they matter.
lint() {
	"$here/node_modules/.bin/graphql-schema-linter" --rules "$(paste -sd, - <<-RULES
		relay-connection-arguments-spec
		relay-connection-types-spec
		relay-page-info-spec
		types-have-descriptions
		fields-have-descriptions
		arguments-have-descriptions
		enum-values-have-descriptions
		input-object-values-have-descriptions
		descriptions-are-capitalized
		deprecations-have-a-reason
		defined-types-are-used
		types-are-capitalized
		fields-are-camel-cased
		input-object-values-are-camel-cased
		enum-values-all-caps
	RULES
	)" "$repo/schema.graphql"
}

# built  is the binary to check, built where none is named.
built() {
	if [ -n "${VODGRAPH:-}" ]; then
		realpath "$VODGRAPH"
		return
	fi
	[ -x "$scratch/vodgraph" ] || (cd "$repo" && go build -o "$scratch/vodgraph" .)
	echo "$scratch/vodgraph"
}

# conformance  starts the server on an empty library and audits it.
conformance() {
	binary=$(built)
	VODGRAPH=$binary node "$here/conformance.mjs"
}

# introspection  starts the server on an empty library and asks for its schema.
introspection() {
	binary=$(built)
	VODGRAPH=$binary node "$here/introspection.mjs"
}

# conversations  has each client talk to a server of its own, all at once. It takes ten seconds.
conversations() {
	binary=$(built)
	VODGRAPH=$binary node --test --test-reporter=spec "$here"/conversations/*.test.mjs
}

# browser  starts the server on a demo library and opens its playground.
browser() {
	chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
	if [ ! -x "$chromium" ]; then
		skip "The playground was not opened in a browser, because there is no Chromium (Debian: apt-get install chromium; or set CHROMIUM)."
		return
	fi
	binary=$(built)
	VODGRAPH=$binary CHROMIUM=$chromium node --test --test-reporter=spec "$here/browser.test.mjs"
}

packages || {
	skip "The checks of the clients were not run, because Node.js with npm, or its packages, cannot be had."
	exit 0
}
for check in ${*:-relay lint conformance introspection conversations browser}; do
	echo "== clients: $check"
	case $check in
	relay | lint | conformance | introspection | conversations | browser) "$check" ;;
	*)
		echo "There is no check $check; there are relay, lint, conformance, introspection, conversations and browser." >&2
		exit 2
		;;
	esac
done
if [ "$skipped" = 1 ]; then echo "Not all checks of the clients were run; see SKIP above."; fi
