package report_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

func Example() {
	var found diag.List
	d := found.Errorf(diag.UnknownField, diag.At("workloads", "web", "replicsa"), `unknown field "replicsa"`)
	d.Range = diag.Range{File: "acme.yaml", Line: 4, Column: 5, EndLine: 4, EndColumn: 13}
	d.Help, d.Source = `did you mean "replicas"?`, "    replicsa: 2"

	summary := report.Summary{Tenants: 1}
	summary.Add(found)
	write := func(format string, out io.Writer) {
		w, err := report.New(format, out, report.Options{})
		if err == nil {
			err = w.Add(report.Unit{Diagnostics: found})
		}
		if err == nil {
			err = w.Close(summary)
		}
		if err != nil {
			fmt.Println(err)
		}
	}
	write("text", os.Stdout) // for people

	var text strings.Builder
	write("json", &text) // for programs, which read it back
	var read report.Report
	fmt.Println(json.Unmarshal([]byte(text.String()), &read), read.Diagnostics[0].Code, read.Summary.Errors)
	// Output:
	// acme.yaml:4:5: unknown field "replicsa" [unknown-field]
	//   4 |     replicsa: 2
	//     |     ^^^^^^^^
	//   help: did you mean "replicas"?
	// <nil> unknown-field 1
}
