package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/arguments"
	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/asset"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/reviewfinding"
	"vodgraph/ent/snapshot"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/limits"
	"vodgraph/resolvers"
)

// server is the graph over a database of one test.
type server struct {
	*testing.T
	db      *dbtest.DB
	handler http.Handler
	// caller returns who asks; nil is the process itself.
	caller func() *auth.Caller
}

// by has administrators ask, who are called what actor returns.
func (s *server) by(actor func() string) {
	s.caller = func() *auth.Caller { return &auth.Caller{Name: actor(), Role: auth.Admin} }
}

func serve(t *testing.T, db *dbtest.DB) *server {
	return serveRoot(t, db, &resolvers.Root{Client: db.Client, Catalog: bulk.New(db.Client, change.Options{Limits: limits.DefaultLibrary()}), Limits: limits.DefaultLibrary()})
}

func serveRoot(t *testing.T, db *dbtest.DB, root *resolvers.Root) *server {
	executable := graph.NewExecutableSchema(graph.Config{Resolvers: root})
	h := handler.New(executable)
	h.AddTransport(transport.POST{})
	h.Use(arguments.Mutations{Schema: executable.Schema()})
	h.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var refused *fault.Fault
		if errors.As(err, &refused) {
			shown.Extensions = map[string]any{"code": refused.Code, "field": refused.Field}
		}
		return shown
	})
	return &server{T: t, db: db, handler: h}
}

// answer is what a request came to.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct {
			Code  string
			Field []string
		}
	}
}

// send sends a request.
func (s *server) send(query string, variables map[string]any) answer {
	s.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if s.caller != nil {
		request = request.WithContext(auth.With(request.Context(), s.caller()))
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	var a answer
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil {
		s.Fatalf("%v in %s", err, recorder.Body)
	}
	return a
}

// ask sends a request that must not fail, and decodes its data.
func (s *server) ask(query string, variables map[string]any, data any) {
	s.Helper()
	a := s.send(query, variables)
	if len(a.Errors) > 0 {
		s.Fatalf("%s: %v", query, a.Errors)
	}
	if err := json.Unmarshal(a.Data, data); err != nil {
		s.Fatalf("%v in %s", err, a.Data)
	}
}

// refused sends a request that must be refused with a code at an argument.
func (s *server) refused(code fault.Code, argument, query string, variables map[string]any) {
	s.Helper()
	a := s.send(query, variables)
	if len(a.Errors) == 0 {
		s.Fatalf("%s is not refused: %s", query, a.Data)
	}
	e := a.Errors[0]
	if e.Extensions.Code != string(code) || argument != "" && (len(e.Extensions.Field) == 0 || e.Extensions.Field[0] != argument) {
		s.Fatalf("%s is refused with %+v, not with %s at %s", query, e, code, argument)
	}
}

// statements are how many statements a request takes that must not fail.
func (s *server) statements(query string, variables map[string]any) int {
	s.Helper()
	var data any
	statements := s.db.Statements(func() { s.ask(query, variables, &data) })
	return len(statements)
}

// epoch is when the world of a test was made.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

const worldTags, worldRoots = 6, 3

func id(prefix string, n int) string { return fmt.Sprintf("%s_%026d", prefix, n) }

// world fills a database with n assets of each kind and all that can hang below.
type world struct {
	*testing.T
	db     *ent.Client
	n      int
	serial int64
}

func build(t *testing.T, db *dbtest.DB, n int) {
	t.Helper()
	w := &world{T: t, db: db.Client, n: n}
	w.names()
	for i := range n {
		for _, k := range []asset.Kind{asset.KindATTACHMENT, asset.KindIMAGE, asset.KindVIDEO, asset.KindAUDIO} {
			w.asset(k, i)
		}
	}
	for i := range n {
		w.between(i)
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) next() int64 { w.serial++; return w.serial }

func (w *world) names() {
	ctx := w.Context()
	for i := range worldTags {
		w.must(w.db.Tag.Create().SetID(id("tag", i)).SetName(fmt.Sprintf("tag %c", 'a'+i)).Exec(ctx))
	}
	for i := range worldRoots {
		root := id("cat", i)
		w.must(w.db.Category.Create().SetID(root).SetName(fmt.Sprint("root ", i)).SetLevel(1).
			SetPath(fmt.Sprint("root ", i)).SetCreatedAt(epoch).Exec(ctx))
		for j := range 2 {
			w.must(w.db.Category.Create().SetID(id("cat", 10+2*i+j)).SetName(fmt.Sprint("leaf ", j)).SetLevel(2).
				SetParentID(root).SetPath(fmt.Sprintf("root %d\x1fleaf %d", i, j)).SetCreatedAt(epoch).Exec(ctx))
		}
	}
}

var prefixes = map[asset.Kind]string{
	asset.KindVIDEO: "vid", asset.KindAUDIO: "aud", asset.KindIMAGE: "img", asset.KindATTACHMENT: "att",
}

// bare is an asset with nothing below it.
func bare(db *ent.Client, k asset.Kind, i int) *ent.AssetCreate {
	a := db.Asset.Create().SetID(id(prefixes[k], i)).SetKind(k).SetTitle(fmt.Sprint(k, " ", i)).
		SetTitleKey(fmt.Sprintf("%s %03d", prefixes[k], i%7)).SetAlternativeTitles([]string{"other"}).SetStatus(asset.StatusNORMAL).
		SetStorageLocation("default").SetStorageClass(asset.StorageClassSTANDARD).SetMediaSource(asset.MediaSourceGENERAL).
		SetDownloadEnabled(true).SetRevision(1).SetReferenceID(fmt.Sprint(prefixes[k], "-", i)).
		SetCreatedAt(epoch.Add(time.Duration(i/3) * time.Second)).SetUpdatedAt(epoch.Add(-time.Duration(i) * time.Second)).
		SetSizeAsc(1<<63 - 1).SetSizeDesc(-1).SetDurationAsc(1e300).SetDurationDesc(-1)
	if i%3 != 0 {
		a.SetSize(int64(i % 5)).SetSizeAsc(int64(i % 5)).SetSizeDesc(int64(i % 5))
	}
	switch k {
	case asset.KindVIDEO, asset.KindAUDIO:
		if i%4 != 0 {
			d := float64(i%3) + 0.125
			a.SetDuration(d).SetDurationAsc(d).SetDurationDesc(d)
		}
	case asset.KindIMAGE:
		a.SetImageType(asset.ImageTypeCOVER)
	case asset.KindATTACHMENT:
		a.SetBusinessType(asset.BusinessTypeSUBTITLE)
	}
	return a
}

func (w *world) asset(k asset.Kind, i int) {
	ctx := w.Context()
	a := id(prefixes[k], i)
	create := bare(w.db, k, i).SetUserData(json.RawMessage(`{"n": 12345678901234567890}`))
	if k == asset.KindVIDEO && i%2 == 0 {
		create.SetCoverImageID(id("img", i))
	}
	w.must(create.Exec(ctx))
	for _, t := range []int{i % worldTags, (i + 1) % worldTags} {
		w.must(w.db.AssetTag.Create().SetAssetID(a).SetTagID(id("tag", t)).Exec(ctx))
	}
	// Two leaves of one root: the root must count the asset once.
	for _, c := range []int{10 + 2*(i%worldRoots), 11 + 2*(i%worldRoots)} {
		w.must(w.db.AssetCategory.Create().SetAssetID(a).SetCategoryID(id("cat", c)).Exec(ctx))
	}
	if k == asset.KindVIDEO || k == asset.KindAUDIO {
		w.playable(k, a, i)
	}
	if k != asset.KindATTACHMENT {
		w.analysed(a, i)
	}
}

func (w *world) playable(k asset.Kind, a string, i int) {
	ctx := w.Context()
	w.must(w.db.Mezzanine.Create().SetID(id("mez", int(w.next()))).SetAssetID(a).SetStatus(mezzanine.StatusNORMAL).
		SetVideoStreams([]fact.VideoStream{{Index: 0}}).SetAudioStreams([]fact.AudioStream{{Index: 1}}).SetCreatedAt(epoch).Exec(ctx))
	for j, d := range []playinfo.Definition{playinfo.DefinitionHD, playinfo.DefinitionSD, playinfo.DefinitionHD} {
		status := playinfo.StatusNORMAL
		if j == 0 {
			status = playinfo.StatusINVISIBLE
		}
		w.must(w.db.PlayInfo.Create().SetID(id("ply", int(w.next()))).SetAssetID(a).SetJobID(fmt.Sprint("job ", j)).
			SetStreamType(playinfo.StreamTypeVIDEO).SetFormat(playinfo.FormatMP4).SetDefinition(d).SetStatus(status).
			SetEncrypted(false).SetEncryptType(playinfo.EncryptTypeNONE).SetWatermarkID(id("att", i)).SetCodec("h264").
			SetCreatedAt(epoch).SetUpdatedAt(epoch).Exec(ctx))
	}
	w.must(w.db.AttachmentLink.Create().SetAssetID(a).SetAttachmentID(id("att", i)).SetLanguage("en").Exec(ctx))
	if k == asset.KindAUDIO {
		return
	}
	for j := range 5 {
		typ := snapshot.TypeNORMAL
		if j == 0 {
			typ = snapshot.TypeCOVER
		}
		s := id("snp", int(w.next()))
		w.must(w.db.Snapshot.Create().SetID(s).SetAssetID(a).SetType(typ).SetJobID("job").SetIndex(j).
			SetLocation(fmt.Sprint(a, "/", j)).SetCreatedAt(epoch).Exec(ctx))
		if j == 0 && i%2 == 1 {
			w.must(w.db.Asset.UpdateOneID(a).SetCoverSnapshotID(s).Exec(ctx))
		}
	}
}

func (w *world) analysed(a string, i int) {
	ctx := w.Context()
	for j, source := range []string{"one", "two"} {
		w.must(w.db.AISource.Create().SetID(w.next()).SetAssetID(a).SetSource(source).SetSuggestion(fact.Pass).
			SetReviewLabels([]string{source}).SetReviewedAt(epoch.Add(time.Duration(j) * time.Hour)).Exec(ctx))
		for n := range 3 {
			label := w.db.AILabel.Create().SetID(w.next()).SetAssetID(a).SetSource(source).SetName(fmt.Sprint("label ", n)).
				SetCategory(ailabel.CategoryOBJECT).SetSpans([]fact.TimeSpan{{From: 1, To: 2}})
			if n > 0 {
				label.SetConfidence(float64(n) / 4)
			}
			w.must(label.Exec(ctx))
			w.must(w.db.Cue.Create().SetID(w.next()).SetAssetID(a).SetSource(source).SetKind(cue.KindSPEECH).
				SetFrom(int64(n)).SetTo(int64(n + 1)).SetText(source).Exec(ctx))
			finding := w.db.ReviewFinding.Create().SetID(w.next()).SetAssetID(a).SetSource(source).SetScene("scene").
				SetModule(reviewfinding.ModuleVIDEO).SetLabel(fmt.Sprint(n)).SetScore(1).SetSuggestion(fact.Pass)
			if n > 0 {
				finding.SetFrom(int64(9 - n))
			}
			w.must(finding.Exec(ctx))
		}
		w.must(w.db.CoverCandidate.Create().SetID(id("cov", int(w.next()))).SetAssetID(a).SetSource(source).
			SetLocation("x").SetFormat("gif").SetScore(float64(j)).Exec(ctx))
	}
	if i == 0 {
		w.must(w.db.CoverCandidate.Create().SetID(id("cov", int(w.next()))).SetAssetID(a).SetSource("one").
			SetLocation("x").SetFormat("gif").Exec(ctx))
	}
}

// between is what ties one video to the next.
func (w *world) between(i int) {
	w.must(w.db.Duplicate.Create().SetID(w.next()).SetAssetID(id("vid", i)).SetOtherID(id("vid", (i+1)%w.n)).
		SetSource("one").SetSimilarity(0.5 + float64(i%7)/20).
		SetSegments([]fact.DuplicateSegment{{From: 1, To: 2, OtherFrom: 3, OtherTo: 4}}).Exec(w.Context()))
}
