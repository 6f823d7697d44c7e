package cli

import (
	"fmt"
	"io"
	"os"
	"time"
)

const (
	// many is the number of tenants or files from which a run shows its progress.
	many = 1000
	// refresh is the interval of updates.
	refresh = 100 * time.Millisecond
)

// progress is a line on a terminal with the progress of a run; nil if there is no terminal.
type progress struct {
	w           io.Writer
	total, done int // units
	last        time.Time
	shown       bool
}

// progress makes the line of a run. It returns nil in continuous integration, where the
// environment has CI.
func (a *app) progress(in *compilation) *progress {
	if !isTerminal(a.stderr) || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p := &progress{w: a.stderr}
	in.Found = func(units int) { p.total = units }
	return p
}

// show updates the line after another unit.
func (p *progress) show(tenants int) {
	if p == nil {
		return
	}
	p.done++
	if p.total < many && tenants < many || time.Since(p.last) < refresh {
		return
	}
	p.last, p.shown = time.Now(), true
	fmt.Fprintf(p.w, "\r\x1b[Kchecked %d of %d, %d tenants", p.done, p.total, tenants)
}

// clear removes the line before other output.
func (p *progress) clear(needed bool) {
	if p != nil && p.shown && needed {
		p.shown, p.last = false, time.Time{}
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
