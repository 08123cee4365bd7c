package typesense

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/typesense/typesense-go/v3/typesense"
	"github.com/typesense/typesense-go/v3/typesense/api"

	"vodgraph/search"
)

// result is the answer to one search of a multi_search. Code is set where it failed.
type result struct {
	Code    int         `json:"code"`
	Error   string      `json:"error"`
	Found   int64       `json:"found"`
	Hits    []resultHit `json:"hits"`
	Facets  []facet     `json:"facet_counts"`
	CutOff  bool        `json:"search_cutoff"`
	Request struct {
		Collection string `json:"collection_name"`
	} `json:"request_params"`
}

type resultHit struct {
	Document  kept  `json:"document"`
	TextMatch int64 `json:"text_match"`
}

// kept is what is read of a document; a number that was not requested, or is absent, is
// nil.
type kept struct {
	ID       string `json:"id"`
	Revision int64  `json:"revision"`
	Seq      int64  `json:"seq"`
	Tie      int64  `json:"tie"`
	Size     *int64 `json:"n_size"`
	Duration *int64 `json:"n_duration"`
	Width    *int64 `json:"n_width"`
	Height   *int64 `json:"n_height"`
	Created  *int64 `json:"n_created"`
	Updated  *int64 `json:"n_updated"`
}

func (k *kept) number(field search.NumberField) *int64 {
	switch field {
	case search.NumberSize:
		return k.Size
	case search.NumberDuration:
		return k.Duration
	case search.NumberWidth:
		return k.Width
	case search.NumberHeight:
		return k.Height
	case search.NumberCreated:
		return k.Created
	case search.NumberUpdated:
		return k.Updated
	}
	return nil
}

type facet struct {
	Field  string `json:"field_name"`
	Counts []struct {
		Count int64  `json:"count"`
		Value string `json:"value"`
	} `json:"counts"`
}

// ask sends searches in one request, and returns as many results. It is an error only
// where none of them ran.
func (c *client) ask(ctx context.Context, searches ...searchRequest) ([]result, error) {
	body, err := json.Marshal(map[string]any{"searches": searches})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Results []result `json:"results"`
	}
	err = within(ctx, askTimeout, func(ctx context.Context) error {
		response, err := c.raw.MultiSearchWithBody(ctx, &api.MultiSearchParams{}, "application/json", bytes.NewReader(body))
		if err != nil {
			return err
		}
		content, err := read(response)
		if err != nil {
			return err
		}
		return json.Unmarshal(content, &answer)
	})
	if err != nil {
		return nil, err
	}
	if len(answer.Results) != len(searches) {
		return nil, fmt.Errorf("Typesense answers %d of %d searches", len(answer.Results), len(searches))
	}
	return answer.Results, nil
}

func read(response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, &typesense.HTTPError{Status: response.StatusCode, Body: content}
	}
	return content, nil
}
