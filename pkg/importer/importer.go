// Package importer makes a tenant of what is written for a platform, with an account of
// every value of the input and a proof of the account.
//
// A [Format] reads native documents into a [Draft]: the tenant in the making, which knows of
// each value what it became. What a format does not claim is lost, and the account says so:
// nothing is dropped in silence. The proof renders the tenant for the platform that it came
// from, and compares facts with the original:
//
//	result, err := importer.Import(ctx, importer.Options{
//		Formats: formats.All(), Registry: registry, Paths: []string{"compose.yaml"},
//	})
//	os.Stdout.Write(result.Spec)
//	result.Account.WriteText(os.Stderr)
package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Format is a way of writing down what runs, other than a tenant.
type Format struct {
	Name     string // what authors call it: compose
	Doc      string // what it reads, in a few words
	Provider string // the platform that it is written for

	// Detect reports whether a document is of the format.
	Detect func(root *data.Node) bool

	// Import fills a draft from its documents. What is wrong with them is reported in the
	// draft, at their own lines.
	Import func(d *Draft)

	// Facts returns what documents state, in the platform's own terms: short forms written
	// out, the platform's own defaults filled in, names as the tenant of that id has them.
	// The documents are those of the input, or what was rendered of the tenant. It is nil for
	// a format of no platform, whose account cannot be proved.
	Facts func(d *Draft, docs []*Document, id string) []Fact

	// Added returns why rendering states what the original does not; "" where there is no
	// reason, which is a mistake of the importer.
	Added func(key string) string
}

// Options say what to import.
type Options struct {
	Formats  []Format
	Registry *provider.Registry

	Paths []string // files, or "-"
	Stdin io.Reader

	// Read reads a file that the input names, such as one of variables; nil: the system's.
	Read func(name string) ([]byte, error)

	From     string // the format; guessed from the content where it is empty
	ID       string // the tenant's; taken from the input where it is empty
	Provider string // the tenant's; the platform that it came from where it is empty
	Lang     string // of the spec: cue or yaml

	EnvFiles []string // of variables for Compose; .env beside the first file where there are none
	Profiles []string // of Compose, that are active

	Limits limit.Limits
}

// Result is what an import made.
type Result struct {
	Format  string
	Lang    string     // of Spec
	Tenant  *data.Node // with the positions of the input
	Spec    []byte     // in the language that was asked for; nil where the input is broken
	Account Account

	// Diagnostics are what is wrong with the input, or with the tenant that it became, at the
	// input's own lines.
	Diagnostics diag.List

	// Unnamed are differences between the original and what is rendered of the tenant that
	// the account does not name: mistakes of the importer. It is empty where the tenant has
	// errors, and nothing is rendered.
	Unnamed []Difference

	// Proved is whether what is rendered was compared.
	Proved bool

	draft *Draft
}

// ErrFormat is in the error of an input whose format is not known.
var ErrFormat = errors.New("unknown format")

// Import imports one tenant. An error is of the machine or of the options; what is wrong
// with the input is a diagnostic.
func Import(ctx context.Context, o Options) (*Result, error) {
	docs, diags, err := readAll(o)
	if err != nil {
		return nil, err
	}
	r := &Result{Diagnostics: diags}
	if diags.HasErrors() {
		return r, nil
	}
	format, err := o.format(docs)
	if err != nil {
		return nil, err
	}
	if o.Lang == "" {
		o.Lang = "cue"
	}
	r.Format, r.Lang = format.Name, o.Lang
	d := newDraft(o, format, docs)
	format.Import(d)
	r.Diagnostics = append(r.Diagnostics, d.Diagnostics...)
	if r.Diagnostics.HasErrors() {
		d.quote(r.Diagnostics)
		return r, nil
	}
	d.finish()
	if err := d.judge(ctx, r); err != nil {
		return nil, err
	}
	r.Account = d.account(r.Account.Additions)
	return r, nil
}

// format returns the format that is asked for, or that of the documents.
func (o Options) format(docs []*Document) (Format, error) {
	var names []string
	for _, f := range o.Formats {
		names = append(names, f.Name)
		if f.Name == o.From {
			return f, nil
		}
	}
	if o.From != "" {
		return Format{}, fmt.Errorf("%w %q: known are %s", ErrFormat, o.From, strings.Join(names, ", "))
	}
	for _, f := range o.Formats {
		for _, doc := range docs {
			if f.Detect(doc.Root) {
				return f, nil
			}
		}
	}
	return Format{}, fmt.Errorf("%w: this is none of %s, or name one with --from", ErrFormat, strings.Join(names, ", "))
}

// read reads a file that the input names.
func (o Options) read(name string) ([]byte, error) {
	if o.Read != nil {
		return o.Read(name)
	}
	return readFile(name, o.Limits)
}
