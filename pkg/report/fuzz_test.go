package report_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// FuzzReport writes any diagnostic in every format: the format's parser accepts it, it contains
// every diagnostic, and it is the same the second time.
func FuzzReport(f *testing.F) {
	f.Add("message", "help", "t.yaml", "acme", "  a: b", 1, 3, 1, 4)
	f.Add("\x1b[31m ]]> | \\ %0A\r\n::error::", "`<b>` *_[x](y)", "a:b,c%\n.yaml", "a, b", "\t日x=yz\x07", 3, 4, 9, 1)
	f.Add("\xff\u2028\ufffe\x00", "", "", "", "\xff", 0, 0, 0, 0)
	f.Add("m", "h", "-", "é", strings.Repeat("x", 500), 1, 300, 1, 310)
	f.Fuzz(func(t *testing.T, message, help, file, tenant, source string, line, column, endLine, endColumn int) {
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: diag.Approximated, Message: message, Help: help, Tenant: tenant, Provider: "nomad",
			Range:   diag.Range{File: file, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn},
			Related: []diag.Related{{Range: diag.Range{File: file, Line: line, Column: column}, Message: message}},
			Path:    diag.At(tenant, 0), Source: source,
		}
		failed := d
		failed.Severity, failed.Code = diag.Error, diag.Conflict
		for format, check := range readers {
			text := render(t, format, report.Options{Providers: true}, d, failed)
			if again := render(t, format, report.Options{Providers: true}, d, failed); again != text {
				t.Errorf("%s is another the second time:\n%s\n%s", format, text, again)
			}
			if !utf8.ValidString(text) {
				t.Errorf("%s is no UTF-8: %q", format, text)
			}
			if err := check(text, d); err != nil {
				t.Errorf("%s: %v:\n%q", format, err, text)
			}
		}
	})
}

// readers check a report of a diagnostic, as a warning and as an error, by format.
var readers = map[string]func(text string, d diag.Diagnostic) error{
	"text": func(text string, d diag.Diagnostic) error {
		return errors.Join(printable(text), count(strings.Count(text, "[approximated]\n"), 1))
	},
	"github": func(text string, _ diag.Diagnostic) error {
		lines := strings.SplitAfter(text, "\n")
		if len(lines) != 3 || !strings.HasPrefix(lines[0], "::warning ") || !strings.HasPrefix(lines[1], "::error ") || lines[2] != "" {
			return errors.New("not two commands")
		}
		return printable(text)
	},
	"markdown": func(text string, _ diag.Diagnostic) error {
		_, table, _ := strings.Cut(text, "| --- | --- | --- | --- |\n")
		rows := strings.SplitAfter(table, "\n")
		for _, row := range rows[:len(rows)-1] {
			bare := strings.NewReplacer(`\\`, "", `\|`, "").Replace(row)
			if err := count(strings.Count(bare, "|"), 5); err != nil {
				return err
			}
		}
		return errors.Join(printable(text), count(len(rows), 3))
	},
	"json": func(text string, d diag.Diagnostic) error {
		var got struct {
			Diagnostics []struct {
				Message string
				Line    int
			}
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			return err
		}
		if err := count(len(got.Diagnostics), 2); err != nil {
			return err
		}
		if first := got.Diagnostics[0]; first.Line != d.Line || first.Message != d.Message && utf8.ValidString(d.Message) {
			return fmt.Errorf("another diagnostic: %+v", first)
		}
		return nil
	},
	"sarif": func(text string, _ diag.Diagnostic) error {
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		log := &sarif.Report{}
		if err := d.Decode(log); err != nil {
			return err
		}
		return count(len(log.Runs[0].Results), 2)
	},
	"junit": func(text string, _ diag.Diagnostic) error {
		d := xml.NewDecoder(strings.NewReader(text))
		failures := 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return count(min(failures, 1), 1) // a case for each of the tenants
			}
			if err != nil {
				return err
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "failure" {
				failures++
			}
		}
	},
}

// printable returns an error if a text contains terminal control characters.
func printable(text string) error {
	i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != ' ' && !unicode.IsPrint(r) })
	if i >= 0 {
		return fmt.Errorf("not to be printed: %.10q", text[i:])
	}
	return nil
}

func count(got, want int) error {
	if got != want {
		return fmt.Errorf("there are %d, not %d", got, want)
	}
	return nil
}
