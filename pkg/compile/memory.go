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

// Memory keeps the verdicts of a run for the next one of the same input, which then judges
// only what has changed in between. Its zero value is ready; it is for one run at a time.
type Memory struct {
	mu       sync.Mutex
	tags     *load.Tags // those that were asked for by what is kept
	units    map[string]kept
	judged   int // units that have changed, in this run
	policies []*policy.Policy
	begun    time.Time // this run
}

// kept is the verdict on a unit, and what it was made of.
type kept struct {
	of    find.Unit
	from  []stamp
	holds bool // until something of that changes
	Unit
}

// Paths returns the files and directories that the verdicts were made of, sorted.
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

// Judged returns how many units the last run judged because something that they were made
// of has changed. Others it may judge to be sure.
func (m *Memory) Judged() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.judged
}

// begin readies the memory for a run. It returns the tags of the runs before, which know
// what has asked for them, or else these. Policies are about all units.
func (m *Memory) begin(policies []*policy.Policy, tags *load.Tags) *load.Tags {
	if m == nil {
		return tags
	}
	if m.units == nil || !slices.EqualFunc(m.policies, policies, sameSources) {
		m.units, m.tags = map[string]kept{}, tags
	}
	m.policies, m.begun, m.judged = policies, time.Now(), 0
	return m.tags
}

// sameSources reports whether two policies were read from the same texts.
func sameSources(p, q *policy.Policy) bool {
	return maps.EqualFunc(p.Sources(), q.Sources(), func(s, t *data.Source) bool { return bytes.Equal(s.Text, t.Text) })
}

// recall returns the verdict on a unit if nothing that it was made of has changed.
func (m *Memory) recall(in Input, u find.Unit) (Unit, bool) {
	if m == nil {
		return Unit{}, false
	}
	m.mu.Lock()
	k, ok := m.units[key(u)]
	m.mu.Unlock()
	if !ok || !k.holds || !reflect.DeepEqual(k.of, u.Bare()) {
		return Unit{}, false
	}
	for _, s := range k.from {
		if !s.equal(stampOf(in, s.path)) {
			return Unit{}, false
		}
	}
	out := k.Unit
	out.Tenants, out.Diagnostics = slices.Clone(k.Tenants), slices.Clone(k.Diagnostics)
	return out, true
}

// keep notes a verdict. What has changed since the run began may have done so after it was
// read, or change again without a trace, so such a verdict does not hold. It was made of
// what is at paths; sure is whether of nothing else.
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

// stamp tells whether a file or directory has changed.
type stamp struct {
	path string
	text []byte      // of the overlay
	info fs.FileInfo // nil of what is not there
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

// tick is more than the clocks of file systems are apart by.
const tick = 20 * time.Millisecond

// recent reports whether a file may have changed once more after it was read, and its time
// of change would not tell.
func (s stamp) recent(read time.Time) bool {
	return s.info != nil && s.info.ModTime().After(read.Add(-tick))
}
