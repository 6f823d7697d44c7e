// Package outdir writes native resources into a directory: each tenant in its own folder, each
// file completely or not at all, and none outside.
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

// ErrForeign is the error for a folder with files that this package did not write for the same
// tenant and provider. Nothing in it is changed.
var ErrForeign = errors.New("holds files that were not rendered from this tenant")

// ErrName is the error for a name that would leave the folder, or occurs twice.
var ErrName = errors.New("not a file name")

// record is the file that lists a folder's owner and its rendered files. Its name begins with a
// dot, so that clients which read whole folders skip it.
const record = ".cuecompute"

type contents struct {
	Tenant   string   `json:"tenant"`
	Provider string   `json:"provider"`
	Files    []string `json:"files"`
}

// Dir is an output directory.
type Dir struct {
	root *os.Root
	path string
}

// Open opens the directory, and creates it if necessary.
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

// Close closes the directory.
func (d *Dir) Close() error { return d.root.Close() }

// Write writes a tenant's files into <tenant>/<provider>. It removes obsolete files of an
// earlier Write; a folder with any other file is ErrForeign.
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
	// The record comes first, with the files of both runs, so that an interrupted run does not
	// lose track of a file.
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

// Keep removes the files that Write put into the folders of a tenant's other providers. It
// changes nothing in a folder with any other file, and returns ErrForeign; it ignores folders
// that Write did not make.
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

// remove removes a folder and everything that Write put there.
func (d *Dir) remove(tenant, providerName string) error {
	folder := path.Join(tenant, providerName)
	if _, err := d.root.Lstat(path.Join(folder, record)); err != nil {
		return nil // not made by Write
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
		if isTemporary(e.Name()) { // of an interrupted run
			was.Files = append(was.Files, e.Name())
		}
	}
	for _, name := range append(was.Files, record) { // the record last, because it lists the others
		if err := d.root.Remove(path.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return d.full(err)
		}
	}
	if err := d.root.Remove(folder); err != nil {
		return d.full(err)
	}
	return nil
}

// checkNames returns an error for names that are not a single path element, or occur twice.
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

// claim returns the record of an earlier run in a folder, or an error if the folder contains
// any other file.
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

// temporary is the extension of a file that is being written.
const temporary = ".cuecompute-part"

func isTemporary(name string) bool { return path.Ext(name) == temporary }

// put writes a temporary file and renames it, so that no reader sees a part of it. It does not
// touch a file with the same contents.
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
		_ = d.root.Remove(part) // the first error is the one to report
		return d.full(err)
	}
	return nil
}

// name returns the user's path of a file in the directory.
func (d *Dir) name(inside string) string { return filepath.Join(d.path, filepath.FromSlash(inside)) }

// full adds the whole path to an error of the root.
func (d *Dir) full(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: pe.Op, Path: d.name(pe.Path), Err: pe.Err}
	}
	return fmt.Errorf("%s: %w", d.path, err)
}
