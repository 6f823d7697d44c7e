// Package report renders diagnostics for people and for programs. It decides
// nothing: what it is given, it writes.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Summary counts a run.
type Summary struct {
	Tenants  int `json:"tenants"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// Writer renders a run: Add as often as there is something, then Close once.
type Writer interface {
	Add(diag.List) error
	Close(Summary) error
}

// Options say how a report is to look.
type Options struct {
	Color     bool // text: for a terminal
	Providers bool // text: name each diagnostic's provider
}

// formats are the known ones; each has a file of its own.
var formats = map[string]func(io.Writer, Options) Writer{
	"json": newJSON,
	"text": newText,
}

// Formats returns the names of the known formats, sorted.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New makes a writer of the named format.
func New(format string, w io.Writer, o Options) (Writer, error) {
	make, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("unknown format %q: known are %s", format, strings.Join(Formats(), ", "))
	}
	return make(w, o), nil
}
