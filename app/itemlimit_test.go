package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/gqlhttp"
	"vodgraph/limits"
)

// TestTooManyItemsInOnePlace refuses a list that is longer than the library takes in userErrors,
// whichever the list and the limits are, and a list that no request may have in errors.
func TestTooManyItemsInOnePlace(t *testing.T) {
	t.Parallel()
	const item, ref = `{"kind": "VIDEO", "title": "x"}`, `{"id": "x"}`
	for set, most := range map[string]int{"": limits.DefaultLibrary().Items, "vod": limits.VODLibrary().Items} {
		c := config(t)
		if set != "" {
			c.Limits = set
		}
		a := open(t, c)
		run(t, a)
		list := map[string]int{"": limits.FilterList, "vod": limits.VODLibrary().Filter.List}[set]
		if _, text := posted(t, a.URL(), "", "{ viewer { limits { maxItems maxListValues maxFilterMembers } } }"); !strings.Contains(text,
			fmt.Sprintf(`{"maxItems":%d,"maxListValues":%d,"maxFilterMembers":%d}`, most, list, limits.FilterMembers)) {
			t.Errorf("%q: viewer.limits are %s", set, text)
		}
		for _, call := range []struct{ variable, field, argument, one string }{
			{"[AssetCreateInput!]!", "assetsCreate(items: $v)", "items", item},
			{"[AssetUpdateInput!]!", "assetsUpdate(items: $v)", "items", ref},
			{"[AssetStatusInput!]!", "assetsSetStatus(items: $v)", "items", `{"id": "x", "to": "NORMAL"}`},
			{"[AssetRef!]!", "assetsTrash(assets: $v)", "assets", ref},
			{"[AssetRef!]!", "assetsRestore(assets: $v)", "assets", ref},
			{"[AssetRef!]!", "assetsDelete(assets: $v)", "assets", ref},
			{"[String!]!", `playInfosDelete(asset: {id: "x"}, jobIds: $v)`, "jobIds", `"x"`},
			{"[String!]!", `tagsMerge(from: $v, into: "x")`, "from", `"x"`},
		} {
			text := "mutation($v: " + call.variable + ") {f: " + call.field + " {userErrors {code field message}}}"
			send := func(n int) gqlhttp.Answer {
				return ask(t, a.URL(), text, map[string]any{"v": json.RawMessage("[" + strings.TrimSuffix(strings.Repeat(call.one+",", n), ",") + "]")})
			}
			for _, n := range []int{most + 1, 10_000} {
				var got struct {
					F struct {
						UserErrors []struct {
							Code, Message string
							Field         []string
						}
					}
				}
				answered := send(n)
				into(t, answered, &got)
				if e := got.F.UserErrors; len(answered.Errors) > 0 || len(e) != 1 || e[0].Code != "TOO_MANY_ITEMS" || !slices.Equal(e[0].Field, []string{call.argument}) ||
					!strings.Contains(e[0].Message, fmt.Sprint(n)) || !strings.Contains(e[0].Message, fmt.Sprint(most)) {
					t.Errorf("%q: %s with %d: %v %.300s", set, call.field, n, answered.Errors, answered.Data)
				}
			}
			refused := send(10_001)
			if len(refused.Errors) != 1 || refused.Errors[0].Extensions["code"] != "LIST_TOO_LONG" || len(refused.Data) > 0 || fmt.Sprint(refused.Errors[0].Extensions["field"]) != "["+call.argument+"]" {
				t.Errorf("%q: %s with 10,001: %v %.300s", set, call.field, refused.Errors, refused.Data)
			}
		}
	}
}
