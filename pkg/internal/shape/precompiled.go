package shape

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// FileName is where a provider's package keeps what [Precompile] returns, beside its schema.
const FileName = "tenant.shape"

// Precompile compiles a provider's schema to the text of [provider.Schema]'s Compiled, from
// which a run reads it in a tenth of the time.
func Precompile(lib *library.Library, importPath string) (string, error) {
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

// header is the first line of what was precompiled: of what format and files it is,
// and that it is whole.
func header(lib *library.Library, packages []string, body string) string {
	return fmt.Sprintf("%s %08x %08x %s\n", format, lib.Sum(packages...), crc32.ChecksumIEEE([]byte(body)), strings.Join(packages, " "))
}

// Of returns the compiled schema of a provider's package: as it was precompiled, where
// that is of the same files, and otherwise compiled here and now, as [Compile] does.
func Of(lib *library.Library, importPath, precompiled string) (*Shape, error) {
	if s := readPrecompiled(lib, precompiled); s != nil {
		return s, nil
	}
	return Compile(lib, importPath)
}

// Stale returns an error where what was precompiled is not what the schema's files
// say; none where nothing was.
func Stale(lib *library.Library, importPath, precompiled string) error {
	if precompiled == "" {
		return nil
	}
	if now, err := Precompile(lib, importPath); err != nil || now != precompiled {
		return errors.Join(err, errors.New(FileName+" is not of the schema's files: run make generate"))
	}
	return nil
}

// readPrecompiled reads what was precompiled; nil where it is of other files.
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
