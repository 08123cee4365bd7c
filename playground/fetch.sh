#!/bin/sh
# Fetches the third-party files of playground/assets from npm, so that anyone can prove the committed ones.
#
#   playground/fetch.sh           writes them anew
#   playground/fetch.sh --check   compares the committed ones with npm's, byte for byte, and writes nothing
#
# The versions stand below and the SHA-256 of every file in assets/SHA256SUMS; a file that differs from it is
# refused and nothing is written. To take new versions: change them here, run it, put the sums it found into
# SHA256SUMS, and bring LICENSES-bundled.txt up to date (its head says from what). Needs npm and sha256sum.
set -eu

assets=$(cd "$(dirname "$0")/assets" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/new"

# take PACKAGE@VERSION FILE:NAME...  unpacks FILE of the package as NAME.
take() {
	package=$1
	shift
	tarball=$(cd "$scratch" && npm pack --silent --ignore-scripts "$package" 2>"$scratch/npm.log") || {
		cat "$scratch/npm.log" >&2
		exit 1
	}
	for pair in "$@"; do
		tar -xzOf "$scratch/$tarball" "package/${pair%%:*}" >"$scratch/new/${pair##*:}"
	done
}

take graphiql@4.1.2 graphiql.min.js:graphiql.min.js graphiql.min.css:graphiql.min.css LICENSE:LICENSE-graphiql.txt
take react@18.2.0 umd/react.production.min.js:react.production.min.js LICENSE:LICENSE-react.txt
take react-dom@18.2.0 umd/react-dom.production.min.js:react-dom.production.min.js

(cd "$scratch/new" && sha256sum --check --quiet "$assets/SHA256SUMS") || {
	echo "What npm gave is not what assets/SHA256SUMS names; nothing was written. It gave:" >&2
	(cd "$scratch/new" && sha256sum -- *) >&2
	exit 1
}

if [ "${1:-}" = --check ]; then
	(cd "$assets" && sha256sum --check --quiet SHA256SUMS)
	echo "playground/assets equals what npm has."
else
	cp "$scratch"/new/* "$assets/"
	echo "playground/assets is written anew."
fi
