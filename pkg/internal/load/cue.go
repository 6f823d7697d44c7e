package load

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/cuedata"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/gate"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
)

// The number of packages that a CUE context evaluates before it is replaced. A context keeps
// memory for each and becomes slower, but a new one has to compile imported packages again.
const (
	recycleAfter        = 5
	recycleImportsAfter = 50
)

// cueState is CUE's state and the imported packages, shared by several units.
type cueState struct {
	ctx      *cue.Context
	any      cue.Value // _
	binary   binary
	imported map[string]*imported // by the module's root and the import path
	units    int

	templates map[templateKey]*template
}

func newCUEState() *cueState {
	ctx := cuecontext.New()
	return &cueState{ctx: ctx, any: ctx.CompileString("_"), binary: binary{}, imported: map[string]*imported{}, templates: map[templateKey]*template{}}
}

// exhausted reports whether the state should be replaced.
func (s *cueState) exhausted() bool {
	return s.units >= recycleImportsAfter || s.units >= recycleAfter && len(s.binary)+len(s.imported) == 0
}

// binary is the set of imported library packages, by path.
type binary map[string]*build.Instance

// evaluation is the evaluation of one unit.
type evaluation struct {
	*Loader
	build  *build.Context
	binary binary
	out    *Loaded
	module *module
	passed map[*data.Source]bool // texts that passed the gate
	files  []*ast.File           // the unit's own files
	parsed map[string]*ast.File  // these, and the files of imported packages, by name

	dir      string // directory of the unit
	inst     *build.Instance
	holes    []token.Pos   // positions of removed expressions
	broken   bool          // the current tenant has unknown values
	misnamed diag.List     // parameters that no template takes
	uses     []cuedata.Use // uses of templates

	aliases map[string]string // names under which packages are imported, by the misspelt names in references

	importing []string             // chain of imports being resolved, each imported by the one before
	imports   map[string]*imported // resolved imports, by the module's root and the import path
}

// loadCUE loads a CUE unit. Plain data is read without evaluation. Other CUE is evaluated in a
// child process, which can be stopped, or in this process if there is no child and the caller
// set Unbounded.
func (l *Loader) loadCUE(ctx context.Context, u find.Unit, out *Loaded) error {
	e := l.evaluation(u, out)
	sources := e.texts(u)
	if len(out.Diagnostics) > 0 {
		out.Tenants = 1
		return nil
	}
	if l.evaluator.Pool != nil && slices.ContainsFunc(sources, computes) {
		return e.evaluateInChild(ctx, u, sources) // the child parses it
	}
	var root *data.Node
	if bytesOf(sources) >= large {
		e.detach()
	}
	ok, err := l.readWithin(ctx, u, out, bytesOf(sources), func() { root = e.literal(u, sources) })
	if !ok {
		return err
	}
	if e.out != out {
		*out, e.out, e.Loader = *e.out, out, l
	}
	switch {
	case root != nil || len(out.Diagnostics) > 0 || len(e.files) == 0:
		return nil
	case l.evaluator.Pool != nil:
		return e.evaluateInChild(ctx, u, sources)
	case l.evaluator.Unbounded:
		e.evaluateInProcess(u)
		return nil
	}
	return fmt.Errorf("%s: %w", u.Path, ErrUnbounded)
}

// detach gives an evaluation its own copy of the loader's state, until it is done.
func (e *evaluation) detach() {
	loader, out := *e.Loader, *e.out
	loader.directories, loader.cue = map[string]*directory{}, nil
	out.Sources = maps.Clone(out.Sources)
	e.Loader, e.out = &loader, &out
}

// bytesOf returns the size of the sources in bytes.
func bytesOf(sources []*data.Source) (bytes int) {
	for _, src := range sources {
		bytes += len(src.Text)
	}
	return bytes
}

// literal returns a unit that is plain data. Any other unit is parsed for the evaluator, unless
// it is broken.
func (e *evaluation) literal(u find.Unit, sources []*data.Source) *data.Node {
	for _, src := range sources {
		if !e.passes(src) {
			e.out.Tenants = 1
			return nil
		}
	}
	var root *data.Node
	if !slices.ContainsFunc(sources, computes) {
		root = read.CUE(sources)
	}
	if root == nil {
		e.parse(sources)
		if len(e.files) == 0 && len(e.out.Diagnostics) == 0 && !u.Walked {
			e.unselected(u.Path)
		}
		if len(e.out.Diagnostics) > 0 {
			e.out.Tenants = 1
		}
	} else if !u.PassedOver(root.Names()) {
		e.out.add(root)
	}
	return root
}

// unselected reports that the build tags exclude every file of a unit.
func (e *evaluation) unselected(path string) {
	d := e.out.Diagnostics.Errorf(diag.NotATenant, nil, "@if or @ignore leaves out every file of this")
	d.File, d.Help = path, "set a tag that @if asks for, as in -t NAME"
}

// computes reports, by a quick scan of the text, whether a file is probably more than plain
// data.
func computes(src *data.Source) bool {
	for _, mark := range []string{"\\(", " & ", "{for ", "[for ", "\nlet ", "\n\tif ", "@extern("} {
		if bytes.Contains(src.Text, []byte(mark)) {
			return true
		}
	}
	return imports(src)
}

// imports reports, by a quick scan of the text, whether a file probably imports packages.
func imports(src *data.Source) bool {
	return bytes.HasPrefix(src.Text, []byte("import ")) || bytes.Contains(src.Text, []byte("\nimport "))
}

// evaluateInProcess evaluates a unit in this process, where nothing can stop it.
func (e *evaluation) evaluateInProcess(u find.Unit) {
	e.attempt(u, func() { e.evaluate(u) })
}

// attempt calls work, and reports a panic of the evaluator as a mistake of the unit.
func (e *evaluation) attempt(u find.Unit, work func()) {
	before := *e.out
	defer func() {
		if broken := recover(); broken != nil {
			*e.out, e.cue = before, nil
			e.out.Tenants = 1
			d := e.out.Diagnostics.Errorf(diag.Limit, nil, "CUE's evaluator breaks on this: %v", broken)
			d.File = u.Path
			d.Help = "write it another way"
		}
	}()
	work()
}

func (e *evaluation) evaluate(u find.Unit) {
	if e.cue == nil || e.cue.exhausted() {
		e.cue = newCUEState()
	}
	e.cue.units++
	e.binary = e.cue.binary
	defer e.shareImports()
	v, holes := e.compile(u)
	if !v.Exists() || len(e.out.Diagnostics) > 0 && len(holes) == 0 {
		e.out.Tenants = 1
		return
	}
	e.tenants(u, v, holes, cuedata.FilePlaces(e.out.Sources, e.files))
}

// Text reads one file, such as a policy.
func (l *Loader) Text(path string) ([]byte, diag.List) {
	out := &Loaded{Sources: cuedata.Sources{}, limits: l.limits}
	_, err := l.read(find.Unit{Path: path, Files: []string{path}}, out)
	if src := out.Sources[path]; src != nil {
		return src.Text, nil // Instance reports the text's problems
	}
	if err != nil {
		out.Diagnostics.Errorf(diag.Unreadable, nil, "%v", err).File = path
	}
	return nil, out.Diagnostics
}

// Instance parses one CUE file, such as a policy, for evaluation by the caller.
func (l *Loader) Instance(path string, text []byte) (*build.Instance, cuedata.Sources, diag.List) {
	out := &Loaded{Sources: cuedata.Sources{}, limits: l.limits}
	u := find.Unit{Path: path, Files: []string{path}}
	out.source(path, text)
	e := l.evaluation(u, out)
	e.parse(e.texts(u))
	if len(e.files) == 0 && len(out.Diagnostics) == 0 {
		e.unselected(path)
	}
	if len(out.Diagnostics) > 0 {
		return nil, out.Sources, out.Diagnostics
	}
	e.binary = binary{}
	return e.instance(u), out.Sources, out.Diagnostics
}

// authorPackage describes the unit's own files, for tracing values. Inherited files of the
// directories above count as templates.
func (e *evaluation) authorPackage() cuedata.Package {
	var files []*ast.File
	for _, f := range e.files {
		template := e.out.tests && !strings.HasSuffix(f.Filename, "_test.cue") // which the tests are of
		if filepath.Dir(f.Filename) == filepath.Clean(e.dir) && !template || len(e.files) == 1 {
			files = append(files, f)
		}
	}
	return cuedata.Package{
		Own: func(file string) bool {
			return slices.ContainsFunc(files, func(f *ast.File) bool { return f.Filename == file })
		},
		Syntax:  func(file string) *ast.File { return e.parsed[file] },
		Files:   files,
		Context: e.cue.ctx,
		Any:     e.cue.any,
	}
}

func (l *Loader) evaluation(u find.Unit, out *Loaded) *evaluation {
	return &evaluation{Loader: l, build: build.NewContext(), out: out, dir: u.Dir(), module: l.moduleOf(u.Dir()), parsed: map[string]*ast.File{}, imports: map[string]*imported{}, aliases: map[string]string{}}
}

// parse makes syntax trees of a unit's files for the evaluator.
func (e *evaluation) parse(sources []*data.Source) {
	for _, src := range sources {
		e.files = append(e.files, e.syntax(src)...)
	}
}

// instance resolves the imports of a unit's files.
func (e *evaluation) instance(u find.Unit) *build.Instance {
	inst := e.build.NewInstance(u.Dir(), e.resolve)
	inst.PkgName, inst.ImportPath = u.Package, "_/"+u.Path
	for _, f := range e.files {
		_ = inst.AddSyntax(f) // its errors are kept in inst.Err
	}
	_ = inst.Complete()
	return inst
}

// texts reads a unit's files, and those of the same package in the directories above, up to the
// module's root.
func (e *evaluation) texts(u find.Unit) []*data.Source {
	if u.Package == "" {
		if src := e.out.Sources[u.Path]; src != nil {
			return []*data.Source{src}
		}
		return nil
	}
	given := func(name string) ([]byte, error) { return e.given(u, name) }
	return append(e.readAll(e.parentFiles(u), e.inModule), e.readAll(u.Files, given)...)
}

// inModule reads a file that was found, not named: links must stay in its module.
func (e *evaluation) inModule(name string) ([]byte, error) {
	return e.ReadBelow(e.moduleOf(filepath.Dir(name)).root, name, e.limits)
}

func (e *evaluation) readAll(names []string, read func(string) ([]byte, error)) []*data.Source {
	var sources []*data.Source
	for _, name := range names {
		text, err := read(name)
		if err != nil {
			e.out.Diagnostics.Errorf(diag.Unreadable, nil, "cannot be read: %s", find.Reason(err)).File = name
			continue
		}
		if src := e.out.source(name, text); src != nil {
			sources = append(sources, src)
		}
	}
	return sources
}

// syntax parses one file, and injects tags and embedded texts.
func (e *evaluation) syntax(src *data.Source) []*ast.File {
	if !e.passes(src) {
		return nil
	}
	f, err := gate.SyntaxTree(src)
	if err != nil {
		first, before := errors.Errors(err)[0], len(e.out.Diagnostics)
		if strings.Contains(first.Error(), tooDeep) {
			gate.Costs(e.limits, &e.out.Diagnostics, src) // reports if one of our limits is exceeded
		}
		if len(e.out.Diagnostics) == before {
			e.wrong(src, diag.Syntax, first, "not CUE: "+message(first))
			read.OtherLanguage(&e.out.Diagnostics[before], src)
		}
		return nil
	}
	e.parsed[src.Name] = f
	if bytes.IndexByte(src.Text, '@') < 0 {
		return []*ast.File{f} // f without attributes
	}
	selected, terr := e.tags.selects(f)
	if terr == nil && selected {
		terr = inject(f, e.tags.set)
	}
	if terr != nil {
		e.wrong(src, diag.BadFormat, terr, message(terr))
	}
	if !selected {
		return nil
	}
	e.embed(f)
	return []*ast.File{f}
}

// tooDeep is part of the CUE parser's error for nesting over its limit (parser.go).
const tooDeep = "exceeds maximum nesting depth"

// wrong reports an error of a file at the error's own position.
func (e *evaluation) wrong(src *data.Source, code diag.Code, err errors.Error, msg string) {
	d := e.out.Diagnostics.Errorf(code, nil, "%s", msg)
	d.Range = diag.Range{File: src.Name}
	if pos := err.Position(); pos.HasAbsPos() {
		d.Range = src.Range(pos.Offset(), pos.Offset()+1)
	}
}

// message returns an error's text without its position.
func message(err errors.Error) string {
	return strings.TrimSpace(strings.SplitN(errors.String(err), ":\n", 2)[0])
}
