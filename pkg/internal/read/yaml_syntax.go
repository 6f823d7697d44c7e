package read

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// plainMessages replace messages of the YAML library, which are about its tokens, with ones
// about what an author has to write (messages of go.yaml.in/yaml v4.0.0, read on 2026-11-29).
// Other messages are clear, or about constructs that no spec has.
var plainMessages = map[string]struct{ message, help string }{
	"mapping values are not allowed in this context": {
		"no field can begin here",
		`indent a field like those beside it, and quote a text that has ": " in it`,
	},
	"did not find expected key":                                    {"this is no field of the struct that it is in", "indent a field like those beside it, and write it as NAME: VALUE"},
	"could not find expected ':'":                                  {"a field is expected, with a colon", "write it as NAME: VALUE"},
	"did not find expected '-' indicator":                          {"this is no entry of the list that it is in", "indent an entry like those beside it, and write it as - VALUE"},
	"block sequence entries are not allowed in this context":       {"no list can begin here", "begin the list on a line of its own"},
	"did not find expected ',' or ']'":                             {"a list is not closed", "close it with ], and part its entries by commas"},
	"did not find expected ',' or '}'":                             {"a struct is not closed", "close it with }, and part its fields by commas"},
	"did not find expected node content":                           {"a value is expected here", "quote a text that begins with {, [, *, &, !, %, @ or `"},
	"found unexpected end of stream":                               {"a text is not closed", "close it with the quote that it begins with"},
	"found unexpected document indicator":                          {"a text is not closed before the next document", "close it with the quote that it begins with"},
	"found unknown escape character":                               {"this is no escape of YAML", `write \\ for a backslash, or put the text in single quotes`},
	"did not find expected hexadecimal number":                     {"this is no escape of YAML", `write \\ for a backslash, or put the text in single quotes`},
	"found undefined tag handle":                                   {"this tag has no meaning here", "quote a text that begins with !"},
	"did not find expected alphabetic or numeric character":        {"an anchor's name is expected here", "quote a text that begins with & or *"},
	"did not find expected comment or line break":                  {"nothing but a comment may follow here", ""},
	"did not find expected whitespace or line break":               {"a blank is expected here", ""},
	"did not find expected <document start>":                       {"a document is expected here", "begin the next document with a line ---"},
	"found a comment without preceding whitespace":                 {"a comment is not parted from what is before it", "put a blank before the #"},
	"found unexpected content after document-end marker":           {"something follows the end of the document", "begin the next document with a line ---"},
	"did not find expected <document end> before directive":        {"a document is not ended before this directive", "end it with a line ..."},
	"found incompatible YAML document":                             {"only YAML 1.1 and 1.2 are known", ""},
	"found an indentation indicator equal to 0":                    {"a text cannot be indented by 0", "leave the number out"},
	"found a tab character where an indentation space is expected": {tabIndent, tabHelp},
	"found a tab character that violates indentation":              {tabIndent, tabHelp},
}

const (
	tabIndent = "YAML is indented by spaces, and this is a tab"
	tabHelp   = "put spaces in place of each tab that a line begins with"
)

// contexts describe the beginning of the construct that the library could not parse.
var contexts = map[string]string{
	"while parsing a block mapping":    "the struct begins here",
	"while parsing a flow mapping":     "the struct begins here",
	"while parsing a flow sequence":    "the list begins here",
	"while parsing a block collection": "the list begins here",
	"while scanning a quoted scalar":   "the text begins here",
	"while scanning a block scalar":    "the text begins here",
	"while scanning a plain scalar":    "the text begins here",
	"while scanning a simple key":      "the field begins here",
}

// explainSyntax translates a message of the library for an author, with a help and a position.
// It quotes a character that cannot begin a text.
func explainSyntax(message string, src *data.Source, at diag.Range) (plain, help string, there diag.Range) {
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		name = strings.TrimSuffix(name, "' referenced")
		return "no anchor &" + name + " is before this", "quote a text that begins with *", at
	}
	line := []rune(src.Line(at.Line))
	if message == "found character that cannot start any token" && at.Column <= len(line) {
		if c := line[max(0, at.Column-1)]; c != '\t' {
			return "a text without quotes cannot begin with " + string(c), "quote it", at
		}
		message = "found a tab character that violates indentation"
	}
	words, ok := plainMessages[message]
	if !ok {
		return message, "", at
	}
	if words.message == tabIndent {
		for i, c := range line {
			if c == '\t' {
				at.Column, at.EndLine, at.EndColumn = i+1, at.Line, i+2
				break
			}
		}
	}
	return words.message, words.help, at
}
