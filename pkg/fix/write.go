package fix

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrChanged is returned for a file that has changed since it was checked.
var ErrChanged = errors.New("it has changed since it was judged")

var (
	errLink    = errors.New("it is a link")
	errRegular = errors.New("it is not a regular file")
)

// Read returns the text of a file that may be written: it is neither a link nor anything else
// but a regular file.
func Read(name string) ([]byte, error) {
	if _, err := mode(name); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

func mode(name string) (os.FileMode, error) {
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return 0, err
	case info.Mode()&os.ModeSymlink != 0:
		return 0, errLink
	case !info.Mode().IsRegular():
		return 0, errRegular
	}
	return info.Mode().Perm(), nil
}

// Write writes a fixed file, completely or not at all, and keeps its mode. It returns
// ErrChanged, and leaves the file as it is, if its text has changed since it was checked.
func Write(f File) error {
	perm, err := mode(f.Name)
	if err != nil {
		return err
	}
	// A read-only file could still be replaced, because that depends on the directory.
	own, err := os.OpenFile(f.Name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := own.Close(); err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(f.Name), fmt.Sprintf(".%s.%d.tmp", filepath.Base(f.Name), os.Getpid()))
	err = os.WriteFile(temporary, f.Now, 0o600)
	if err == nil {
		err = os.Chmod(temporary, perm)
	}
	if err == nil {
		err = unchanged(f)
	}
	if err == nil {
		err = os.Rename(temporary, f.Name)
	}
	if err != nil {
		_ = os.Remove(temporary) // if it still exists
	}
	return err
}

func unchanged(f File) error {
	have, err := Read(f.Name)
	if err == nil && !bytes.Equal(have, f.Was) {
		err = ErrChanged
	}
	return err
}
