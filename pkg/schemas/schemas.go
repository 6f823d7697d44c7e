// Package schemas describes the fields of a tenant spec, from the schemas of the core and of
// providers: as explanations, as one JSON Schema for editors, and as CUE.
//
//	set, err := schemas.New(info)
//	e, ofCore, err := set.Explain(diag.At("workloads", "replicas"))
//	fmt.Println(e.Forms[0].Type, e.Forms[0].Default)
package schemas

import (
	"errors"
	"fmt"
	"path"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/jsonschema"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/schema"
)

type (
	// Explanation describes a field.
	Explanation = shape.Explanation
	// Form is a field in one case, such as for one kind of workload.
	Form = shape.Form
	// Line is a field in an outline.
	Line = shape.Line
	// Inside is what may be written at a position of a spec.
	Inside = shape.Inside
	// NamedForm is a field by its name.
	NamedForm = shape.NamedForm
	// NoField is the error of a path that leads to no field.
	NoField = shape.NoField
)

// Set is the schemas of the core and of some providers.
type Set struct {
	infos   []provider.Info
	library *library.Library
	core    *shape.Shape
	own     map[string]*shape.Shape // by provider, without schemas that cannot be compiled
}

// New compiles the schemas of providers. It returns an error for a schema that has no files or
// is not CUE.
func New(infos ...provider.Info) (*Set, error) {
	s := &Set{infos: infos, own: map[string]*shape.Shape{}}
	var err error
	if s.library, err = library.New(s.imported()...); err != nil {
		return nil, err
	}
	if s.core, err = shape.Compile(s.library, schema.ImportPath); err != nil {
		return nil, err
	}
	for _, info := range infos {
		if compiled, err := shape.Compile(s.library, info.Schema.ImportPath); err == nil {
			s.own[info.Name] = compiled
		}
	}
	return s, nil
}

// all returns the compiled schemas, the core's first.
func (s *Set) all() []*shape.Shape {
	shapes := []*shape.Shape{s.core}
	for _, info := range s.infos {
		if compiled := s.own[info.Name]; compiled != nil {
			shapes = append(shapes, compiled)
		}
	}
	return shapes
}

// Fields returns the paths of all fields of the core, without the names that authors choose,
// sorted.
func (s *Set) Fields() []string { return s.core.Fields() }

// Named returns the paths of all fields of the core with that name.
func (s *Set) Named(name string) []diag.Path { return s.core.Named(name) }

// Outline lists all fields, each at its position in the first schema that has it.
func (s *Set) Outline() []Line { return shape.Outline(s.all()...) }

// Explain explains a field of the core or, with ofCore false, of the first provider that has
// it. Keys of maps and indices of lists may be left out. The error for a path without a field
// is a *[NoField].
func (s *Set) Explain(field diag.Path) (e *Explanation, ofCore bool, err error) {
	var nowhere *NoField
	for _, in := range s.all() {
		e, err := in.Explain(field)
		if lost, ok := errors.AsType[*NoField](err); ok {
			nowhere = nowhere.With(lost)
			continue
		}
		return e, in == s.core, err
	}
	return nil, false, nowhere
}

// Inside returns what may be written at a position of a tenant of a provider, or of any where the
// provider is not known: at a path all of whose keys are there, and which leads to a struct in
// which fields are written, with the text of those that are scalars; nil where the path leads to
// nothing. It is what fits, and not all that is judged.
func (s *Set) Inside(name string, path diag.Path, written map[string]string) *Inside {
	in := s.own[name]
	if in == nil {
		in = s.core
	}
	return in.Inside(path, written)
}

// Narrowing describes what a provider's schema demands of a field in addition to the core's. ok
// is false if the provider's schema cannot be compiled.
func (s *Set) Narrowing(name string, core *Explanation) (narrowing []string, ok bool, err error) {
	in := s.own[name]
	if in == nil {
		return nil, false, nil
	}
	e, err := in.Explain(core.Path)
	if err != nil {
		return nil, true, err
	}
	return e.Narrowing(core), true, nil
}

// JSON returns one JSON Schema, draft 2020-12, for tenant files of any of the providers. An
// error names the provider whose schema JSON Schema cannot express.
func (s *Set) JSON() ([]byte, error) {
	for _, info := range s.infos {
		if s.own[info.Name] == nil {
			_, err := shape.Compile(s.library, info.Schema.ImportPath)
			return nil, fmt.Errorf("the schema of %s: %w", info.Name, err)
		}
	}
	return jsonschema.Of(s.own)
}

// IsJSON reports whether a text is a JSON Schema of this package, in any version.
func IsJSON(text []byte) bool { return jsonschema.Made(text) }

// File is a file of a CUE package.
type File struct {
	Path string // the package's import path, and the file's name
	Text []byte
}

// CUE returns the files of the schemas' CUE packages, the core's first.
func (s *Set) CUE() []File {
	var files []File
	for _, in := range append([]provider.Schema{{ImportPath: schema.ImportPath}}, s.imported()...) {
		for name, text := range s.library.Texts(in.ImportPath) {
			files = append(files, File{path.Join(in.ImportPath, name), text})
		}
	}
	return files
}

func (s *Set) imported() []provider.Schema {
	all := make([]provider.Schema, len(s.infos))
	for i, info := range s.infos {
		all[i] = info.Schema
	}
	return all
}

// PrecompiledName is the name of the file with a provider's compiled schema.
const PrecompiledName = shape.FileName

// Precompile returns the compiled schema of each provider, by name. A package embeds it as
// [provider.Schema.Compiled], so that no run has to compile it.
func Precompile(providers ...provider.Provider) (map[string]string, error) {
	lib, err := library.Of(providers...)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, p := range providers {
		info := p.Info()
		if all[info.Name], err = shape.Precompile(lib, info.Schema.ImportPath); err != nil {
			return nil, fmt.Errorf("%s: %w", info.Name, err)
		}
	}
	return all, nil
}

// Stale returns an error that names each provider whose compiled schema is out of date.
func Stale(providers ...provider.Provider) error {
	lib, err := library.Of(providers...)
	if err != nil {
		return err
	}
	var stale []error
	for _, p := range providers {
		own := p.Info().Schema
		if err := shape.Stale(lib, own.ImportPath, own.Compiled); err != nil {
			stale = append(stale, fmt.Errorf("%s: %w", p.Info().Name, err))
		}
	}
	return errors.Join(stale...)
}
