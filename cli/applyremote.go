package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"vodgraph/bulk"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

type remoteApplier struct {
	server string // without a slash at its end
	client *http.Client
	key    string // empty for none
}

func newRemoteApplier(server, key string) (*remoteApplier, error) {
	address, err := url.Parse(server)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		return nil, fault.New(fault.Invalid, "--url must be such as http://127.0.0.1:8080.").At("url")
	}
	return &remoteApplier{strings.TrimRight(server, "/"), &http.Client{}, key}, nil
}

func (r *remoteApplier) send(ctx context.Context, in io.Reader, f bulk.File) (done gqlhttp.Receipt, err error) {
	query := url.Values{"verb": {strings.ToLower(string(f.Verb))}, "key": {*f.Options.IdempotencyKey},
		"dryRun": {strconv.FormatBool(*f.Options.DryRun)}, "force": {strconv.FormatBool(f.Force)}}
	if f.Options.Note != nil {
		query.Set("note", *f.Options.Note)
	}
	if f.Name != "" {
		query.Set("fileName", f.Name)
	}
	// Without a length that the client knows, a file that cannot be read to its end is
	// no whole one for the server either.
	body := struct{ io.Reader }{in}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.server+gqlhttp.BulkEndpoint+"?"+query.Encode(), body)
	if err != nil {
		return done, fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Content-Type", gqlhttp.LinesMediaType)
	answer, err := r.do(request)
	if err != nil {
		return done, r.unreachable(err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusAccepted {
		return done, refusedBy(answer)
	}
	if err := json.NewDecoder(answer.Body).Decode(&done); err != nil {
		return done, errors.Join(errCutOff, err)
	}
	return done, nil
}

func (r *remoteApplier) do(request *http.Request) (*http.Response, error) {
	if r.key != "" {
		request.Header.Set("Authorization", "Bearer "+r.key)
	}
	return r.client.Do(request)
}

func (r *remoteApplier) unreachable(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return &cutOff{fmt.Errorf("%s does not answer: %w", r.server, err)}
}

type cutOff struct{ error }

func (c *cutOff) Is(target error) bool { return target == errCutOff }

func (r *remoteApplier) results(ctx context.Context, id string, after int64) (io.ReadCloser, error) {
	address := r.server + gqlhttp.ResultsPath(id) + "?after=" + strconv.FormatInt(after, 10)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	answer, err := r.do(request)
	if err != nil {
		return nil, r.unreachable(err)
	}
	if answer.StatusCode != http.StatusOK {
		err := refusedBy(answer)
		if answer.StatusCode >= http.StatusInternalServerError { // perhaps a proxy, of a server that is back soon
			err = &cutOff{err}
		}
		return nil, errors.Join(err, answer.Body.Close())
	}
	return answer.Body, nil
}

func (r *remoteApplier) close() error {
	r.client.CloseIdleConnections()
	return nil
}

func refusedBy(answer *http.Response) error {
	const longest = 64 << 10
	var answered struct {
		Errors []struct {
			Message    string
			Extensions struct {
				Code      fault.Code
				Reference string
				Field     []string
			}
		}
	}
	err := json.NewDecoder(io.LimitReader(answer.Body, longest)).Decode(&answered)
	switch {
	case answer.StatusCode == http.StatusNotFound && err != nil:
		return fmt.Errorf("nothing is there that takes files: --url is where the server answers, without a path such as %s", gqlhttp.Endpoint)
	case err != nil || len(answered.Errors) == 0:
		return fmt.Errorf("the server answered %s", answer.Status)
	case answered.Errors[0].Extensions.Code == fault.Internal:
		return fmt.Errorf("the server failed; its log has why, by the reference %s", answered.Errors[0].Extensions.Reference)
	}
	one := answered.Errors[0]
	return fault.New(one.Extensions.Code, "%s", one.Message).At(one.Extensions.Field...)
}
