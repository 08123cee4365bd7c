package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
	"vodgraph/fault"
)

// BulkEndpoint is where files of changes are sent, and where their results are.
const BulkEndpoint = "/bulk"

const bulkResults = BulkEndpoint + "/{id}/results"

// LinesMediaType is the media type of files of changes and of their results.
const LinesMediaType = "application/jsonl"

// How files are received and results are polled.
const (
	// maxFilePause is how long the next bytes of a file may take.
	maxFilePause = time.Minute
	// ResultsPoll is the interval of polls for more results.
	ResultsPoll = 200 * time.Millisecond
)

// IsLongLived reports whether a request may go on for long: a file, or a stream of events.
func IsLongLived(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, BulkEndpoint) || strings.Contains(strings.Join(r.Header.Values("Accept"), ","), eventStream)
}

// Files receives files of changes, and sends the results of their lines.
type Files struct {
	catalog   *bulk.Catalog
	presenter *presenter
	// closing ends when the server does, and results that are waited for with it.
	closing context.Context
	// origins are the pages that may send files and read results.
	origins Origins
	// spending is what callers may spend.
	spending *access.Budget
}

// FileVerbs are the mutations that do what a file of a verb does, and take the same rights.
var FileVerbs = map[bulkoperation.Verb]auth.Verb{
	bulkoperation.VerbCREATE: auth.AssetsCreate, bulkoperation.VerbUPDATE: auth.AssetsUpdate,
	bulkoperation.VerbTRASH: auth.AssetsTrash, bulkoperation.VerbRESTORE: auth.AssetsRestore,
	bulkoperation.VerbDELETE: auth.AssetsDelete,
}

// NewFiles makes the handlers of files; closing ends when the server does.
func NewFiles(closing context.Context, c *bulk.Catalog, p *presenter, o Origins, s *access.Budget) Files {
	return Files{c, p, closing, o, s}
}

// Register adds the routes of files and of their results.
func (b Files) Register(mux *http.ServeMux) {
	mux.HandleFunc(BulkEndpoint, b.take)
	mux.HandleFunc("GET "+bulkResults, b.results)
	mux.HandleFunc("OPTIONS "+bulkResults, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", "OPTIONS, GET, HEAD")
		w.WriteHeader(http.StatusNoContent)
	})
}

// RequireRole passes callers with a right on to a handler, and charges them for it.
func (b Files) RequireRole(verb auth.Verb, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.authorize(w, r, verb) {
			next.ServeHTTP(w, r)
		}
	})
}

// authorize charges a caller with the right to a verb, and refuses others.
func (b Files) authorize(w http.ResponseWriter, r *http.Request, verb auth.Verb) bool {
	caller := auth.From(r.Context())
	if caller == nil || !caller.Can(verb) {
		right, _ := auth.RightTo(verb)
		b.refuse(w, r, http.StatusForbidden, fault.New(fault.Forbidden, "It takes the role %s.", right.Role))
		return false
	}
	if refused := b.spending.Spend(caller, access.FlatCost); refused != nil {
		w.Header().Set("Retry-After", strconv.Itoa(refused.RetryAfter))
		b.refuse(w, r, http.StatusTooManyRequests, refused)
		return false
	}
	return true
}

// Receipt is the answer to a file.
type Receipt struct {
	ID      string `json:"id"`
	Lines   int64  `json:"lines"`
	Results string `json:"results"`
}

// ResultsPath is where the results of an operation are.
func ResultsPath(id string) string { return BulkEndpoint + "/" + url.PathEscape(id) + "/results" }

// take answers POST /bulk. The media type is one that no form of a foreign page can
// send without asking.
func (b Files) take(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	body := slowReader{r.Body, out}
	body.wait() // for what comes of a file that is refused too: the server reads it before the next request
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		b.refuse(w, r, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, "The method must be POST."))
		return
	}
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != LinesMediaType {
		b.refuse(w, r, http.StatusUnsupportedMediaType, fault.New(fault.UnsupportedMediaType, "The Content-Type must be %s.", LinesMediaType))
		return
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		b.refuse(w, r, http.StatusUnsupportedMediaType, fault.New(fault.UnsupportedMediaType, "The file is taken as it is, without a Content-Encoding."))
		return
	}
	file, err := readFileOptions(r.URL.RawQuery)
	if err != nil {
		b.refuse(w, r, http.StatusBadRequest, err)
		return
	}
	verb, known := FileVerbs[file.Verb]
	if !known {
		verb = auth.AssetsUpdate // the catalog refuses the file
	}
	if !b.authorize(w, r, verb) {
		return
	}
	changes, err := exchange.Receive(r.Context(), b.catalog, body, file)
	if err != nil {
		b.refuse(w, r, bulkStatus(err), err)
		return
	}
	_ = out.SetReadDeadline(time.Time{}) // where there is none to set there is none to take away
	w.Header().Set("Content-Type", plainJSON+charset)
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(Receipt{changes.ID, changes.Lines, ResultsPath(changes.ID)}) // or the client went away
}

// slowReader reads what may come slowly, but not without end.
type slowReader struct {
	io.Reader
	conn *http.ResponseController
}

func (p slowReader) Read(into []byte) (int, error) {
	p.wait()
	return p.Reader.Read(into)
}

func (p slowReader) wait() {
	_ = p.conn.SetReadDeadline(time.Now().Add(maxFilePause)) // where there is none, the connection's own holds
}

func bulkStatus(err error) int {
	var broken *exchange.BrokenOff
	refused := fault.In(err)
	switch {
	case errors.Is(err, exchange.ErrLineTooLong):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &broken):
		return http.StatusBadRequest
	case refused == nil:
		return http.StatusInternalServerError
	case refused.Code == fault.NotFound:
		return http.StatusNotFound
	case refused.Code == fault.IdempotencyKeyReused:
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

func readFileOptions(raw string) (f bulk.File, err error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return f, fault.New(fault.Invalid, "The query string is malformed.")
	}
	f.Options = &change.BulkOptions{DryRun: new(bool)}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values.Get(name)
		switch {
		case len(values[name]) > 1:
			return f, fault.New(fault.Invalid, "It is given more than once.").At(name)
		case name == "verb":
			f.Verb = exchange.Verb(value)
		case name == "dryRun":
			*f.Options.DryRun, err = flag(name, value)
		case name == "force":
			f.Force, err = flag(name, value)
		case name == "key":
			f.Options.IdempotencyKey = &value
		case name == "note":
			f.Options.Note = &value
		case name == "fileName":
			f.Name = value
		default:
			err = fault.New(fault.Invalid, "There is no such setting; there are verb, dryRun, force, key, note and fileName.").At(name)
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// flag reads a setting that is on or off; named alone, it is on.
func flag(name, value string) (bool, error) {
	switch value {
	case "", "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, fault.New(fault.Invalid, "It is true or false.").At(name)
}

// errClosing ends results of which there would be more.
var errClosing = errors.New("the server ends")

func (b Files) results(w http.ResponseWriter, r *http.Request) {
	if foreign := b.origins.refuse(r); foreign != nil {
		b.refuse(w, r, http.StatusForbidden, foreign)
		return
	}
	if !b.authorize(w, r, auth.Read) {
		return
	}
	after := int64(0)
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			b.refuse(w, r, http.StatusBadRequest, fault.New(fault.Invalid, "It is the number of a line.").At("after"))
			return
		}
	}
	out := &begun{ResponseWriter: w}
	err := exchange.Results(r.Context(), b.catalog, exchange.ResultsOf{ID: r.PathValue("id"), After: after}, out, func(ctx context.Context) error {
		if err := out.flush(); err != nil {
			return err
		}
		look := time.NewTimer(ResultsPoll)
		defer look.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.closing.Done():
			return errClosing
		case <-look.C:
			return nil
		}
	})
	switch {
	case err == nil:
	case !out.yes:
		status := bulkStatus(err)
		if refused := fault.In(err); refused != nil && refused.Code == fault.Invalid {
			status = http.StatusConflict // it has not come whole
		}
		b.refuse(w, r, status, err)
	case out.gone == nil && r.Context().Err() == nil && !errors.Is(err, errClosing):
		b.presenter.present(r.Context(), err) // for the log: the answer lacks its summary
	}
}

// begun is an answer with lines that begins with what is written first.
type begun struct {
	http.ResponseWriter
	yes  bool
	gone error // of writing to a client that went away
}

func (b *begun) begin() {
	if !b.yes {
		b.yes = true
		b.Header().Set("Content-Type", LinesMediaType)
		b.Header().Set("Cache-Control", "no-store")
	}
}

func (b *begun) Write(text []byte) (int, error) {
	b.begin()
	n, err := b.ResponseWriter.Write(text)
	b.gone = errors.Join(b.gone, err)
	return n, err
}

func (b *begun) flush() error {
	b.begin()
	b.gone = errors.Join(b.gone, http.NewResponseController(b.ResponseWriter).Flush())
	return b.gone
}

func (b Files) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	var shown *gqlerror.Error
	if broken := (*exchange.BrokenOff)(nil); errors.As(err, &broken) {
		shown = &gqlerror.Error{}
		writeFault(shown, fault.New(fault.Invalid, "The file ended too early, or nothing came for a minute; with a key it can be sent again to go on."))
	} else {
		shown = b.presenter.present(r.Context(), err)
	}
	w.Header().Set("Content-Type", plainJSON+charset)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Answer{Errors: gqlerror.List{shown}}) // or the client went away
}
