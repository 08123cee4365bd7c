package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// plainEvery is how often a line is written where no bar can be drawn.
const plainEvery = 2 * time.Second

// progress shows how far a load has come: a bar on a terminal, a line now and
// then elsewhere. It is also a writer, for text that has to stand between. It
// is for one goroutine.
type progress struct {
	out   io.Writer
	what  string
	total int64
	now   func() time.Time
	last  time.Time
	at    int64                    // the furthest yet: links are made in a second reading
	bar   *progressbar.ProgressBar // nil where out is no terminal
	drawn bool                     // whether the bar stands there now
}

// newProgress begins a load of total units, -1 where that is not known.
func newProgress(out io.Writer, what string, total int64, now func() time.Time) *progress {
	p := &progress{out: out, what: what, total: total, now: now, last: now()}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(out),
			progressbar.OptionSetDescription(what),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

func (p *progress) step(done, at int64) {
	p.at = max(p.at, at)
	if p.bar != nil {
		p.bar.Describe(fmt.Sprintf("%s, %d done", p.what, done))
		p.drawn = true
		_ = p.bar.Set64(p.at) // a bar that cannot be drawn is no reason to stop
		return
	}
	if now := p.now(); now.Sub(p.last) >= plainEvery {
		p.last = now
		fmt.Fprintln(p.out, p.line(done))
	}
}

func (p *progress) line(done int64) string {
	if p.total <= 0 {
		return fmt.Sprintf("%s, %d done.", p.what, done)
	}
	return fmt.Sprintf("%s, %d done, %d %%.", p.what, done, min(100, p.at*100/p.total))
}

// Write writes text where the bar stood; the next step draws it again.
func (p *progress) Write(text []byte) (int, error) {
	p.clear()
	return p.out.Write(text)
}

func (p *progress) end() { p.clear() }

func (p *progress) clear() {
	if p.drawn {
		p.drawn = false
		_ = p.bar.Clear() // as in step
	}
}
