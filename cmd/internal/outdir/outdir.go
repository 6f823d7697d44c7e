// Package outdir writes native resources into a directory: each tenant's in a folder of
// its own, each file whole or not at all, and none outside.
package outdir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// ErrForeign is the error of a folder that holds what was not written by this package
// for the same tenant and provider. Nothing in it is touched.
var ErrForeign = errors.New("holds files that were not rendered from this tenant")

// ErrName is the error of a name that would lead elsewhere, or collide.
var ErrName = errors.New("not a file name")

// record is the file that says whose a folder is, and what in it was rendered. Clients
// of platforms that take whole folders pass over it: its name begins with a dot.
const record = ".cuecompute"

type contents struct {
	Tenant   string   `json:"tenant"`
	Provider string   `json:"provider"`
	Files    []string `json:"files"`
}

// Dir is a directory that is written to.
type Dir struct {
	root *os.Root
	path string
}

// Open makes the directory if it is not there.
func Open(dir string) (*Dir, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Dir{root, dir}, nil
}

// Close ends the use of the directory.
func (d *Dir) Close() error { return d.root.Close() }

// Write puts a tenant's files into <tenant>/<provider>. What an earlier Write put there
// and is no longer made is removed; a folder with anything else in it is ErrForeign.
func (d *Dir) Write(tenant, providerName string, files []provider.File) error {
	now := contents{Tenant: tenant, Provider: providerName}
	for _, f := range files {
		now.Files = append(now.Files, f.Name)
	}
	slices.Sort(now.Files)
	if err := checkNames(now); err != nil {
		return err
	}
	folder := path.Join(tenant, providerName)
	if err := d.root.MkdirAll(folder, 0o755); err != nil {
		return d.full(err)
	}
	was, err := d.claim(folder, now)
	if err != nil {
		return err
	}
	// The record comes first, with all that either run makes: should this one end half
	// way, the next still knows every file.
	both := now
	both.Files = slices.Concat(was.Files, now.Files)
	slices.Sort(both.Files)
	both.Files = slices.Compact(both.Files)
	if err := d.note(folder, both); err != nil {
		return err
	}
	for _, f := range files {
		if err := d.put(path.Join(folder, f.Name), f.Data); err != nil {
			return err
		}
	}
	if len(both.Files) == len(now.Files) {
		return nil
	}
	for _, name := range was.Files {
		if !slices.Contains(now.Files, name) {
			if err := d.root.Remove(path.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return d.full(err)
			}
		}
	}
	return d.note(folder, now)
}

// Keep removes what earlier Writes put into the folders of a tenant's other providers. Of
// one that holds anything else it removes nothing, which is ErrForeign; a folder that
// Write did not make is none of them.
func (d *Dir) Keep(tenant, providerName string) error {
	if err := checkNames(contents{Tenant: tenant, Provider: providerName}); err != nil {
		return err
	}
	entries, err := fs.ReadDir(d.root.FS(), tenant)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.full(err)
	}
	var all []error
	for _, e := range entries {
		if e.IsDir() && e.Name() != providerName {
			all = append(all, d.remove(tenant, e.Name()))
		}
	}
	return errors.Join(all...)
}

// remove removes a folder with all that Write put there.
func (d *Dir) remove(tenant, providerName string) error {
	folder := path.Join(tenant, providerName)
	if _, err := d.root.Lstat(path.Join(folder, record)); err != nil {
		return nil // another's
	}
	was, err := d.claim(folder, contents{Tenant: tenant, Provider: providerName})
	if err != nil {
		return err
	}
	entries, err := fs.ReadDir(d.root.FS(), folder)
	if err != nil {
		return d.full(err)
	}
	for _, e := range entries {
		if isTemporary(e.Name()) { // of a run that was ended
			was.Files = append(was.Files, e.Name())
		}
	}
	for _, name := range append(was.Files, record) { // the record last: it knows the others
		if err := d.root.Remove(path.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return d.full(err)
		}
	}
	if err := d.root.Remove(folder); err != nil {
		return d.full(err)
	}
	return nil
}

// checkNames refuses names that are not one plain element of a path, or stand twice.
func checkNames(c contents) error {
	for _, name := range append([]string{c.Tenant, c.Provider}, c.Files...) {
		if !filepath.IsLocal(name) || name == "." || path.Base(name) != name || filepath.Base(name) != name {
			return fmt.Errorf("tenant %s: %w: %q", c.Tenant, ErrName, name)
		}
	}
	for i, name := range c.Files {
		if name == record || slices.Contains(c.Files[:i], name) {
			return fmt.Errorf("tenant %s: %w: %q stands twice", c.Tenant, ErrName, name)
		}
	}
	return nil
}

// claim returns what an earlier run wrote into a folder, and refuses one with anything
// else in it.
func (d *Dir) claim(folder string, now contents) (contents, error) {
	var was contents
	switch text, err := d.root.ReadFile(path.Join(folder, record)); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return was, d.full(err)
	case json.Unmarshal(text, &was) != nil || was.Tenant != now.Tenant || was.Provider != now.Provider || checkNames(was) != nil:
		return was, fmt.Errorf("%s: %w", d.name(folder), ErrForeign)
	}
	entries, err := fs.ReadDir(d.root.FS(), folder)
	if err != nil {
		return was, d.full(err)
	}
	for _, e := range entries {
		if name := e.Name(); name != record && !isTemporary(name) && !slices.Contains(was.Files, name) {
			return was, fmt.Errorf("%s: %w: %s", d.name(folder), ErrForeign, name)
		}
	}
	return was, nil
}

func (d *Dir) note(folder string, c contents) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return d.put(path.Join(folder, record), append(text, '\n'))
}

// temporary ends the name of a file that is being written.
const temporary = ".cuecompute-part"

func isTemporary(name string) bool { return path.Ext(name) == temporary }

// put writes a file beside its place and then moves it there, so that nobody ever sees
// a part of it. A file that holds the same already is left alone.
func (d *Dir) put(name string, data []byte) error {
	if old, err := d.root.ReadFile(name); err == nil && string(old) == string(data) {
		return nil
	}
	part := name + temporary
	err := d.root.WriteFile(part, data, 0o644)
	if err == nil {
		err = d.root.Rename(part, name)
	}
	if err != nil {
		_ = d.root.Remove(part) // what made the error is what is reported
		return d.full(err)
	}
	return nil
}

// name is a path in the directory as people know it.
func (d *Dir) name(inside string) string { return filepath.Join(d.path, filepath.FromSlash(inside)) }

// full gives an error of the root the whole path.
func (d *Dir) full(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: pe.Op, Path: d.name(pe.Path), Err: pe.Err}
	}
	return fmt.Errorf("%s: %w", d.path, err)
}
