package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// reports are the writers of one run. If one fails, such as on a full disk, the others are
// still completed, and Close returns the error.
type reports []*oneReport

type oneReport struct {
	report.Writer
	failed error
}

// Add adds a unit to the writers that have not failed. It returns an error if all have failed.
func (r reports) Add(u report.Unit) error {
	for _, w := range r {
		if w.failed == nil {
			w.failed = w.Writer.Add(u)
		}
	}
	if slices.ContainsFunc(r, func(w *oneReport) bool { return w.failed == nil }) {
		return nil
	}
	return errNoReport
}

// errNoReport ends a run if no report can be written; Close returns the reasons.
var errNoReport = errors.New("nothing can be reported")

// Close closes all reports, even if one fails.
func (r reports) Close(s report.Summary) error {
	var all []error
	for _, w := range r {
		if w.failed == nil {
			w.failed = w.Writer.Close(s)
		}
		all = append(all, w.failed)
	}
	return errors.Join(all...)
}

// flush writes the collected groups of reports for people when a run is interrupted.
func (r reports) flush() error {
	for _, w := range r {
		if f, ok := w.Writer.(interface{ Flush() error }); ok && w.failed == nil {
			w.failed = f.Flush()
		}
	}
	return nil
}

// fileReport is a report that is written to a file when it is closed.
type fileReport struct {
	report.Writer
	path string
	text bytes.Buffer
}

// newFileReport makes a report that is written to its file at the end.
func newFileReport(file fileFormat, o report.Options) (f *fileReport, err error) {
	f = &fileReport{path: file.path}
	f.Writer, err = report.New(file.format, &f.text, o)
	return f, err
}

func (f *fileReport) Close(s report.Summary) error {
	if err := f.Writer.Close(s); err != nil {
		return err
	}
	err := writeWhole(f.path, f.text.Bytes())
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot write report %s: %w", f.path, bare(err))
}

// bare returns an error without its path, if the message already names the file. Otherwise a
// missing path would count as one of the specs'.
func bare(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}

// unwritten returns the error of files that could not be written. A missing directory is then a
// failure of the machine, not of a spec's path.
func unwritten(err error) error {
	var all []error
	for _, e := range split(err) {
		if at, ok := errors.AsType[*fs.PathError](e); ok && at == e {
			e = fmt.Errorf("%s: %w", at.Path, at.Err)
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

// writeWhole replaces a file atomically. A file that is not regular, such as a pipe, is written
// directly.
func writeWhole(name string, data []byte) error {
	if at, err := os.Stat(name); err == nil && !at.Mode().IsRegular() {
		return os.WriteFile(name, data, 0o666)
	}
	temporary := fmt.Sprintf("%s.%d.tmp", name, os.Getpid())
	err := os.WriteFile(temporary, data, 0o666)
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		_ = os.Remove(temporary) // if it still exists
	}
	return err
}

// fromRepository returns a function that names a file relative to the repository's root, as
// forges do. Files outside keep their names.
func fromRepository() func(string) string {
	same := func(file string) string { return file }
	dir, err := os.Getwd()
	if err != nil {
		return same
	}
	root, ok := gitrev.Root(dir)
	if !ok {
		return same
	}
	return func(file string) string {
		if file == "" || file == "-" {
			return file
		}
		inside, err := below(root, file)
		if err != nil {
			return file
		}
		return inside
	}
}

var errOutside = errors.New("is outside")

// below returns a path relative to root, with slashes. A path outside is an error.
func below(root, path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	inside, err := filepath.Rel(root, full)
	if err != nil || !filepath.IsLocal(inside) {
		return "", errOutside
	}
	return filepath.ToSlash(inside), nil
}
