package cli

import (
	"context"
	"errors"
	"io/fs"

	"github.com/cuecompute/cuecompute/pkg/baseline"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/project"
)

// knownSince returns the earlier problems: at a revision, or in a report of vet. The specs of a
// revision are checked with the policies and waivers of this run.
func (a *app) knownSince(ctx context.Context, in *compilation, since string) (known *baseline.Known, name func(string) string, err error) {
	name = fromRepository()
	if _, path, isGit := splitRevision(since); !isGit {
		text, err := project.ReadFile(since, in.Limits)
		if err != nil {
			return nil, nil, err
		}
		if known, err = baseline.Read(text, name); err != nil {
			return nil, nil, usage("--new-since %s: %w", since, err)
		}
		return known, name, nil
	} else if path != "" {
		return nil, nil, usage("--new-since %s: write git:REV, for the same paths at that revision", since)
	}
	old, err := a.old(ctx, in, []string{since})
	if err != nil {
		return nil, nil, err
	}
	known = new(baseline.Known)
	old.input.Every = true
	err = compile.Each(ctx, a.registry, old.input.Options, old.input.Input, func(u compile.Unit) error {
		known.Add(u.Diagnostics, func(file string) string { return name(old.file(file)) })
		return nil
	})
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok && broken != nil {
		return known, name, nil // this run reports them
	}
	var rest []error
	for _, err := range split(err) {
		if err != nil && !errors.Is(err, compile.ErrTag) && !errors.Is(err, fs.ErrNotExist) {
			rest = append(rest, err)
		}
	}
	return known, name, errors.Join(rest...)
}
