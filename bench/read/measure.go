package read

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"vodgraph/bench/measure"
	"vodgraph/bench/usage"
	"vodgraph/gqlhttp"
)

const (
	graphTarget  = "graph"
	anchorTarget = "L"
	besideTarget = "beside"
)

// target is one who answers questions. The anchor is in the process of the graph.
type target struct {
	name string
	*server
}

type row struct {
	target
	question   question
	load       measure.Target
	statements int
	turns      []turn
}

// turn has the processor's time of the server, and of its database where that is another process.
type turn struct {
	measure.Turn
	server, database time.Duration
}

func (t turn) rate() float64 { return float64(t.Requests) / t.Took.Seconds() }

// each is the processor's time a request, in milliseconds.
func (t turn) each() float64 { return measure.Milliseconds(t.server+t.database) / float64(t.Requests) }

func (r *row) values(of func(turn) float64) []float64 {
	all := make([]float64, len(r.turns))
	for i, t := range r.turns {
		all[i] = of(t)
	}
	return all
}

// measure asks all targets, of which the first is the anchor, all questions.
func (s *settings) measure(ctx context.Context, targets []target) (rows []*row, err error) {
	all, err := questions(ctx, targets[0].opened)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		some := make([]*row, len(targets))
		for i, t := range targets {
			some[i] = &row{target: t, question: q}
		}
		if err := s.measureQuestion(ctx, some); err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

// warming is how long a target is asked before it is measured.
const warming = time.Second

// measureQuestion asks the targets of one question turn by turn, after their answers were compared.
func (s *settings) measureQuestion(ctx context.Context, rows []*row) error {
	for i, r := range rows {
		err := r.prepare()
		if err == nil && i > 0 {
			err = r.compare(ctx, rows[i-1])
		}
		if err == nil {
			err = r.countStatements(ctx)
		}
		if err == nil {
			_, err = r.load.Load(ctx, s.clients, min(warming, s.turn))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return measure.Rounds(s.rounds, len(rows), func(_, i int) error {
		if err := rows[i].turn(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", rows[i].name, err)
		}
		return nil
	})
}

func (r *row) turn(ctx context.Context, s *settings) error {
	server, database, err := r.used(ctx)
	if err != nil {
		return err
	}
	done, err := r.load.Load(ctx, s.clients, s.turn)
	if err != nil {
		return err
	}
	serverAfter, databaseAfter, err := r.used(ctx)
	r.turns = append(r.turns, turn{done, serverAfter - server, databaseAfter - database})
	return err
}

// used is what the server and the processes of its database have used of the processor so far.
func (r *row) used(ctx context.Context) (server, database time.Duration, err error) {
	if server, err = usage.Of(r.PID()); err != nil {
		return 0, 0, err
	}
	database, err = usage.Backends(ctx, r.db.SQL, r.db.Postgres())
	return server, database, err
}

func (r *row) prepare() error {
	for _, d := range r.question.draws {
		request, err := r.request(d)
		if err != nil {
			return err
		}
		if err := r.load.Add(request); err != nil {
			return err
		}
	}
	return nil
}

func (r *row) request(d draw) (*http.Request, error) {
	if r.name == anchorTarget {
		return http.NewRequest(http.MethodGet, r.Anchors+"/"+r.question.name+"?"+url.Values{"arg": d.args}.Encode(), nil)
	}
	body, err := json.Marshal(map[string]any{"query": r.question.document, "variables": d.variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, r.URL+gqlhttp.Endpoint, bytes.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}

// compared is how many draws of a question are compared, and counted by their statements.
const compared = 50

// maxApart is by how many bytes an answer of another build may be longer or shorter.
const maxApart = 20

// compare requires that requests are answered as another target answers them: the graph as the anchor. Parts
// of a library that another build made have other ids and revisions, and so only lengths are compared.
func (r *row) compare(ctx context.Context, other *row) error {
	got, err := r.load.Answers(ctx, compared)
	if err != nil {
		return err
	}
	wanted, err := other.load.Answers(ctx, compared)
	if err != nil {
		return err
	}
	for i := range got {
		if r.name == besideTarget {
			if n := len(got[i]) - len(wanted[i]); n < -maxApart || n > maxApart {
				return fmt.Errorf("the answer is %d bytes longer than the graph's with %v:\n%s\n%s", n, r.question.draws[i].args, got[i], wanted[i])
			}
			continue
		}
		var one, two any
		if err := errors.Join(json.Unmarshal(got[i], &one), json.Unmarshal(wanted[i], &two)); err != nil {
			return err
		}
		if !reflect.DeepEqual(one, two) {
			return fmt.Errorf("the answer differs from the anchor's with %v:\n%v\n%v", r.question.draws[i].args, one, two)
		}
	}
	return nil
}

// countStatements counts the statements of a request: the most of some draws, as what hangs below nothing needs
// no statement. Those of another build are not seen from here.
func (r *row) countStatements(ctx context.Context) error {
	switch r.name {
	case anchorTarget:
		r.statements = 1
	case graphTarget:
		for _, d := range r.question.draws[:min(compared, len(r.question.draws))] {
			n, err := r.count(ctx, r.question.document, d.variables)
			if err != nil {
				return fmt.Errorf("count statements: %w", err)
			}
			r.statements = max(r.statements, n)
		}
	}
	return nil
}
