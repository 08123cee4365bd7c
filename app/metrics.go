package app

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"vodgraph/search"
)

// metricsHandler serves the metrics in the text format of Prometheus 0.0.4, or the one that
// is asked for.
func metricsHandler(stats func() search.Stats, log *slog.Logger) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newIndexMetrics(stats),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)})
}

type indexMetrics struct {
	stats                                          func() search.Stats
	inSync, assets, pending, revision              *prometheus.Desc
	answered, degraded, written, removed, repaired *prometheus.Desc
}

func newIndexMetrics(stats func() search.Stats) *indexMetrics {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("vodgraph_search_"+name, help, labels, nil)
	}
	return &indexMetrics{
		stats:    stats,
		inSync:   describe("in_sync", "1 while the engine may be asked; 0 while the database answers in its place."),
		assets:   describe("assets", "Assets of the library."),
		pending:  describe("pending", "Assets whose changes are not in the engine yet."),
		revision: describe("revision", "The revision up to which all transactions are in the engine."),
		answered: describe("answered_total", "Searches that the engine answered."),
		degraded: describe("degraded_total", "Searches that the database had to answer, by reason.", "reason"),
		written:  describe("written_total", "Documents written to the engine by this server."),
		removed:  describe("removed_total", "Documents removed from the engine by this server."),
		repaired: describe("repaired_total", "Documents that were found missing, old or stray, and repaired."),
	}
}

func (m *indexMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.inSync, m.assets, m.pending, m.revision, m.answered, m.degraded, m.written, m.removed, m.repaired} {
		to <- d
	}
}

func (m *indexMetrics) Collect(to chan<- prometheus.Metric) {
	s := m.stats()
	send := func(d *prometheus.Desc, kind prometheus.ValueType, value int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, float64(value), labels...)
	}
	inSync := int64(0)
	if s.Reason == search.InSync {
		inSync = 1
	}
	send(m.inSync, prometheus.GaugeValue, inSync)
	send(m.assets, prometheus.GaugeValue, s.State.Assets)
	send(m.pending, prometheus.GaugeValue, s.State.Pending)
	send(m.revision, prometheus.GaugeValue, s.State.Revision)
	send(m.answered, prometheus.CounterValue, s.Answered)
	for reason, n := range s.Refused {
		send(m.degraded, prometheus.CounterValue, n, string(reason))
	}
	send(m.written, prometheus.CounterValue, s.Written)
	send(m.removed, prometheus.CounterValue, s.Removed)
	send(m.repaired, prometheus.CounterValue, s.Repaired)
}
