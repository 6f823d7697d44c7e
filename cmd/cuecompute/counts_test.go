package main

import (
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

var lastLine = regexp.MustCompile(`(?m)^(.*) \([0-9.]+m?s\)\n\z`)

// counts checks standard error: its last line has the run's counts, with any duration, and the
// lines before it are equal to the file, or empty if no file is named.
//
//	counts '2 tenants: 3 errors, 0 warnings' [FILE]
func counts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: counts TEXT [FILE]")
	}
	before := ""
	if len(args) == 2 {
		before = ts.ReadFile(args[1])
	}
	got := ts.ReadFile("stderr")
	if want := before + args[0] + "\n"; lastLine.ReplaceAllString(got, "$1\n") != want || !lastLine.MatchString(got) {
		ts.Fatalf("standard error is\n%snot\n%s", got, want)
	}
}
