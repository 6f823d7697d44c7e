package shape

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// FileName is the file in a provider's package with the result of [Precompile].
const FileName = "tenant.shape"

// Precompile compiles a provider's schema to the text of [provider.Schema]'s Compiled, which is
// read in a tenth of the time.
func Precompile(lib *library.Library, importPath string) (string, error) {
	s, err := Compile(lib, importPath)
	if err != nil {
		return "", err
	}
	w := coder{strings: map[string]uint64{}}
	w.all((*[]*Type)(&s.Tenant))
	return header(lib, s.packages, w.out.String()) + w.out.String(), nil
}

// format identifies the encoding, and changes with it.
const format = "shape-1"

// header returns the first line of a precompiled schema: its format, and checksums of the
// schema's files and of the body.
func header(lib *library.Library, packages []string, body string) string {
	return fmt.Sprintf("%s %08x %08x %s\n", format, lib.Sum(packages...), crc32.ChecksumIEEE([]byte(body)), strings.Join(packages, " "))
}

// Of returns the compiled schema of a provider's package: the precompiled one if it is up to
// date, and otherwise compiled now, as by [Compile].
func Of(lib *library.Library, importPath, precompiled string) (*Shape, error) {
	if s := readPrecompiled(lib, precompiled); s != nil {
		return s, nil
	}
	return Compile(lib, importPath)
}

// Stale returns an error if a precompiled schema is out of date, nil if there is none.
func Stale(lib *library.Library, importPath, precompiled string) error {
	if precompiled == "" {
		return nil
	}
	if now, err := Precompile(lib, importPath); err != nil || now != precompiled {
		return errors.Join(err, errors.New(FileName+" is not of the schema's files: run make generate"))
	}
	return nil
}

// readPrecompiled decodes a precompiled schema, nil if it is out of date.
func readPrecompiled(lib *library.Library, text string) *Shape {
	first, body, _ := strings.Cut(text, "\n")
	words := strings.Fields(first)
	if len(words) < 4 || first+"\n" != header(lib, words[3:], body) {
		return nil
	}
	s := &Shape{packages: words[3:]}
	(&coder{reading: true, in: body}).all((*[]*Type)(&s.Tenant))
	return s
}
