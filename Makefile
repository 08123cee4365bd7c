# The words of this project. "make help" lists them; each does its own set-up.
#
# What is fetched (Typesense, and Postgres where the machine has none) goes to
# VODGRAPH_CACHE, by default vodgraph in the user's folder of caches. Nothing
# needs root.

GO ?= go
# More for "go test", such as TESTFLAGS='-race -run TestX'.
TESTFLAGS ?=
# For how long each target of "make fuzz" is fuzzed.
FUZZTIME ?= 10s
# Linters are run at one version, so that they find the same everywhere.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.0
EXHAUSTIVE := github.com/nishanths/exhaustive/cmd/exhaustive@v0.17.1

# Packages written by hand: all but graph/ and ent/, and of ent/ these.
HAND = $$($(GO) list ./... | grep -v -E '^vodgraph/(graph|ent)(/|$$)') ./ent/schema ./ent/collect ./ent/fact ./ent/migrate/...
# Go files, as git knows them: no packages of Node.
FILES = git ls-files --cached --others --exclude-standard '*.go'
# Runs commands with a Postgres server, and says at the end what was skipped; the
# second one has a Typesense server too.
SERVE := $(GO) run ./dbtest/serve --
SERVE_ALL := $(GO) run ./dbtest/serve -search --

.DEFAULT_GOAL := help
.PHONY: help run test fuzz soak bench lint vet lines format generate migration verify

help: ## lists these words
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: ## serves a demo library on http://127.0.0.1:8080
	$(GO) run . --demo

test: ## runs all tests, on real databases and search engines, and the checks of the clients
	$(SERVE_ALL) $(GO) test $(TESTFLAGS) ./... -- clients/run.sh

fuzz: ## sends what nobody thought of: requests, filters, cursors, documents, JSON, for FUZZTIME each
	.ci/fuzz ./gqlhttp FuzzRequest $(FUZZTIME)
	.ci/fuzz ./app FuzzFilter $(FUZZTIME)
	.ci/fuzz ./keyset FuzzCursor $(FUZZTIME)
	.ci/fuzz ./limits FuzzCost $(FUZZTIME)
	.ci/fuzz ./jsonwalk FuzzWalk $(FUZZTIME)

soak: ## runs all tests at full size, and fuzzes for longer; takes an hour or more
	SOAK=1 $(SERVE_ALL) $(GO) test -timeout 6h $(TESTFLAGS) ./...
	$(MAKE) fuzz FUZZTIME=2m

bench: ## measures import, reading, bulk changes, subscribers and hostile requests in short, and runs the benchmarks
	$(GO) run ./dbtest/serve -search -set autovacuum=on -- $(GO) run ./bench import -assets 1000 \
	  -- sh -c '$(GO) run ./bench import -assets 1000 -database "$$TEST_DATABASE_URL"' \
	  -- $(GO) run ./bench read -assets 2000 -seconds 1 \
	  -- sh -c '$(GO) run ./bench read -assets 2000 -seconds 1 -database "$$TEST_DATABASE_URL"' \
	  -- $(GO) run ./bench bulk -assets 2000 -updates 1000 -rounds 1 -operations 1 -seconds 1 \
	  -- sh -c '$(GO) run ./bench bulk -assets 2000 -updates 1000 -rounds 1 -operations 1 -seconds 1 -database "$$TEST_DATABASE_URL"' \
	  -- $(GO) run ./bench subscribers -idle 500 -busy 50 -rest 1 -seconds 2 \
	  -- $(GO) run ./bench hostile -times 2 -seconds 2 \
	  -- $(GO) test -run '^$$' -bench . -benchmem $(TESTFLAGS) ./...

lint: ## looks for faults with staticcheck, of which staticcheck.conf has what is left out, and why; and for switches over our enums that lack a value
	$(GO) run $(STATICCHECK) $(HAND)
	$(GO) run $(EXHAUSTIVE) -d -typeonly '^vodgraph/' $(HAND)

vet: ## looks for faults with go vet
	$(GO) vet ./...

lines: ## counts the shipped Go lines that are written by hand, of each package and of all
	@$(FILES) | grep -v -E '_test\.go$$|^(bench|dbtest|demo|docs)/|test/' \
	  | xargs grep -L -E '^// Code generated .* DO NOT EDIT\.$$' | LC_ALL=C sort \
	  | xargs awk '{ p = FILENAME; if (!sub("/[^/]*$$", "", p)) p = "."; n[p]++; all++ } \
	      END { for (p in n) printf "%7d  %s\n", n[p], p | "sort -k2"; close("sort -k2"); printf "%7d  all\n", all }'

format: ## formats the Go files
	$(FILES) | xargs gofmt -w

generate: ## makes anew what is made: ent/ from its schema, graph/ from schema.graphql, docs/errors.md, docs/fields.md, tables and figures in other pages
	$(GO) generate ./ent
	$(GO) run ./docs/figures
	$(GO) tool gqlgen generate
	$(GO) run ./docs/errors schema.graphql > .errors.md && mv .errors.md docs/errors.md || { rm -f .errors.md; exit 1; }
	$(GO) run ./docs/fields > .fields.md && mv .fields.md docs/fields.md || { rm -f .fields.md; exit 1; }

migration: ## writes the migration for what has changed in ent/schema: make migration name=add_colours
	@test -n "$(name)" || { echo "Name what changes: make migration name=add_colours"; exit 2; }
	$(SERVE) $(GO) run ./ent/migrate/diff $(name)

verify: ## proves that generated files are fresh, and runs format, vet, lint and test
	.ci/fresh $(MAKE) generate
	@unformatted=$$($(FILES) | xargs gofmt -l); test -z "$$unformatted" || { echo "Not formatted: $$unformatted"; exit 1; }
	$(MAKE) vet lint test
