package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// junitWriter writes a test case for each tenant, and for each file with problems outside any
// tenant, for continuous integration. The suite begins with its counts, so everything is
// written at the end.
type junitWriter struct {
	w     io.Writer
	o     Options
	suite junitSuite
}

func newJUnit(w io.Writer, o Options) Writer {
	return &junitWriter{w: w, o: o, suite: junitSuite{Name: "cuecompute vet"}}
}

// The elements and attributes common to readers of JUnit reports, as in Jenkins' junit-10.xsd.
// A case's class is its file, and it has at most one failure, because not every reader accepts
// more.
type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Cases    []*junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure"`
	Out     *junitOut     `xml:"system-out"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",cdata"`
}

type junitOut struct {
	Text string `xml:",cdata"`
}

func (j *junitWriter) Add(u Unit) error {
	cases := map[string]*junitCase{}
	for _, t := range u.Tenants {
		cases[t.ID] = j.add(t.ID, t.File)
	}
	for _, d := range u.Diagnostics {
		names := []string{d.File}
		if d.Tenant != "" {
			names = strings.Split(d.Tenant, ",")
		}
		for _, name := range names {
			name = strings.TrimSpace(name)
			if cases[name] == nil {
				cases[name] = j.add(name, d.File)
			}
			cases[name].add(j.o, d)
		}
	}
	return nil
}

func (j *junitWriter) add(name, file string) *junitCase {
	c := &junitCase{Name: Printable(name), Class: Printable(j.o.path(file))}
	j.suite.Cases = append(j.suite.Cases, c)
	return c
}

// add adds an error to the case's failure, and what is less to its output.
func (c *junitCase) add(o Options, d diag.Diagnostic) {
	var b strings.Builder
	(&textWriter{o: Options{Providers: o.Providers}}).write(&b, d)
	switch {
	case d.Severity != diag.Error && c.Out == nil:
		c.Out = &junitOut{b.String()}
	case d.Severity != diag.Error:
		c.Out.Text += b.String()
	case c.Failure == nil:
		c.Failure = &junitFailure{Message: Printable(d.Message), Type: string(d.Code), Text: b.String()}
	default:
		c.Failure.Text += b.String()
	}
}

func (j *junitWriter) Close(Summary) error {
	j.suite.Tests = len(j.suite.Cases)
	for _, c := range j.suite.Cases {
		if c.Failure != nil {
			j.suite.Failures++
		}
	}
	b, err := xml.MarshalIndent(junitSuites{Suite: j.suite}, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.w, "%s%s\n", xml.Header, b)
	return err
}
