package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/project"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// waiverFlags select the waivers, and the day on which they apply.
type waiverFlags struct {
	files []string
	today string
}

func (w *waiverFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVar(&w.files, "waivers", nil, "a landlord's waivers: a YAML `file`, or git:REV:FILE (repeatable)")
	c.Flags().StringVar(&w.today, "today", "", "the `day` on which waivers are judged, such as 2027-03-31 (today, in UTC, if left out)")
}

// rules returns the waivers of a run.
func (a *app) rules(c *cobra.Command, flags waiverFlags, set setUp, limits limit.Limits) (waiver.Rules, error) {
	r := waiver.Rules{Today: flags.today, Severity: map[diag.Code]diag.Severity{}}
	if r.Today == "" {
		r.Today = waiver.DateOf(time.Now().UTC())
	} else if err := waiver.CheckDate(r.Today); err != nil {
		return r, usage("--today %w", err)
	}
	for _, s := range set.Severity {
		r.Severity[diag.Code(s.Key)] = diag.Severity(s.Value)
		a.applied = append(a.applied, applied{"severity", s.Key, s.Value, s.From()})
	}
	files := flags.files
	for _, f := range files {
		a.applied = append(a.applied, applied{"waivers", "", f, "--waivers"})
	}
	if !c.Flags().Changed("waivers") {
		for _, s := range set.Waivers {
			files = append(files, set.landlordPath(s.Value))
			a.applied = append(a.applied, applied{"waivers", "", set.landlordPath(s.Value), s.From()})
		}
	}
	var wrong diag.List
	for _, file := range files {
		found, diags, err := a.waiversIn(c.Context(), file, limits)
		if err != nil {
			return r, err
		}
		r.Waivers, wrong = append(r.Waivers, found...), append(wrong, diags...)
	}
	if wrong.HasErrors() {
		return r, setUpError{wrong}
	}
	return r, nil
}

// waiversIn reads a file of waivers, which may be at a revision.
func (a *app) waiversIn(ctx context.Context, file string, limits limit.Limits) ([]waiver.Waiver, diag.List, error) {
	name := file
	if rev, inside, isGit := splitRevision(file); isGit {
		if inside == "" {
			return nil, nil, usage("--waivers %s names no file: write git:REV:FILE", file)
		}
		var err error
		if name, err = a.revisions.file(ctx, rev, inside); err != nil {
			return nil, nil, err
		}
		if name == "" {
			return nil, nil, usage("waivers %s: there is no such file at that revision", file)
		}
	}
	text, err := project.ReadFile(name, limits)
	if err != nil {
		return nil, nil, err
	}
	found, diags := waiver.Read(name, text, limits)
	return found, diags, nil
}
