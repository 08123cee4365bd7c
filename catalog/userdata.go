package catalog

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// compactJSON is user data in the form that is kept, exported and measured: without white
// space, and with no escapes but those that JSON needs, so that a value has one size however
// it was spelled. Numbers and the order of members stay as they are. Null is none, and nil.
// It refuses what is not JSON, half characters, and what is larger than the limit.
func compactJSON(k *change.Check, data json.RawMessage, field ...string) json.RawMessage {
	if len(data) == 0 || !checkJSON(k, data, field...) {
		return nil
	}
	kept := unescaped(data)
	if string(kept) == "null" {
		return nil
	}
	if most := k.Limits.UserData; len(kept) > most {
		k.Refuse(fault.New(fault.UserDataTooLarge, "The user data has %d bytes, and at most %d are taken.", len(kept), most), field...)
	}
	return kept
}

// checkJSON refuses what is not JSON, members that are given twice and half characters, and
// reports whether there are none.
func checkJSON(k *change.Check, data json.RawMessage, field ...string) bool {
	refused := jsonwalk.Check(data, "The user data")
	if refused != nil {
		k.Refuse(refused, field...)
	}
	return refused == nil
}

// unescaped is compact JSON with no escapes but those that JSON needs; half characters,
// which only older libraries have, become U+FFFD.
func unescaped(data json.RawMessage, more ...jsontext.Options) json.RawMessage {
	options := append(more, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	kept, _ := jsontext.AppendFormat(nil, data, options...)
	return kept
}

// sameJSON reports whether two values are the same but for the order of members.
func sameJSON(a, b json.RawMessage) bool {
	ordered := jsontext.ReorderRawObjects(true)
	return (a == nil) == (b == nil) && bytes.Equal(unescaped(a, ordered), unescaped(b, ordered))
}

// merge applies a merge patch (RFC 7396): members that are null go, objects are
// merged, all else is replaced.
func merge(target, patch any) any {
	p, object := patch.(map[string]any)
	if !object {
		return patch
	}
	merged := map[string]any{}
	if t, is := target.(map[string]any); is {
		for name, v := range t {
			merged[name] = v
		}
	}
	for name, v := range p {
		if v == nil {
			delete(merged, name)
			continue
		}
		merged[name] = merge(merged[name], v)
	}
	return merged
}

// mergeJSON is merge on texts. Either may be absent.
func mergeJSON(target, patch json.RawMessage) (json.RawMessage, error) {
	p, err := change.Decode(patch)
	if err != nil {
		return nil, err
	}
	var t any
	if target != nil {
		if t, err = change.Decode(target); err != nil {
			return nil, err
		}
	}
	merged, err := json.Marshal(merge(t, p))
	return unescaped(merged), err
}
