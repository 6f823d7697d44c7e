package spectest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// WriteText writes the report for people: each test that failed, and a line for each file.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for i := 0; i < len(r.Results); {
		file, failed, n := r.Results[i].File, 0, 0
		for ; i < len(r.Results) && r.Results[i].File == file; i++ {
			t := r.Results[i]
			n++
			for _, name := range t.Updated {
				fmt.Fprintf(&b, "wrote %s\n", name)
			}
			if len(t.Failures) == 0 {
				continue
			}
			failed++
			fmt.Fprintf(&b, "--- FAIL: %s (%s:%d)\n", t.Name, t.At.File, t.At.Line)
			for _, f := range t.Failures {
				fmt.Fprintf(&b, "    %s:\n%s\n", f.heading(), indent(f.Text, "        "))
			}
		}
		if failed > 0 {
			fmt.Fprintf(&b, "FAIL %s: %d of %s failed\n", file, failed, tests(n))
		} else {
			fmt.Fprintf(&b, "ok   %s: %s\n", file, tests(n))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// heading says what a failure's text shows.
func (f Failure) heading() string {
	if f.What == unready {
		return "this test cannot be run"
	}
	return f.What + " (-want +got)"
}

func tests(n int) string {
	if n == 1 {
		return "1 test"
	}
	return fmt.Sprintf("%d tests", n)
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by)
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report as JUnit XML: a suite a file, a case a test.
func (r *Report) WriteJUnit(w io.Writer) error {
	var all junitSuites
	add := func(file string, c junitCase) {
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != file {
			all.Suites = append(all.Suites, junitSuite{Name: file})
		}
		s := &all.Suites[len(all.Suites)-1]
		s.Tests++
		if c.Failure != nil {
			s.Failures++
		}
		s.Cases = append(s.Cases, c)
	}
	for _, t := range r.Results {
		c := junitCase{Name: t.Name, Class: t.File, File: t.File, Line: t.At.Line}
		if len(t.Failures) > 0 {
			var what, texts []string
			for _, f := range t.Failures {
				what = append(what, f.What)
				texts = append(texts, f.heading()+":\n"+f.Text)
			}
			c.Failure = &junitFailure{strings.Join(what, ", "), strings.Join(texts, "\n")}
		}
		add(t.File, c)
	}
	for _, d := range r.Diagnostics {
		text := fmt.Sprintf("%s:%d:%d: %s [%s]", d.File, d.Line, d.Column, d.Message, d.Code)
		add(d.File, junitCase{Name: "table", Class: d.File, File: d.File, Line: d.Line, Failure: &junitFailure{d.Message, text}})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
