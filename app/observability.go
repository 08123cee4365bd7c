package app

import (
	"log/slog"

	"vodgraph/fault"
)

// Observability is the part of Config on TLS, logs, metrics, traces and shutdown.
type Observability struct {
	// TLSCert and TLSKey are the files of a certificate, with those of who signed it behind it,
	// and of its key, in PEM. With both the server speaks TLS 1.2 and 1.3 alone, and HTTP/2.
	// They are reloaded when they change. Empty by default: plain HTTP.
	TLSCert string `name:"tls-cert" placeholder:"FILE" help:"A certificate in PEM, to serve https (default none)."`
	TLSKey  string `name:"tls-key" placeholder:"FILE" help:"The key of the certificate, in PEM (default none)."`

	// MetricsListen is an address for the metrics alone, host:port, with plain HTTP and without
	// authentication. They are not served on the other one then. Empty by default.
	MetricsListen string `placeholder:"HOST:PORT" help:"An address for /metrics alone, which is not served elsewhere then (default none)."`

	// OTLPEndpoint is the address of a collector of OpenTelemetry for traces of requests, down
	// to the statements in the database, by OTLP over HTTP. The standard variables OTEL_… hold
	// for the rest. Empty by default: no traces.
	OTLPEndpoint string `name:"otlp-endpoint" env:"VODGRAPH_OTLP_ENDPOINT,OTEL_EXPORTER_OTLP_ENDPOINT" placeholder:"URL" help:"A collector of OpenTelemetry to send traces to, http://HOST:4318 (default none)."`

	// LogLevel is from which level on the log is written: debug, which has each request in
	// it, info, warn or error. Default info.
	LogLevel slog.Level `default:"info" placeholder:"debug|info|warn|error" help:"From which level on the log is written; debug has each request in it (default ${default})."`

	// StopGrace is for how many seconds a server that shuts down still takes requests, while
	// /readyz answers 503, so that a load balancer can remove it first. Default 0.
	StopGrace int `default:"0" placeholder:"SECONDS" help:"For how long requests are still taken at shutdown, while /readyz answers 503 (default ${default} seconds)."`
}

// maxGrace is the largest StopGrace, in seconds.
const maxGrace = 300

func (o Observability) check() error {
	if o.StopGrace < 0 || o.StopGrace > maxGrace {
		return fault.New(fault.Invalid, "--stop-grace must be a number of seconds from 0 to %d, and is %d.", maxGrace, o.StopGrace).At("stop-grace")
	}
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return fault.New(fault.Invalid, "--tls-cert and --tls-key go together: name both, or none.").At("tls-cert")
	}
	if o.MetricsListen != "" {
		if err := checkAddress(o.MetricsListen, "metrics-listen"); err != nil {
			return err
		}
	}
	return checkCollector(o.OTLPEndpoint)
}
