package catalog

import (
	"bytes"
	"encoding/json"
	"strings"

	"vodgraph/fault"
)

// compact is user data without white space, or nil for null, which is none. It
// refuses what is not JSON, and what is larger than the limit.
func (k *check) compact(data json.RawMessage, field ...string) json.RawMessage {
	var b bytes.Buffer
	if err := json.Compact(&b, data); err != nil {
		k.require(len(data) == 0, "The user data is not JSON.", field...)
		return nil
	}
	if b.String() == "null" {
		return nil
	}
	if most := k.limits.UserData; b.Len() > most {
		k.refuse(fault.New(fault.UserDataTooLarge, "The user data has %d bytes, and at most %d are taken.", b.Len(), most), field...)
	}
	return b.Bytes()
}

// sameJSON reports whether two values are the same but for the order of members.
func sameJSON(a, b json.RawMessage) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return bytes.Equal(canonical(a), canonical(b))
}

// canonical is JSON with its members in order, and its numbers as written.
func canonical(data json.RawMessage) []byte {
	v, err := decode(data)
	if err != nil {
		return data
	}
	b, err := json.Marshal(v)
	if err != nil {
		return data
	}
	return b
}

func decode(data json.RawMessage) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
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
	p, err := decode(patch)
	if err != nil {
		return nil, err
	}
	var t any
	if target != nil {
		if t, err = decode(target); err != nil {
			return nil, err
		}
	}
	return encode(merge(t, p))
}

func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// holdsNUL reports whether a text of JSON holds U+0000, as a value or a name.
func holdsNUL(data json.RawMessage) bool {
	if !bytes.Contains(data, []byte(`\u0000`)) {
		return false
	}
	v, err := decode(data)
	return err == nil && anyNUL(v)
}

func anyNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, one := range v {
			if anyNUL(one) {
				return true
			}
		}
	case map[string]any:
		for name, one := range v {
			if strings.ContainsRune(name, 0) || anyNUL(one) {
				return true
			}
		}
	}
	return false
}
