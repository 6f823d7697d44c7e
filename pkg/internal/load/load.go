// Package load loads units as located documents, one for each tenant. Plain data is read in
// this process, all other CUE is evaluated in a child process, which can be stopped.
//
//	l := load.New(lib, load.Options{Tags: tags, Evaluator: evaluator})
//	loaded, err := l.Load(ctx, unit)
package load

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Document is one tenant as its author wrote it.
type Document struct {
	Root *data.Node // a struct; the key of a tenants map supplies its id

	// Broken means that the tenant has values of the kind [data.Unknown], whose mistakes are
	// already reported.
	Broken bool
}

// Loaded is the content of a unit.
type Loaded struct {
	Documents   []Document
	Diagnostics diag.List

	// Tenants is the number of tenants in the unit, including those with diagnostics.
	Tenants int

	// Skipped is whether the unit is another tool's file that was found rather than named.
	Skipped bool

	// Sources are the texts that were read, by the names in positions.
	Sources cuedata.Sources

	limits limit.Limits
	tests  bool // the unit is table tests
}

// Options configure a loader. The zero value reads the system's files, with the default limits
// and without evaluating CUE.
type Options struct {
	Tags  *Tags     // nil: none are set
	Stdin io.Reader // read for the unit "-"
	Lang  string    // language of standard input: cue, yaml or json; guessed if empty

	// FS is the file system of units and their imports; nil: the system's files. A child
	// process cannot read it, so CUE is then evaluated in this process.
	FS fs.FS

	// Overlay replaces the contents of files, by their names in diagnostics. A child process
	// gets up to 1 MiB of them for imports.
	Overlay map[string][]byte

	Limits    limit.Limits // limits on the contents of a file
	Evaluator Evaluator    // for CUE that needs evaluation
}

// Loader loads units. It keeps CUE's state between units and is not safe for concurrent use;
// make one for each goroutine.
type Loader struct {
	library *library.Library
	tags    *Tags
	stdin   io.Reader
	lang    string

	find.Disk
	evaluator Evaluator
	limits    limit.Limits

	cue         *cueState
	directories map[string]*directory
	id          int64
}

var loaders atomic.Int64

// New makes a loader. The library holds the schemas that units may import.
func New(lib *library.Library, o Options) *Loader {
	return &Loader{
		library: lib, tags: o.Tags, stdin: o.Stdin, lang: o.Lang,
		Disk: find.Disk{Memory: o.FS, Overlay: o.Overlay}, evaluator: o.Evaluator, limits: o.Limits,
		directories: map[string]*directory{}, id: loaders.Add(1),
	}
}

// Load loads a unit. An error is that of ctx or of the machine, never the spec's.
func (l *Loader) Load(ctx context.Context, u find.Unit) (*Loaded, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // part of the loader's state may be lost
	}
	out := &Loaded{Sources: cuedata.Sources{}, limits: l.limits, tests: u.Tests}
	if l.budget().expired() {
		l.budget().notChecked(u, out)
		return out, nil
	}
	defer out.skipForeign(u)
	if u.Package != "" {
		return out, l.loadCUE(ctx, u, out)
	}
	src, err := l.read(u, out)
	if src == nil {
		out.Tenants = 1
		return out, err
	}
	lang := l.lang
	if u.Path != "-" {
		lang = read.LanguageOf(u.Path)
	} else if lang == "" {
		var guessed string
		if ok, err := l.readWithin(ctx, u, out, len(src.Text), func() { guessed = guess(src, l.limits) }); !ok {
			return out, err
		}
		lang = guessed
	}
	return out, l.inLanguage(ctx, u, out, lang, src)
}

func (l *Loader) inLanguage(ctx context.Context, u find.Unit, out *Loaded, lang string, src *data.Source) error {
	src.Lang = read.Languages[lang]
	switch lang {
	case "yaml":
		return l.documents(ctx, u, out, read.YAML, src)
	case "json":
		return l.documents(ctx, u, out, read.JSON, src)
	}
	return l.loadCUE(ctx, u, out)
}

// reader reads the documents of a file of plain data.
type reader func(*data.Source, limit.Limits, *data.Nodes) ([]*data.Node, diag.List)

// documents loads a file of plain data. A file with a syntax error is not checked in part.
func (l *Loader) documents(ctx context.Context, u find.Unit, out *Loaded, read reader, src *data.Source) error {
	var roots []*data.Node
	var diags diag.List
	nodes := data.NodesOf(len(src.Text))
	ok, err := l.readWithin(ctx, u, out, len(src.Text), func() { roots, diags = read(src, l.limits, &nodes) })
	if !ok {
		return err
	}
	out.Diagnostics = append(out.Diagnostics, diags...)
	if diags.HasErrors() {
		if !out.foreignText(src) {
			out.Tenants = 1
		}
		return nil
	}
	if len(roots) == 0 {
		out.reportNoTenant(u.Path, diag.Range{File: u.Path}, "the file holds no tenant")
	}
	for _, root := range roots {
		if err := ctx.Err(); err != nil {
			return err
		}
		out.add(root)
	}
	return nil
}

// large is the size in bytes from which reading is worth stopping at its time limit.
const large = 256 << 10

// readWithin calls read, which reads that many bytes, until ctx or the unit's time ends. A read
// that is stopped continues on its own copy of the state until it ends. ok is false if it was
// stopped, which is reported, or if there is an error, that of ctx.
func (l *Loader) readWithin(ctx context.Context, u find.Unit, out *Loaded, bytes int, read func()) (ok bool, err error) {
	if bytes < large {
		read()
		return ctx.Err() == nil, ctx.Err()
	}
	left := l.budget().remaining()
	if left <= 0 {
		l.budget().notChecked(u, out)
		return false, nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		read()
	}()
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-done:
	case <-ctx.Done():
	case <-timer.C:
		msg, bound := l.budget().stopped("reading this", left)
		out.stopped(u, msg, "", bound)
		return false, nil
	}
	return ctx.Err() == nil, ctx.Err()
}

// stopped reports that a unit exceeded a limit.
func (out *Loaded) stopped(u find.Unit, msg, help, bound string) {
	out.Tenants = 1
	d := out.Diagnostics.Errorf(diag.Limit, nil, "%s", msg)
	d.File, d.Help, d.Bound = u.Path, help, bound
}

func (out *Loaded) reportNoTenant(path string, at diag.Range, msg string) {
	out.Tenants++
	d := out.Diagnostics.Errorf(diag.NotATenant, nil, "%s", msg)
	d.Range = at
	d.Help = "a tenant has at least id, provider and workloads; several stand in a map: tenants: NAME: {…}"
}

// add adds a value as a tenant, or as a map of tenants.
func (out *Loaded) add(root *data.Node) {
	if !out.tests && root.Kind == data.Struct && root.Get("id") == nil && root.Get("provider") == nil && root.Get("workloads") == nil && out.foreign(root) {
		return
	}
	values, ok := gate.Tree(out.limits, &out.Diagnostics, root)
	if !ok {
		out.Tenants++
		return
	}
	if out.tests {
		out.Documents = append(out.Documents, Document{Root: root})
		return
	}
	if root.Kind == data.Struct && len(root.Fields) == 1 && root.Fields[0].Name == "tenants" && root.Fields[0].Value.Kind == data.Struct {
		tenants := root.Fields[0]
		for _, name := range []string{"id", "provider"} {
			if own := tenants.Value.Field(name); own != nil && own.Value.Kind == data.String {
				out.reportNoTenant("", own.At.Range(), name+" stands among the entries of tenants, and is a field of one")
				return
			}
		}
		for _, f := range tenants.Value.Fields {
			out.entry(f, values)
		}
		if len(tenants.Value.Fields) == 0 {
			out.reportNoTenant("", tenants.At.Range(), "tenants is empty")
		}
		return
	}
	if root.Get("id") == nil && root.Get("provider") == nil && root.Get("workloads") == nil {
		out.reportNoTenant("", root.At.Range(), "this is no tenant")
		return
	}
	out.Tenants++
	out.tenant(root, values)
}

// tenant adds a tenant if it is within the size limit. values is an upper bound of its size, or
// 0 to count.
func (out *Loaded) tenant(root *data.Node, values int) {
	if values <= out.limits.Of(limit.TenantValues) || gate.Tenant(out.limits, &out.Diagnostics, root) {
		out.Documents = append(out.Documents, Document{Root: root})
	}
}

// entry adds an entry of a tenants map, whose key is its id. values is an upper bound of its
// size, including that id.
func (out *Loaded) entry(f data.Field, values int) {
	root := f.Value
	if root.Kind != data.Struct {
		out.reportNoTenant("", f.At.Range(), fmt.Sprintf("tenant %s is no struct", f.Name))
		return
	}
	out.Tenants++
	id := root.Field("id")
	switch {
	case id == nil:
		key := &data.Node{Kind: data.String, Text: f.Name, At: f.At}
		root.Fields = append([]data.Field{{Name: "id", At: f.At, Value: key}}, root.Fields...)
	case id.Value.Kind == data.String && id.Value.Text != f.Name:
		d := out.Diagnostics.Errorf(diag.Conflict, diag.At("id"), "id is %q, but the tenant's key is %q", id.Value.Text, f.Name)
		d.Range, d.Tenant = id.Value.At.Range(), f.Name
		d.Related = []diag.Related{{Range: f.At.Range(), Message: "the key"}}
		d.Help = "leave id out: the key supplies it"
		return
	}
	out.tenant(root, values)
}

// guess returns the language of a text without a name. YAML comes before CUE: a mapping of
// plain words is valid in both, but only YAML gives it a meaning.
func guess(src *data.Source, limits limit.Limits) string {
	if _, diags := read.JSON(src, limits, new(data.Nodes)); len(diags) == 0 {
		return "json"
	}
	if docs, diags := read.YAML(src, limits, new(data.Nodes)); !diags.HasErrors() && len(docs) > 0 && docs[0].Kind == data.Struct {
		return "yaml"
	}
	return "cue"
}
