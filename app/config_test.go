package app

import (
	"errors"
	"path/filepath"
	"testing"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// TestConfigCheck refuses what cannot work, and names the flag.
func TestConfigCheck(t *testing.T) {
	t.Parallel()
	good := Config{Listen: "127.0.0.1:8080", Settings: library.Settings{Limits: "default"}, Protocol: gqlhttp.DefaultProtocol()}
	for name, c := range map[string]struct {
		change func(*Config)
		flag   string // empty where the config is right
	}{
		"the defaults":      {func(*Config) {}, ""},
		"every address":     {func(c *Config) { c.Listen = ":0" }, ""},
		"IPv6":              {func(c *Config) { c.Listen = "[::1]:8080" }, ""},
		"a Postgres":        {func(c *Config) { c.Database = "postgres://me:secret@host/name" }, ""},
		"VOD's limits":      {func(c *Config) { c.Limits = "vod" }, ""},
		"no port":           {func(c *Config) { c.Listen = "localhost" }, "listen"},
		"a port too high":   {func(c *Config) { c.Listen = "localhost:65536" }, "listen"},
		"a port by name":    {func(c *Config) { c.Listen = "localhost:http" }, "listen"},
		"other limits":      {func(c *Config) { c.Limits = "none" }, "limits"},
		"another database":  {func(c *Config) { c.Database = "mysql://me:secret@host/name" }, "database"},
		"no URL":            {func(c *Config) { c.Database = "host=localhost" }, "database"},
		"another profile":   {func(c *Config) { c.HTTPProfile = "2025" }, "http-profile"},
		"an allowed page":   {func(c *Config) { c.CORSOrigins = []string{"https://a.example", "http://localhost:3000"} }, ""},
		"every page":        {func(c *Config) { c.CORSOrigins = []string{"*"} }, "cors-origins"},
		"a page, no origin": {func(c *Config) { c.CORSOrigins = []string{"https://a.example/"} }, "cors-origins"},
		"no documents":      {func(c *Config) { c.MaxQuery = 0 }, "max-query"},
		"no requests":       {func(c *Config) { c.MaxBody = -1 }, "max-body"},
		"no time":           {func(c *Config) { c.RequestTimeout = 0 }, "request-timeout"},
		"no tokens":         {func(c *Config) { c.MaxTokens = 0 }, "max-tokens"},
		"no end of depth":   {func(c *Config) { c.MaxDepth = 201 }, "max-depth"},
		"more members":      {func(c *Config) { c.MaxFilterMembers = 500 }, ""},
		"too many members":  {func(c *Config) { c.MaxFilterMembers = 501 }, "max-filter-members"},
		"too many values":   {func(c *Config) { c.MaxListValues = 2001 }, "max-list-values"},
		"no cost":           {func(c *Config) { c.MaxCost = -1 }, "max-cost"},
		"no subscriptions":  {func(c *Config) { c.MaxSubscriptions = 0 }, "max-subscriptions"},
		"another mode":      {func(c *Config) { c.TrustedMode = "on" }, "trusted-mode"},
		"nothing trusted":   {func(c *Config) { c.TrustedMode = "only" }, "trusted-mode"},
		"no key":            {func(c *Config) { c.TLSCert = "x.pem" }, "tls-cert"},
		"no certificate":    {func(c *Config) { c.TLSKey = "x.pem" }, "tls-cert"},
		"no metrics":        {func(c *Config) { c.MetricsListen = "9090" }, "metrics-listen"},
		"a collector":       {func(c *Config) { c.OTLPEndpoint = "http://localhost:4318" }, ""},
		"no collector":      {func(c *Config) { c.OTLPEndpoint = "localhost:4318" }, "otlp-endpoint"},
		"too much grace":    {func(c *Config) { c.StopGrace = 3600 }, "stop-grace"},
		"a bad URL":         {func(c *Config) { c.Database = "postgres://me:se cret@host:port" }, "database"},
	} {
		config := good
		c.change(&config)
		err := config.check()
		var refused *fault.Fault
		switch {
		case c.flag == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.flag != "" && (!errors.As(err, &refused) || len(refused.Field) != 1 || refused.Field[0] != c.flag):
			t.Errorf("%s: %v, want a fault at %s", name, err, c.flag)
		}
	}
}

// TestConfigData keeps a demo and a library apart unless set otherwise.
func TestConfigData(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]Config{
		"data/vodgraph.db":      {},
		"data-demo/vodgraph.db": {Demo: true},
		"other/vodgraph.db":     {Demo: true, Settings: library.Settings{Store: library.Store{Data: "other"}}},
	} {
		if got := filepath.ToSlash(config.complete().File()); got != want {
			t.Errorf("%+v: %s, want %s", config, got, want)
		}
	}
}
