package shape

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/library"
)

// FileName is where a provider's package keeps what [Ahead] returns, beside its schema.
const FileName = "tenant.shape"

// Ahead compiles a provider's schema to the text of [provider.Schema]'s Compiled, from
// which a run reads it in a tenth of the time.
func Ahead(lib *library.Library, importPath string) (string, error) {
	s, err := Compile(lib, importPath)
	if err != nil {
		return "", err
	}
	w := coder{strings: map[string]uint64{}}
	w.all((*[]*Type)(&s.Tenant))
	return header(lib, s.packages, w.out.String()) + w.out.String(), nil
}

// format changes with the order or the meaning of what is written.
const format = "shape-1"

// header is the first line of what was compiled ahead: of what format and files it is,
// and that it is whole.
func header(lib *library.Library, packages []string, body string) string {
	return fmt.Sprintf("%s %08x %08x %s\n", format, lib.Sum(packages...), crc32.ChecksumIEEE([]byte(body)), strings.Join(packages, " "))
}

// Of returns the compiled schema of a provider's package: as it was compiled ahead, where
// that is of the same files, and otherwise compiled here and now, as [Compile] does.
func Of(lib *library.Library, importPath, ahead string) (*Shape, error) {
	if s := fromAhead(lib, ahead); s != nil {
		return s, nil
	}
	return Compile(lib, importPath)
}

// Stale returns an error where what was compiled ahead is not what the schema's files
// say; none where nothing was.
func Stale(lib *library.Library, importPath, ahead string) error {
	if ahead == "" {
		return nil
	}
	if now, err := Ahead(lib, importPath); err != nil || now != ahead {
		return errors.Join(err, errors.New(FileName+" is not of the schema's files: run make generate"))
	}
	return nil
}

// fromAhead reads what was compiled ahead; nil where it is of other files.
func fromAhead(lib *library.Library, text string) *Shape {
	first, body, _ := strings.Cut(text, "\n")
	words := strings.Fields(first)
	if len(words) < 4 || first+"\n" != header(lib, words[3:], body) {
		return nil
	}
	s := &Shape{packages: words[3:]}
	(&coder{reading: true, in: body}).all((*[]*Type)(&s.Tenant))
	return s
}
