package app

import (
	"os"
	"path/filepath"
	"testing"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

// TestTrustedFiles reads Apollo's manifest, and refuses what is none with the flag.
func TestTrustedFiles(t *testing.T) {
	t.Parallel()
	a, _ := trusting(t, gqlhttp.TrustedOnly, `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
		{"id": "abc", "name": "A", "type": "query", "body": "{__typename}"}]}`)
	if got := reply(t, a.URL(), byHash(gqlhttp.DocumentHash(`{__typename}`), "")); got != `200 {"__typename":"Query"}` {
		t.Errorf("%s", got)
	}
	for _, content := range []string{``, `[]`, `{"a": 1}`, `{"": "{a}"}`, `{"a": ""}`, `{"sha256:00": "{a}"}`} {
		file := filepath.Join(t.TempDir(), "documents.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		c := config(t)
		c.TrustedDocuments = file
		if _, err := Open(t.Context(), c, (&logged{}).logger()); fault.In(err) == nil || fault.In(err).Field[0] != "trusted-documents" {
			t.Errorf("%s: %v", content, err)
		}
	}
	broken := config(t)
	broken.TrustedDocuments = filepath.Join(t.TempDir(), "missing.json")
	if _, err := Open(t.Context(), broken, (&logged{}).logger()); fault.In(err) == nil {
		t.Errorf("a missing file: %v", err)
	}
}
