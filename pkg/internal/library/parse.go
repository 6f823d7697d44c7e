package library

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// Parse parses a CUE file. It returns an error for a text that makes CUE's parser panic, such
// as an import with half a surrogate pair.
func Parse(name string, text []byte, mode ...parser.Option) (f *ast.File, err error) {
	defer func() {
		if recover() != nil {
			start := token.NewFile(name, -1, len(text)).Pos(0, token.NoRelPos)
			f, err = nil, errors.Newf(start, "CUE's parser does not get through this file")
		}
	}()
	return parser.ParseFile(name, text, mode...)
}
