package lsp

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

const (
	// quiet is how long nothing has to change after a change that came while something was
	// judged: who types goes on typing.
	quiet = 10 * time.Millisecond
	// patience is how long a client may go without a verdict while it sends changes: then
	// judging is not given up for them.
	patience = time.Second
)

// verdict is what is known of the workspace.
type verdict struct {
	diagnostics diag.List
	units       []compile.Unit
	documents   map[string]*document // that were open
}

// judge reports the verdict on the workspace whenever something changes, until ctx ends. What
// has changed while it was judged has it judged again.
func (s *server) judge(ctx context.Context) {
	j := &judging{server: s, memory: &compile.Memory{}, published: map[string]publishParams{}}
	waiting := time.Time{} // since when a change has not been reported
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.changed:
		}
		if waiting.IsZero() {
			waiting = time.Now()
		}
		for !j.once(ctx, time.Until(waiting.Add(patience))) {
			if ctx.Err() != nil {
				return
			}
			s.settle(ctx)
		}
		waiting = time.Time{}
	}
}

// verdictOn returns the verdict on a document as it is; ok is false if it has changed, or if there is
// none within the time that somebody waits for it.
func (s *server) verdictOn(ctx context.Context, d *document) (v verdict, ok bool) {
	enough := time.After(patience)
	for {
		s.mu.Lock()
		v, next, now := s.verdict, s.next, s.documents[d.path]
		s.mu.Unlock()
		if now != d || v.documents[d.path] == d {
			return v, now == d
		}
		select {
		case <-next:
		case <-enough:
			return v, false
		case <-ctx.Done():
			return v, false
		}
	}
}

// settle returns once nothing has changed for a while.
func (s *server) settle(ctx context.Context) {
	enough := time.After(10 * quiet)
	for {
		select {
		case <-s.changed:
		case <-time.After(quiet):
			return
		case <-enough:
			return
		case <-ctx.Done():
			return
		}
	}
}

// judging is what is kept from one run to the next.
type judging struct {
	*server
	memory    *compile.Memory
	published map[string]publishParams // by URI
}

// once judges the workspace as it is now, and reports the verdict. It gives up and returns false
// if something changes meanwhile, within the time given.
func (j *judging) once(ctx context.Context, interruptible time.Duration) (done bool) {
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	judged, watched := make(chan struct{}), make(chan bool)
	go func() {
		limit := time.After(max(interruptible, 0))
		changed := false
		for {
			select {
			case <-judged:
				watched <- changed
				return
			case <-limit:
				<-judged
				watched <- changed
				return
			case <-j.changed:
				changed = true
				cancel()
				limit = nil
				<-judged
				watched <- changed
				return
			}
		}
	}()
	v, err := j.whole(run)
	close(judged)
	changed := <-watched
	if run.Err() != nil {
		return false
	}
	if err != nil {
		j.logf("%v", err)
	}
	j.mu.Lock()
	j.verdict = v
	close(j.next)
	j.next = make(chan struct{})
	j.mu.Unlock()
	j.publish(ctx, v, func(string) bool { return true })
	if j.Options.published != nil {
		j.Options.published(v)
	}
	return !changed
}

const (
	// early is how long judging may take before what is known by then is reported: one spec
	// that takes long does not keep an editor from the others.
	early = 50 * time.Millisecond
	// often is the time between such reports.
	often = 500 * time.Millisecond
)

// whole judges the workspace as it is now. What is known before all of it is, is reported.
func (j *judging) whole(ctx context.Context) (verdict, error) {
	type result struct {
		verdict
		error
	}
	p := &partial{units: map[string]compile.Unit{}}
	done := make(chan result, 1)
	go func() {
		v, err := j.verdictOf(ctx, p)
		done <- result{v, err}
	}()
	for again := time.After(early); ; again = time.After(often) {
		select {
		case r := <-done:
			return r.verdict, r.error
		case <-again:
			if open, units := p.take(); len(units) > 0 && ctx.Err() == nil {
				j.publish(ctx, j.verdict.with(open, units), func(path string) bool {
					_, file := units[path]
					_, dir := units[filepath.Dir(path)]
					return file || dir
				})
			}
		}
	}
}

// partial is what is known of a run that is under way.
type partial struct {
	mu    sync.Mutex
	open  map[string]*document
	units map[string]compile.Unit // by path
}

func (p *partial) add(u compile.Unit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.units[u.Path()] = u
}

func (p *partial) take() (open map[string]*document, units map[string]compile.Unit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open, maps.Clone(p.units)
}

// with returns a verdict with some units in place of what was known of them.
func (v verdict) with(open map[string]*document, units map[string]compile.Unit) verdict {
	out, units := verdict{documents: open}, maps.Clone(units)
	for _, u := range v.units {
		if now, ok := units[u.Path()]; ok {
			u = now
			delete(units, u.Path())
		}
		out.units = append(out.units, u)
	}
	for _, path := range slices.Sorted(maps.Keys(units)) {
		out.units = append(out.units, units[path])
	}
	for _, u := range out.units {
		out.diagnostics = append(out.diagnostics, u.Diagnostics...)
	}
	return out
}

// verdictOf judges the workspace as it is now.
func (j *judging) verdictOf(ctx context.Context, p *partial) (v verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			j.logf("judging panicked: %v\n%s", p, debug.Stack())
		}
	}()
	in, open := j.input()
	v.documents = open
	p.mu.Lock()
	p.open = open
	p.mu.Unlock()
	in.Early = p.add
	if len(in.Paths) == 0 {
		return v, nil
	}
	if v.diagnostics, err = j.setPolicies(open); err != nil || len(v.diagnostics) > 0 {
		return v, err
	}
	err = j.Compiler.Each(ctx, in, func(u compile.Unit) error {
		v.units = append(v.units, u)
		v.diagnostics = append(v.diagnostics, u.Diagnostics...)
		return nil
	})
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		v.diagnostics, err = append(v.diagnostics, broken.Diagnostics...), nil
	}
	return v, err
}

// setPolicies has tenants held to the policies as they are now, and returns what is wrong with
// them. The compiler remembers those that have not changed.
func (j *judging) setPolicies(open map[string]*document) (diag.List, error) {
	p := compile.Policies{Files: j.Policies.Files, Texts: maps.Clone(j.Policies.Texts)}
	if len(p.Files) == 0 {
		return nil, nil
	}
	if p.Texts == nil {
		p.Texts = map[string][]byte{}
	}
	for _, path := range p.Files {
		if d := open[path]; d != nil {
			p.Texts[path] = []byte(d.text)
		}
	}
	return j.Compiler.SetPolicies(p, slices.Concat(j.Input.Tags, j.Input.OptionalTags)...)
}

// minJobs is how many specs are judged at once at least: those that are evaluated wait for a
// child, and keep nothing else from being judged.
const minJobs = 8

// input is what is judged now: the folders, and documents outside them.
func (j *judging) input() (compile.Input, map[string]*document) {
	j.mu.Lock()
	folders, open := slices.Clone(j.folders), maps.Clone(j.documents)
	j.mu.Unlock()
	in := j.Input
	in.Memory, in.Overlay, in.PolicyNotes = j.memory, map[string][]byte{}, true
	if in.Jobs == 0 {
		in.Jobs = max(runtime.GOMAXPROCS(0), minJobs)
	}
	in.Paths = slices.Clone(in.Paths)
	if len(in.Paths) == 0 {
		for _, folder := range folders {
			in.Paths = append(in.Paths, folder+string(filepath.Separator)+"...")
		}
	}
	for _, path := range slices.Sorted(maps.Keys(open)) {
		if text, err := os.ReadFile(path); err != nil || string(text) != open[path].text {
			in.Overlay[path] = []byte(open[path].text)
		}
		inFolder := slices.ContainsFunc(folders, func(folder string) bool { return below(folder, path) })
		if !inFolder && isSpec(path) && !slices.Contains(j.Policies.Files, path) {
			in.Paths = append(in.Paths, path)
		}
	}
	return in, open
}

// below reports whether a path is in a folder, or in one in it.
func below(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// isSpec reports whether a file's name is that of a spec.
func isSpec(path string) bool {
	return slices.Contains([]string{".cue", ".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path)))
}
