package waiver

import (
	"bytes"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Comment is an author's comment that accepts warnings: // cuecompute: accept CODE REASON, or
// with # in YAML. It is about the line that it ends, or, alone on a line, about the next.
type Comment struct {
	Code   diag.Code
	Reason string
	Column int  // of the comment, in bytes from 0
	Alone  bool // on its line
}

// mark is in every such comment.
const mark = "cuecompute: accept"

// CommentIn returns the comment of a line, if it has one.
func CommentIn(line string) (Comment, bool) {
	before, after, ok := strings.Cut(line, mark)
	if !ok {
		return Comment{}, false
	}
	before = strings.TrimRight(before, " \t")
	code := strings.TrimSuffix(strings.TrimSuffix(before, "#"), "//")
	if code == before || code != "" && !strings.HasSuffix(code, " ") && !strings.HasSuffix(code, "\t") {
		return Comment{}, false // a text
	}
	name, reason, _ := strings.Cut(strings.TrimSpace(after), " ")
	return Comment{Code: diag.Code(name), Reason: strings.TrimSpace(reason), Column: len(code), Alone: strings.TrimSpace(code) == ""}, true
}

// HasComments reports whether a text may have such comments.
func HasComments(text []byte) bool { return bytes.Contains(text, []byte(mark)) }

// Problem says what is wrong with a comment, "" for nothing.
func (c Comment) Problem() (message, help string) {
	help, err := Check(c.Code)
	switch {
	case c.Code == "":
		return "this comment accepts no code", "write cuecompute: accept CODE REASON"
	case err != nil:
		return "this comment accepts nothing: " + err.Error(), help
	case c.Reason == "":
		return "this comment gives no reason", "write cuecompute: accept " + string(c.Code) + " REASON"
	}
	return "", ""
}
