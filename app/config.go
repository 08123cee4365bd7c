package app

import (
	"errors"
	"net"
	"strconv"
	"time"

	"vodgraph/access"
	"vodgraph/bulk"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// Config is all that can be set, by a flag or by the environment variable that
// has the flag's name after VODGRAPH_: --data by VODGRAPH_DATA. The flag wins.
type Config struct {
	library.Settings `embed:""`
	library.Engine   `embed:""`
	gqlhttp.Protocol `embed:""`
	access.Auth      `embed:""`
	Observability    `embed:""`

	// Listen is the address to serve on, host:port; port 0 takes a free one.
	// The default, 127.0.0.1:8080, can be reached from this machine only. Others are taken
	// when a key was made, or an issuer of tokens is trusted, or with InsecureOpen.
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"The address to serve on (default ${default}, which only this machine reaches)."`

	// ReviewAutoBlock: a review that suggests BLOCK blocks a video or audio that
	// is NORMAL or CHECKING. Off by default: a review only informs.
	ReviewAutoBlock bool `help:"Block what a review suggests to block (default off)."`

	// KeepTrash is for how many days assets stay in the trash until they are deleted for
	// good; 0 is for ever. Default 30.
	KeepTrash int `default:"30" placeholder:"DAYS" help:"How long assets stay in the trash, 0 for ever (default ${default} days)."`
	// KeepHistory is for how many days the history is kept, and changes can be undone; 0
	// is for ever. Default 90.
	KeepHistory int `default:"90" placeholder:"DAYS" help:"How long the history of changes is kept, 0 for ever (default ${default} days)."`
	// Demo serves the demo library: it is made where there is none or an empty
	// library, continued where its making was interrupted, and used as it is
	// otherwise. A library that holds anything else is refused. Off by default.
	Demo bool `help:"Serve a demo library, made where it is missing (default off)."`
}

// complete returns the config with the defaults that hang together.
func (c Config) complete() Config {
	if c.Data == "" && c.Demo {
		c.Data = "./data-demo"
	}
	c.Settings = c.Settings.Complete()
	return c
}

// check refuses a config that cannot work; the place of the fault is the flag.
func (c Config) check() error {
	if err := c.Settings.Check(); err != nil {
		return err
	}
	if err := checkAddress(c.Listen, "listen"); err != nil {
		return err
	}
	for flag, days := range map[string]int{"keep-trash": c.KeepTrash, "keep-history": c.KeepHistory} {
		if days < 0 || days > library.MaxDays {
			return fault.New(fault.Invalid, "--%s must be a number of days from 0 to %d, and is %d.", flag, library.MaxDays, days).At(flag)
		}
	}
	return errors.Join(c.Protocol.Check(), c.Auth.Check(), c.Observability.check())
}

func checkAddress(address, flag string) error {
	_, port, err := net.SplitHostPort(address)
	if number, bad := strconv.Atoi(port); err != nil || bad != nil || number < 0 || number > 65535 {
		return fault.New(fault.Invalid, "--%s must be host:port, such as 127.0.0.1:8080, and is %q.", flag, address).At(flag)
	}
	return nil
}

func (c Config) keep() bulk.Keep {
	const day = 24 * time.Hour
	return bulk.Keep{Trash: time.Duration(c.KeepTrash) * day, History: time.Duration(c.KeepHistory) * day}
}
