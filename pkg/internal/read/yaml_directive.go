package read

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// directives returns the text with directives that the YAML library accepts. The library knows
// only YAML 1.1, %YAML and %TAG, but resolution is done here, and other directives are to be
// ignored (https://yaml.org/spec/1.2.2/#68-directives). ok is false if a document has too many
// directives, each of which the library compares with all others, or has another major version.
func (r *yamlReader) directives() (text []byte, ok bool) {
	text = r.src.Text
	if !bytes.HasPrefix(text, []byte("%")) && !bytes.Contains(text, []byte("\n%")) {
		return text, true
	}
	text = slices.Clone(text)
	atStart, found := true, 0 // of a document
	for at := 0; at < len(text); {
		line := text[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		switch trimmed := bytes.TrimSpace(line); {
		case atStart && bytes.HasPrefix(line, []byte("%")):
			if found++; found > r.limits.Of(limit.Directives) {
				r.limits.Report(&r.diags, limit.Directives, r.src.Range(at, at+len(line)), "this is one directive more than a document may have")
				return nil, false
			}
			r.directive(line, at)
		case bytes.HasPrefix(line, []byte("...")):
			atStart, found = true, 0
		case len(trimmed) > 0 && trimmed[0] != '#':
			atStart = false
		}
		at += len(line) + 1
	}
	return text, !r.diags.HasErrors()
}

// directive replaces a directive with one of the same length that the YAML library accepts.
func (r *yamlReader) directive(line []byte, at int) {
	words := bytes.Fields(line)
	switch string(words[0]) {
	case "%TAG":
	case "%YAML":
		if len(words) < 2 {
			return
		}
		minor, ok := bytes.CutPrefix(words[1], []byte("1."))
		if ok && len(minor) > 0 && len(bytes.Trim(minor, "0123456789")) == 0 {
			copy(minor, "1"+strings.Repeat(" ", len(minor)-1))
		} else {
			d := r.error(r.src.Range(at, at+len(line)), diag.Syntax, fmt.Sprintf("not YAML: version %s of YAML is not known here", words[1]))
			d.Help = "a spec is YAML 1.2, with or without a line %YAML 1.2"
		}
	default:
		d := r.diags.Warnf(diag.Syntax, nil, "directive %s has no meaning here", words[0])
		d.Range = r.src.Range(at, at+len(words[0]))
		line[0] = '#'
	}
}
