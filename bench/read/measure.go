package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"time"
)

// The targets of a question.
const (
	graphTarget  = "graph"
	anchorTarget = "L"
	besideTarget = "beside"
)

// row is what one target did with one question.
type row struct {
	question   question
	target     string
	statements int
	turns      []turn
	// ratio is the median of its rate by that of the anchor, round by round;
	// thrift that of the anchor's processor time a request by its own, which moves
	// less where other work runs on the machine.
	ratio, thrift float64
}

// warming is how long a target is asked before it is measured.
const warming = time.Second

// compared is how many draws of a question are compared before it is measured.
const compared = 50

// measure asks all targets of all questions, turn by turn.
func measure(ctx context.Context, s settings, lib *library) (rows []*row, err error) {
	asked := inquire(lib.db, lib.catalog, lib.counted)
	videos, err := texts(ctx, lib.db.SQL, "SELECT id FROM assets WHERE kind = 'VIDEO' ORDER BY id")
	if err != nil {
		return nil, err
	}
	all, err := questions(ctx, asked, videos)
	if err != nil {
		return nil, err
	}
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	programs := map[string]string{graphTarget: own}
	if s.beside != "" {
		programs[besideTarget] = s.beside
	}
	servers := map[string]*server{}
	defer func() {
		for _, started := range servers {
			err = errors.Join(err, started.stop())
		}
	}()
	for name, program := range programs {
		if servers[name], err = startServer(ctx, program, lib.store); err != nil {
			delete(servers, name)
			return nil, err
		}
	}
	for _, q := range all {
		some, err := measureQuestion(ctx, s, lib, q, servers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		if err := count(ctx, lib, asked, some); err != nil {
			return nil, fmt.Errorf("%s: count statements: %w", q.name, err)
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

// measureQuestion asks the targets of one question, the anchor first.
func measureQuestion(ctx context.Context, s settings, lib *library, q question, servers map[string]*server) ([]*row, error) {
	rows := []*row{{question: q, target: anchorTarget}, {question: q, target: graphTarget}}
	if servers[besideTarget] != nil {
		rows = append(rows, &row{question: q, target: besideTarget})
	}
	targets := make([]target, len(rows))
	for i, r := range rows {
		requests, err := requestsOf(r, servers)
		if err != nil {
			return nil, err
		}
		if err := compare(ctx, q, requests, rows[0], servers); err != nil {
			return nil, fmt.Errorf("%s: %w", r.target, err)
		}
		if targets[i], err = newTarget(requests); err != nil {
			return nil, err
		}
		if _, err := targets[i].load(ctx, s.clients, min(warming, s.turn)); err != nil {
			return nil, fmt.Errorf("%s: %w", r.target, err)
		}
	}
	for round := range s.rounds {
		for j := range rows {
			i := (round + j) % len(rows) // so that none is always the first
			before, err := spentBy(ctx, serverOf(rows[i], servers), lib)
			if err != nil {
				return nil, err
			}
			done, err := targets[i].load(ctx, s.clients, s.turn)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", rows[i].target, err)
			}
			after, err := spentBy(ctx, serverOf(rows[i], servers), lib)
			if err != nil {
				return nil, err
			}
			done.spent = spent{after.server - before.server, after.database - before.database}
			rows[i].turns = append(rows[i].turns, done)
		}
	}
	for _, r := range rows {
		r.ratio = median(r.turns, func(i int, t turn) float64 { return t.rate() / rows[0].turns[i].rate() })
		r.thrift = median(r.turns, func(i int, t turn) float64 { return rows[0].turns[i].each() / t.each() })
	}
	return rows, nil
}

// median is the middle of what the turns say.
func median(turns []turn, of func(i int, t turn) float64) float64 {
	values := make([]float64, len(turns))
	for i, t := range turns {
		values[i] = of(i, t)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// serverOf is the server that answers a row; the anchor lives beside the graph.
func serverOf(r *row, servers map[string]*server) *server {
	if r.target == besideTarget {
		return servers[besideTarget]
	}
	return servers[graphTarget]
}

// requestsOf are a row's requests, one for each draw.
func requestsOf(r *row, servers map[string]*server) ([]*http.Request, error) {
	requests := make([]*http.Request, len(r.question.draws))
	for i, d := range r.question.draws {
		var err error
		if requests[i], err = requestOf(r, serverOf(r, servers), d); err != nil {
			return nil, err
		}
	}
	return requests, nil
}

func requestOf(r *row, s *server, d draw) (*http.Request, error) {
	if r.target == anchorTarget {
		return anchorRequest(s.Anchor, r.question, d)
	}
	body, err := json.Marshal(map[string]any{"query": r.question.document, "variables": d.variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, s.Graph, bytes.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}

// compare holds that requests are answered as the anchor answers them.
func compare(ctx context.Context, q question, requests []*http.Request, first *row, servers map[string]*server) error {
	for i, request := range requests[:min(compared, len(requests))] {
		other, err := requestOf(first, servers[graphTarget], q.draws[i])
		if err != nil {
			return err
		}
		got, err := fetch(ctx, request)
		if err != nil {
			return err
		}
		want, err := fetch(ctx, other)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("the answer differs from the anchor's with %v:\n%v\n%v", q.draws[i].args, got, want)
		}
	}
	return nil
}

// fetch is the JSON value that a request is answered with.
func fetch(ctx context.Context, request *http.Request) (any, error) {
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return nil, err
		}
		request = request.Clone(ctx)
		request.Body = body
	}
	response, err := http.DefaultClient.Do(request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, fmt.Errorf("%s: %.300s", response.Status, text)
	}
	return value, nil
}

// count counts the statements of a request of each row: the most of some draws,
// as what hangs below nothing needs no statement.
func count(ctx context.Context, lib *library, asked *inquirer, rows []*row) error {
	anchors, err := newAnchor(ctx, lib.db)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, d := range r.question.draws[:min(compared, len(r.question.draws))] {
			before := lib.counted.Load()
			switch r.target {
			case graphTarget:
				_, _, err = asked.ask(ctx, r.question.document, d.variables)
			case anchorTarget:
				err = anchors.answer(ctx, r.question.name, d.args, func([]byte) {})
			}
			if err != nil {
				return err
			}
			r.statements = max(r.statements, int(lib.counted.Load()-before))
		}
	}
	return nil
}
