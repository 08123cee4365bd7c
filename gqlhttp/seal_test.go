package gqlhttp

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"vodgraph/library"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// TestUnpresentedErrors seals errors that came past the presenter.
func TestUnpresentedErrors(t *testing.T) {
	t.Parallel()
	log, recorder := &strings.Builder{}, httptest.NewRecorder()
	sealing := NewPresenter(slog.New(slog.NewTextHandler(log, nil)), library.NewReference)
	(&responder{recorder, httptest.NewRequest("POST", Endpoint, nil), sealing, ProfileAudit, "application/json"}).answer(
		&graphql.Response{Errors: gqlerror.List{{Message: "a secret"}}})
	if !strings.Contains(recorder.Body.String(), `"message":"internal error"`) || !strings.Contains(log.String(), "a secret") {
		t.Errorf("%s\n%s", recorder.Body, log)
	}
}
