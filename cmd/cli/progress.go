package cli

import (
	"fmt"
	"io"
	"os"
	"time"
)

const (
	// many is how many tenants or files a run has that tells how far it is.
	many = 1000
	// refresh is how often it does.
	refresh = 100 * time.Millisecond
)

// progress is a line on a terminal that says how far a run is; nil for a run that nobody
// looks at.
type progress struct {
	w           io.Writer
	total, done int // units
	last        time.Time
	shown       bool
}

// progress makes the line of a run. Continuous integration has CI in its environment.
func (a *app) progress(in *compilation) *progress {
	if !isTerminal(a.stderr) || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p := &progress{w: a.stderr}
	in.Found = func(units int) { p.total = units }
	return p
}

// show says how far the run is, after another unit.
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

// clear takes the line away, where something else is to be written in its place.
func (p *progress) clear(needed bool) {
	if p != nil && p.shown && needed {
		p.shown, p.last = false, time.Time{}
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
