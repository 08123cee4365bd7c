package app

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"vodgraph/search"
)

// metricsHandler tells Prometheus how the server stands, in the text format of its
// version 0.0.4 or what it asks for.
func metricsHandler(stats func() search.Stats, log *slog.Logger) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newIndexMetrics(stats),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)})
}

// indexMetrics tells how the search index stands.
type indexMetrics struct {
	stats                                      func() search.Stats
	level, assets, waiting, revision           *prometheus.Desc
	answered, refused, written, removed, mends *prometheus.Desc
}

func newIndexMetrics(stats func() search.Stats) *indexMetrics {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("vodgraph_search_"+name, help, labels, nil)
	}
	return &indexMetrics{
		stats:    stats,
		level:    describe("level", "1 while the engine may be asked; 0 while the database answers in its place."),
		assets:   describe("assets", "Assets of the library."),
		waiting:  describe("waiting", "Assets that the engine was not told of yet."),
		revision: describe("revision", "The last deed up to which the engine was told everything."),
		answered: describe("answered_total", "Searches that the engine answered."),
		refused:  describe("degraded_total", "Searches that the database had to answer, by the reason.", "why"),
		written:  describe("written_total", "Documents written to the engine by this server."),
		removed:  describe("removed_total", "Documents removed from the engine by this server."),
		mends:    describe("mended_total", "Documents that were found missing, old or stray, and mended."),
	}
}

// Describe names the metrics.
func (m *indexMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.level, m.assets, m.waiting, m.revision, m.answered, m.refused, m.written, m.removed, m.mends} {
		to <- d
	}
}

// Collect reads them.
func (m *indexMetrics) Collect(to chan<- prometheus.Metric) {
	s := m.stats()
	tell := func(d *prometheus.Desc, kind prometheus.ValueType, value int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, float64(value), labels...)
	}
	level := int64(0)
	if s.Why == search.Level {
		level = 1
	}
	tell(m.level, prometheus.GaugeValue, level)
	tell(m.assets, prometheus.GaugeValue, s.State.Assets)
	tell(m.waiting, prometheus.GaugeValue, s.State.Waiting)
	tell(m.revision, prometheus.GaugeValue, s.State.Revision)
	tell(m.answered, prometheus.CounterValue, s.Answered)
	for why, n := range s.Refused {
		tell(m.refused, prometheus.CounterValue, n, string(why))
	}
	tell(m.written, prometheus.CounterValue, s.Written)
	tell(m.removed, prometheus.CounterValue, s.Removed)
	tell(m.mends, prometheus.CounterValue, s.Mended)
}
