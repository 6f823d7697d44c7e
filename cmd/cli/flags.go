package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Values of flags. Set returns an error for an invalid value, so a command never sees one.
var (
	_ pflag.Value = (*choice)(nil)
	_ pflag.Value = limits{}
	_ pflag.Value = (*fileFormats)(nil)
	_ pflag.Value = (*size)(nil)
	_ pflag.Value = (*duration)(nil)
)

// choice is one of several words.
type choice struct {
	value string
	known []string
}

// choiceFlag adds a flag whose value is one of the known words, which shell completion lists.
func choiceFlag(c *cobra.Command, name, value, usage string, known []string) *string {
	return choiceFlagOf(c, name, value, usage, known, func() []string { return known })
}

// choiceFlagOf is choiceFlag with completion that depends on other flags.
func choiceFlagOf(c *cobra.Command, name, value, usage string, known []string, complete func() []string) *string {
	v := &choice{value, known}
	c.Flags().Var(v, name, usage)
	completeFrom(c, name, complete)
	return &v.value
}

func (v *choice) String() string { return v.value }

// Type returns string, for which help shows the word in the flag's usage.
func (v *choice) Type() string { return "string" }

func (v *choice) Set(text string) error {
	if !slices.Contains(v.known, text) {
		return fmt.Errorf("known are %s", strings.Join(slices.Sorted(slices.Values(v.known)), ", "))
	}
	v.value = text
	return nil
}

// limits is the repeatable flag NAME=NUMBER.
type limits limit.Limits

// helpWithFlag returns a diagnostic's help, and the flag that raises the bound it exceeds.
func helpWithFlag(d diag.Diagnostic) string {
	flag := "--limit " + d.Bound + "=NUMBER"
	switch d.Bound {
	case "":
		return d.Help
	case diag.BoundTime:
		flag = "--eval-timeout"
	case diag.BoundMemory:
		flag = "--eval-memory"
	case diag.BoundTotal:
		flag = "--total-timeout"
	}
	if d.Help == "" {
		return flag + " allows more"
	}
	return d.Help + "; " + flag + " allows more"
}

// limitFlag adds the flag --limit.
func limitFlag(c *cobra.Command) limit.Limits {
	set := limits{}
	c.Flags().Var(set, "limit", "`NAME=NUMBER` of a limit on what may be judged and reported (repeatable)")
	completeFrom(c, "limit", func() []string {
		var names []string
		for _, l := range limit.All() {
			names = append(names, string(l.Name)+"="+strconv.Itoa(l.Default)+"\t"+l.Doc)
		}
		return names
	})
	return limit.Limits(set)
}

func (l limits) String() string { return "" } // none at first

func (l limits) Type() string { return "NAME=NUMBER" }

func (l limits) Set(text string) error { return limit.Limits(l).Set(text) }

// fileFormats is the repeatable flag FORMAT=FILE: files to write, each in a format.
type fileFormats struct {
	files []fileFormat
	known []string
}

type fileFormat struct{ format, path string }

// fileFormatFlag adds a flag for files in the known formats.
func fileFormatFlag(c *cobra.Command, name, usage string, known []string) *[]fileFormat {
	v := &fileFormats{known: known}
	c.Flags().Var(v, name, usage)
	completeFrom(c, name, func() []string {
		var all []string
		for _, format := range known {
			all = append(all, format+"=")
		}
		return all
	})
	return &v.files
}

func (v *fileFormats) String() string { return "" } // none at first

func (v *fileFormats) Type() string { return "FORMAT=FILE" }

func (v *fileFormats) Set(text string) error {
	format, path, _ := strings.Cut(text, "=")
	switch {
	case path == "":
		return fmt.Errorf("it is not FORMAT=FILE, such as %s=FILE", v.known[0])
	case !slices.Contains(v.known, format):
		return fmt.Errorf("unknown format %q: known are %s", format, strings.Join(v.known, ", "))
	case slices.ContainsFunc(v.files, func(f fileFormat) bool { return filepath.Clean(f.path) == filepath.Clean(path) }):
		return fmt.Errorf("%s is written to twice", path)
	}
	v.files = append(v.files, fileFormat{format, path})
	return nil
}

// size is an amount of memory.
type size int64

func (s *size) String() string { return fmt.Sprintf("%dMiB", *s>>20) }

func (s *size) Type() string { return "size" }

// Set parses a number of KiB, MiB or GiB.
func (s *size) Set(text string) error {
	for unit, shift := range map[string]int{"KiB": 10, "MiB": 20, "GiB": 30} {
		digits, ok := strings.CutSuffix(text, unit)
		if n, err := strconv.ParseInt(digits, 10, 32); ok && err == nil && n > 0 {
			*s = size(n << shift)
			return nil
		}
	}
	return fmt.Errorf("%q is not an amount such as 512MiB or 2GiB", text)
}

// duration is a positive time, or 0 if orZero is set.
type duration struct {
	value  *time.Duration
	orZero bool
}

func (d *duration) String() string {
	if d.value == nil || *d.value == 0 {
		return "0" // help shows no default for it
	}
	return d.value.String()
}

func (d *duration) Type() string { return "duration" }

func (d *duration) Set(text string) error {
	value, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is not a duration such as 500ms, 30s or 2m", text)
	}
	switch {
	case value < 0:
		return errors.New("it is less than 0")
	case value == 0 && !d.orZero:
		return errors.New("it is 0")
	}
	*d.value = value
	return nil
}

// completeFrom completes a flag's value from a list.
func completeFrom(c *cobra.Command, flag string, values func() []string) {
	_ = c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values(), cobra.ShellCompDirectiveNoFileComp
	}) // it fails only for an unknown flag, which the completion's test would show
}
