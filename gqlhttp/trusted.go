package gqlhttp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"

	"vodgraph/fault"
)

// What is done with a document that is not on the list of trusted ones.
const (
	// TrustedOff executes it: the list saves its clients the text.
	TrustedOff = "off"
	// TrustedLog executes it, and writes once into the log that it is not on the list.
	TrustedLog = "log"
	// TrustedOnly refuses it.
	TrustedOnly = "only"
)

// trusted are documents that were known before the server started, by each of their
// names: the id that the list gives them, and the hash of their text.
type trusted map[string]string

// DocumentHash is the name of a document that its text gives it: its SHA-256 in hexadecimal
// digits.
func DocumentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

const hashed = "sha256:"

// readTrusted reads a list of documents: a JSON object of ids and texts, or the manifest
// that Apollo's tools write. It refuses what is none, and a text that is not the one that
// its id is the hash of. Without a file there are none.
func readTrusted(file string) (trusted, error) {
	if file == "" {
		return nil, nil
	}
	refuse := func(format string, args ...any) error {
		return fault.New(fault.Invalid, "--trusted-documents: "+format, args...).At("trusted-documents")
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, refuse("%v.", err)
	}
	texts, err := manifest(content)
	if err != nil {
		return nil, refuse("%s is not a JSON object of ids and documents.", file)
	}
	list := trusted{}
	for id, text := range texts {
		hash := DocumentHash(text)
		if id == "" || text == "" {
			return nil, refuse("%s has a document without id or text.", file)
		}
		if strings.HasPrefix(id, hashed) && id != hashed+hash {
			return nil, refuse("%s has %s, which is not the hash of its text.", file, id)
		}
		list[hash], list[hashed+hash] = text, text
	}
	for id, text := range texts {
		list[id] = text // the given names win
	}
	return list, nil
}

func manifest(content []byte) (map[string]string, error) {
	var apollo struct {
		Format     string
		Operations []struct{ ID, Body string }
	}
	if err := json.Unmarshal(content, &apollo); err == nil && apollo.Format == "apollo-persisted-query-manifest" {
		texts := map[string]string{}
		for _, one := range apollo.Operations {
			texts[one.ID] = one.Body
		}
		return texts, nil
	}
	var texts map[string]string
	err := json.Unmarshal(content, &texts)
	return texts, err
}
