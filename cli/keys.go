package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/fault"
	"vodgraph/keys"
	"vodgraph/library"
	"vodgraph/model"
)

type keysCommand struct {
	Create keysCreateCommand `cmd:"" help:"Make a key, and print its secret, this once."`
	List   keysListCommand   `cmd:"" help:"List all keys that were ever made."`
	Revoke keysRevokeCommand `cmd:"" help:"Revoke a key, at once and for good."`
}

type keysCreateCommand struct {
	library.Store `embed:""`
	Name          string   `env:"-" required:"" placeholder:"NAME" help:"The name of its holder in the history."`
	Role          string   `env:"-" required:"" placeholder:"viewer|editor|admin" help:"What it may do: viewer reads, editor writes too, admin deletes for good and makes keys."`
	Category      []string `env:"-" placeholder:"ID" help:"Categories that it is limited to, with all below (default everything)."`
	Expires       string   `env:"-" placeholder:"90d" help:"For how long it is good: days, 90d, or hours, 12h (default for ever)."`
}

// Run makes a key. The secret alone goes to Out, so that it can be taken from there.
func (c *keysCreateCommand) Run(ctx context.Context, streams Streams) error {
	in := keys.KeyCreateInput{Name: c.Name, Role: auth.Role(strings.ToUpper(c.Role)), CategoryIds: c.Category}
	if c.Expires != "" {
		long, err := lifetime(c.Expires)
		if err != nil {
			return err
		}
		in.ExpiresAt = &model.Moment{Time: time.Now().Add(long)}
	}
	return withKeys(ctx, c.Store, false, func(made *keys.Keys) error {
		id, secret, err := made.Create(ctx, in)
		if err != nil {
			return err
		}
		fmt.Fprintln(streams.Out, secret)
		fmt.Fprintf(streams.Err, "This is the secret of the key %s. It is kept nowhere, and not shown again.\n"+
			"From now on every request must show a key: Authorization: Bearer SECRET\n", id)
		return nil
	})
}

func lifetime(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= library.MaxDays {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	if long, err := time.ParseDuration(text); err == nil && long > 0 {
		return long, nil
	}
	return 0, fault.New(fault.Invalid, "--expires is a number of days, 90d, or of hours, 12h, and is %q.", text).At("expires")
}

type keysListCommand struct {
	library.Store `embed:""`
}

func (c *keysListCommand) Run(ctx context.Context, streams Streams) error {
	return withKeys(ctx, c.Store, true, func(made *keys.Keys) error {
		rows, err := made.All(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tNAME\tSECRET\tROLE\tSEES\tCREATED\tEXPIRES\tLAST USED\tREVOKED")
		for _, row := range rows {
			fmt.Fprintf(table, "%s\t%s\t%s…\t%s\t%s\t%s\t%s\t%s\t%s\n", row.ID, row.Name, row.Prefix, strings.ToLower(string(row.Role)),
				sees(row), day(&row.CreatedAt), day(row.ExpiresAt), day(row.LastUsedAt), day(row.RevokedAt))
		}
		return table.Flush()
	})
}

func sees(row *ent.Key) string {
	switch {
	case !row.Limited:
		return "everything"
	case len(row.Grants) == 0:
		return "nothing"
	}
	return strings.Join(row.Grants, ",")
}

func day(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format("2006-01-02T15:04Z")
}

type keysRevokeCommand struct {
	library.Store `embed:""`
	ID            string `arg:"" env:"-" help:"The id of the key, as list prints it."`
}

func (c *keysRevokeCommand) Run(ctx context.Context, streams Streams) error {
	return withKeys(ctx, c.Store, true, func(made *keys.Keys) error {
		if err := made.Revoke(ctx, c.ID); err != nil {
			return err
		}
		fmt.Fprintf(streams.Out, "The key %s is revoked.\n", c.ID)
		return nil
	})
}

// withKeys opens the library for a change of its keys; where there is true, it must exist.
func withKeys(ctx context.Context, s library.Store, there bool, do func(*keys.Keys) error) (err error) {
	settings := library.DefaultSettings(s)
	if there {
		if err := settings.Exists(); err != nil {
			return err
		}
	}
	opened, err := library.Open(ctx, settings, library.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	return do(opened.Catalog.Keys)
}
