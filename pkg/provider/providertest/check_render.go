package providertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// rendered calls look with what each passing tenant renders to.
func (s *suite) rendered(look func(*tenant, []provider.File)) {
	for _, t := range s.passing() {
		r, ok := s.fresh().(provider.Renderer)
		if !ok {
			return
		}
		files, err := r.Render(s.ctx, t.plan())
		if err != nil {
			s.problem("Render of %s: %v", t, err)
			continue
		}
		look(t, files)
	}
}

func (s *suite) checkRender() {
	s.rendered(func(t *tenant, first []provider.File) {
		for range often {
			again, err := s.fresh().(provider.Renderer).Render(s.ctx, t.plan())
			if err == nil {
				err = alike(first, again)
			}
			if err != nil {
				s.varies = true
				s.problem("Render of %s again: %v", t, err)
				return
			}
		}
	})
}

// alike says how files differ.
func alike(want, got []provider.File) error {
	if len(want) != len(got) {
		return fmt.Errorf("%d files, not %d", len(got), len(want))
	}
	for i := range want {
		switch {
		case want[i].Name != got[i].Name:
			return fmt.Errorf("file %q, not %q", got[i].Name, want[i].Name)
		case !bytes.Equal(want[i].Data, got[i].Data):
			return fmt.Errorf("file %q has other bytes", got[i].Name)
		}
	}
	return nil
}

func (s *suite) checkFiles() {
	s.rendered(func(t *tenant, files []provider.File) {
		if len(files) == 0 {
			s.problem("%s renders to nothing", t)
		}
		taken := map[string]bool{}
		for _, f := range files {
			if f.Name == "" || f.Name == "." || f.Name == ".." || path.Base(f.Name) != f.Name || strings.ContainsAny(f.Name, "\\\x00") {
				s.problem("%s renders to %q, which is no plain file name", t, f.Name)
			}
			if folded := strings.ToLower(f.Name); taken[folded] {
				s.problem("%s renders to two files %q, on systems where case does not count", t, f.Name)
			} else {
				taken[folded] = true
			}
			if err := WellFormed(f); err != nil {
				s.problem("%s renders to %s, which %v", t, f.Name, err)
			}
		}
	})
}

// WellFormed returns an error if a file's data is not what its name says.
func WellFormed(f provider.File) error {
	switch {
	case !utf8.Valid(f.Data):
		return errors.New("is no UTF-8")
	case !bytes.HasSuffix(f.Data, []byte("\n")):
		return errors.New("does not end with a newline")
	}
	var err error
	switch path.Ext(f.Name) {
	case ".json":
		err = json.Unmarshal(f.Data, new(any))
	case ".yaml", ".yml":
		d := yaml.NewDecoder(bytes.NewReader(f.Data))
		for err == nil {
			err = d.Decode(new(any))
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	return nil
}

func (s *suite) checkImages() {
	s.rendered(func(t *tenant, files []provider.File) {
		var all []byte
		for _, f := range files {
			all = append(all, f.Data...)
		}
		for workload, w := range plan.Sorted(t.plan().Workloads) {
			for container, c := range plan.Sorted(w.Containers) {
				if !bytes.Contains(all, []byte(c.Image)) {
					s.problem("the image of container %q of workload %q is in no file of %s", container, workload, t)
				}
			}
		}
	})
}

func (s *suite) checkNames() {
	for _, t := range s.passing() {
		r, ok := s.fresh().(provider.Renderer)
		if !ok {
			return
		}
		given := t.plan()
		first, err := r.Names(given)
		if err != nil {
			s.problem("Names of %s: %v", t, err)
		}
		for range often {
			again, err := s.fresh().(provider.Renderer).Names(given)
			if err != nil || !reflect.DeepEqual(first, again) {
				s.problem("Names of %s are %v at one time and %v (%v) at another", t, first, again, err)
				break
			}
		}
		for _, n := range first {
			if n.Scope == "" || n.Name == "" || !s.words.has(n.Path) {
				s.problem("%s has a resource %q in scope %q, made of %s", t, n.Name, n.Scope, n.Path)
			}
		}
		if t.own { // an extension of others may set a name for any tenant
			s.checkDistinct(t, r)
		}
	}
}

// checkDistinct looks whether two tenants that differ in nothing but their ids share a name.
func (s *suite) checkDistinct(t *tenant, r provider.Renderer) {
	one, err := r.Names(t.as("one"))
	if err != nil {
		s.problem("Names of %s: %v", t, err)
	}
	other, err := r.Names(t.as("other"))
	if err != nil {
		s.problem("Names of %s: %v", t, err)
	}
	if len(one) == 0 {
		s.problem("%s renders, and has no names", t)
	}
	taken := map[[2]string]bool{}
	for _, n := range one {
		key := [2]string{n.Scope, n.Name}
		if taken[key] {
			s.problem("two resources of %s are %s %q", t, n.Scope, n.Name)
		}
		taken[key] = true
	}
	for _, n := range other {
		if n.Concept == "" && taken[[2]string{n.Scope, n.Name}] {
			s.problem("%s %q is a resource of %s under any id", n.Scope, n.Name, t)
		}
	}
}
