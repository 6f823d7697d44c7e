package datatest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Languages are those that Write knows.
var Languages = []string{"yaml", "json", "cue"}

// hostile are scalars that languages read in ways of their own. CUE's 1. and 'bytes' are
// not among them: `cue export` writes the one as an int, the other as a string, so that what
// is piped from it is admitted where the value itself is not.
var hostile = map[string][]string{
	"yaml": {
		"1e3", "1_000", "0x1f", "010", "089", "0o17", "~", "null", "yes", "no", "on", "Off", "TRUE", "False",
		"2026-11-23", "2001-12-14t21:59:43.10-05:00", ".inf", "-.Inf", ".nan", "12345678901234567890", "1.0", "1.", ".5",
		"+12", "-0", "0b11", "1:30", "''", `"\u00e9\t"`, "!!str 5", `!!int "5"`, "!!float 5", "!!binary aGk=", "0", "-1", "0.5",
		"!!null x", "!!bool true", "- 1", `"multi\nline"`, "512Mi", "=", "é", "1__0", "0_1", "- ",
	},
	"json": {
		"1e3", "-0", "1.0", "1E2", "12345678901234567890", "0.1e1", `"\u00e9"`, "true", "null", `""`, "1.50", "0.0001", "1e-3",
		`"a\nb"`, "-1.5e2", `"\/"`, "0", "9007199254740993",
	},
	"cue": {
		"1_000", "0x1f", "0b1", "0o17", "2Ki", "1.5M", "1e3", "-1", "+1", "#\"raw \\(x)\"#", "null", ".5",
		"\"\"\"\n\tmulti\n\tline\n\t\"\"\"", "\"\\u00e9\\n\"", "1.0", "0.50", "-0", "12345678901234567890", "true", "\"\"", "1 + 1", "*1 | 2",
	},
}

var placeholders = regexp.MustCompile(`["']?@@(\d+)@@["']?`)

// Write renders data in a language, and puts hostile scalars in their places.
func Write(lang string, n *data.Node) []byte {
	var b bytes.Buffer
	switch lang {
	case "yaml":
		writeYAML(&b, n, 0)
	default:
		writeFlow(&b, n)
	}
	return placeholders.ReplaceAllFunc(b.Bytes(), func(m []byte) []byte {
		i, err := strconv.Atoi(strings.Trim(string(m), `"'@`))
		if err != nil {
			return m
		}
		return []byte(hostile[lang][i%len(hostile[lang])])
	})
}

// writeFlow writes JSON, which is CUE too.
func writeFlow(b *bytes.Buffer, n *data.Node) {
	switch n.Kind {
	case data.Struct:
		b.WriteByte('{')
		for i, f := range n.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "%s: ", quoted(f.Name))
			writeFlow(b, f.Value)
		}
		b.WriteByte('}')
	case data.List:
		b.WriteByte('[')
		for i, e := range n.Elems {
			if i > 0 {
				b.WriteString(", ")
			}
			writeFlow(b, e)
		}
		b.WriteByte(']')
	case data.String:
		b.WriteString(quoted(n.Text))
	case data.Null:
		b.WriteString("null")
	default:
		b.WriteString(n.Text)
	}
}

// writeYAML writes structs in block style, and what is in them.
func writeYAML(b *bytes.Buffer, n *data.Node, depth int) {
	if n.Kind != data.Struct || len(n.Fields) == 0 {
		writeFlow(b, n)
		b.WriteByte('\n')
		return
	}
	if depth > 0 {
		b.WriteByte('\n')
	}
	for _, f := range n.Fields {
		fmt.Fprintf(b, "%s%s: ", strings.Repeat("  ", depth), quoted(f.Name))
		writeYAML(b, f.Value, depth+1)
	}
}

// quoted is a string that all three languages read alike.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
