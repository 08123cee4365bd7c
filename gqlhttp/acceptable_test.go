package gqlhttp

import "testing"

// TestAcceptable negotiates as RFC 9110 says.
func TestAcceptable(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"":                                  "application/json",
		" , ":                               "application/json",
		"*/*":                               "application/json",
		"application/*":                     "application/json",
		"application/graphql-response+json": "application/graphql-response+json",
		"Application/GraphQL-Response+JSON": "application/graphql-response+json",
		"application/json":                  "application/json",
		"text/html, */*;q=0.8":              "application/json",
		"application/graphql-response+json" + ", " + "application/json":                 "application/graphql-response+json",
		"application/json" + ", " + "application/graphql-response+json":                 "application/json",
		"application/graphql-response+json" + ", " + "application/json" + ";q=0.9":      "application/graphql-response+json",
		"application/graphql-response+json" + ";q=0.5, " + "application/json":           "application/json",
		"application/json" + ";q=0.5, " + "application/graphql-response+json" + ";q=.6": "application/graphql-response+json",
		"*/*, " + "application/graphql-response+json":                                   "application/graphql-response+json",
		"*/*;q=1, " + "application/graphql-response+json" + ";q=0.9":                    "application/json",
		"*/*, " + "application/json" + ";q=0":                                           "application/graphql-response+json",
		"application/*;q=0.1, */*;q=0.9":                                                "application/json",
		"application/json" + "; charset=UTF-8":                                          "application/json",
		"application/json" + "; charset=latin1":                                         "",
		"application/json" + ";q=0":                                                     "",
		"application/json" + ";q=2":                                                     "",
		"application/json" + ";q=NaN":                                                   "",
		"application/json" + ";q=x":                                                     "",
		"text/html":                                                                     "",
		"application":                                                                   "",
		"text/*":                                                                        "",
		"*/*;q=0":                                                                       "",
		";;;":                                                                           "",
		"text/html;q=0, " + "application/graphql-response+json":                         "application/graphql-response+json",
		"text/event-stream" + ", " + "application/json" + ";q=0.9":                      "application/json",
	} {
		if got := acceptable([]string{accept}, []string{"application/json", "application/graphql-response+json"}); got != want {
			t.Errorf("Accept: %s is answered by %q, want %q", accept, got, want)
		}
	}
	if got := acceptable([]string{"text/html", "application/graphql-response+json"}, []string{"application/json", "application/graphql-response+json"}); got != "application/graphql-response+json" {
		t.Errorf("two headers are answered by %q", got)
	}
}
