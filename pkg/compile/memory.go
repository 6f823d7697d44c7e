package compile

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/policy"
)

// Memory keeps the verdicts of a run for the next one with the same input, which then checks
// only what has changed. The zero value is ready to use; it serves one run at a time.
type Memory struct {
	mu       sync.Mutex
	tags     *load.Tags // that the kept units use
	units    map[string]kept
	judged   int // number of changed units in this run
	policies []*policy.Policy
	begun    time.Time        // start of this run
	stamps   map[string]stamp // of files in this run, which units have in common
}

// kept is the verdict on a unit, and the state of its files.
type kept struct {
	of    find.Unit
	from  []stamp
	valid bool // the files are unchanged
	Unit
}

// Paths returns the files and directories that the verdicts depend on, sorted.
func (m *Memory) Paths() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	paths := map[string]bool{}
	for _, k := range m.units {
		for _, s := range k.from {
			paths[s.path] = true
		}
	}
	for _, p := range m.policies {
		for path := range p.Sources() {
			paths[path] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// Judged returns the number of units that the last run checked because their files had changed.
// It may check others to be safe.
func (m *Memory) Judged() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.judged
}

// begin prepares the memory for a run. It returns the tags of earlier runs, which record their
// use, or else tags. A change of policies discards all units.
func (m *Memory) begin(policies []*policy.Policy, tags *load.Tags) *load.Tags {
	if m == nil {
		return tags
	}
	if m.units == nil || !slices.EqualFunc(m.policies, policies, sameSources) {
		m.units, m.tags = map[string]kept{}, tags
	}
	m.policies, m.begun, m.judged, m.stamps = policies, time.Now(), 0, map[string]stamp{}
	return m.tags
}

// sameSources reports whether two policies have the same texts.
func sameSources(p, q *policy.Policy) bool {
	return maps.EqualFunc(p.Sources(), q.Sources(), func(s, t *data.Source) bool { return bytes.Equal(s.Text, t.Text) })
}

// recall returns the verdict on a unit if its files are unchanged.
func (m *Memory) recall(in Input, u find.Unit) (Unit, bool) {
	if m == nil {
		return Unit{}, false
	}
	m.mu.Lock()
	k, ok := m.units[key(u)]
	m.mu.Unlock()
	if !ok || !k.valid || !reflect.DeepEqual(k.of, u.Bare()) {
		return Unit{}, false
	}
	for _, s := range k.from {
		if !s.equal(m.stampOf(in, s.path)) {
			return Unit{}, false
		}
	}
	out := k.Unit
	out.Tenants, out.Diagnostics = slices.Clone(k.Tenants), slices.Clone(k.Diagnostics)
	return out, true
}

// stampOf returns the state of a file as it was when this run first asked for it: units have most
// of their files in common, such as those of a template and of the module.
func (m *Memory) stampOf(in Input, path string) stamp {
	m.mu.Lock()
	s, ok := m.stamps[path]
	m.mu.Unlock()
	if ok {
		return s
	}
	s = stampOf(in, path)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stamps[path] = s
	return s
}

// keep stores a verdict. A file that has changed since the run began may have changed after it
// was read, so such a verdict is not valid. paths are the files that the verdict depends on;
// sure is whether the list is complete.
func (m *Memory) keep(in Input, u find.Unit, out Unit, paths []string, sure bool) {
	from := stampsOf(in, paths)
	recent := slices.ContainsFunc(from, func(s stamp) bool { return s.recent(m.begun) })
	out.Tenants, out.Diagnostics = slices.Clone(out.Tenants), slices.Clone(out.Diagnostics)
	m.mu.Lock()
	defer m.mu.Unlock()
	if before, ok := m.units[key(u)]; !ok || !slices.EqualFunc(before.from, from, stamp.equal) {
		m.judged++
	}
	m.units[key(u)] = kept{u.Bare(), from, sure && !recent, out}
}

func key(u find.Unit) string { return u.Package + ":" + u.Path }

// stamp detects changes of a file or directory.
type stamp struct {
	path string
	text []byte      // of the overlay
	info fs.FileInfo // nil if the file does not exist
}

func stampsOf(in Input, paths []string) []stamp {
	stamps := make([]stamp, len(paths))
	for i, path := range paths {
		stamps[i] = stampOf(in, path)
	}
	return stamps
}

func stampOf(in Input, path string) stamp {
	if text, ok := in.Overlay[path]; ok {
		return stamp{path: path, text: text}
	}
	info, err := os.Stat(path)
	if err != nil {
		return stamp{path: path}
	}
	return stamp{path: path, info: info}
}

func (s stamp) equal(t stamp) bool {
	if s.info == nil || t.info == nil {
		return s.info == t.info && s.path == t.path && bytes.Equal(s.text, t.text)
	}
	return s.path == t.path && os.SameFile(s.info, t.info) &&
		s.info.ModTime().Equal(t.info.ModTime()) && s.info.Size() == t.info.Size() && s.info.Mode() == t.info.Mode()
}

// clockSkew is more than the clocks of file systems differ.
const clockSkew = 20 * time.Millisecond

// recent reports whether a file may have changed again after it was read without a new
// modification time.
func (s stamp) recent(read time.Time) bool {
	return s.info != nil && s.info.ModTime().After(read.Add(-clockSkew))
}
