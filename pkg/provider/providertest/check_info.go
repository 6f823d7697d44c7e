package providertest

import (
	"net/url"
	"reflect"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/starter"
)

func (s *suite) checkInfo() {
	s.stopped = true // unless the provider can be registered
	p := s.fresh()
	if _, err := provider.NewRegistry(p); err != nil {
		s.stop("%v", err)
		return
	}
	s.info = p.Info()
	if s.info.Name == elsewhereName {
		s.stop("the name %q is the suite's own", elsewhereName)
		return
	}
	s.stopped = false
	if doc := s.info.Doc; strings.Contains(doc, "\n") || strings.HasSuffix(doc, ".") {
		s.problem("Doc is %q, not one sentence without its full stop", doc)
	}
	if u, err := url.Parse(s.info.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		s.problem("URL is %q, not the address of the platform's documentation", s.info.URL)
	}
	for _, t := range starter.Templates() {
		if _, err := starter.Spec(t, s.info, "acme", "yaml"); err != nil {
			s.problem("%v", err)
			break
		}
	}
	for range 3 {
		if !reflect.DeepEqual(p.Info(), s.info) || !reflect.DeepEqual(s.fresh().Info(), s.info) {
			s.problem("Info is not the same at every call")
		}
	}
}

func (s *suite) checkSupport() {
	if len(s.info.Support) == 0 {
		s.problem("Support is empty")
		return
	}
	core, err := coreShape()
	if err != nil {
		s.problem("%v", err)
		return
	}
	seen := map[[2]string]bool{}
	for _, row := range s.info.Support {
		at := row.Field
		if row.When != "" {
			at += ", " + row.When
		}
		path, err := diag.ParsePath(row.Field)
		if err == nil {
			_, err = core.Explain(path)
		}
		if err != nil {
			s.problem("%s: %v", at, err)
		}
		if seen[[2]string{row.Field, row.When}] {
			s.problem("%s: stands twice", at)
		}
		seen[[2]string{row.Field, row.When}] = true
		for _, text := range []string{row.When, row.How, row.Instead} {
			if strings.HasSuffix(text, ".") {
				s.problem("%s: %q ends with a full stop", at, text)
			}
		}
		switch {
		case row.Level != provider.Exact && row.Level != provider.Approximated && row.Level != provider.Unsupported:
			s.problem("%s: %q is no level", at, row.Level)
		case row.How == "":
			s.problem("%s: does not say how", at)
		case row.Level == provider.Exact && row.Instead != "":
			s.problem("%s: is exact, and says what to do instead", at)
		}
	}
}

var ruleName = lazyregexp.New(`^[a-z]+(-[a-z]+)*$`)

func (s *suite) checkRules() {
	seen := map[string]bool{}
	for _, r := range s.info.Rules {
		switch {
		case !ruleName.MatchString(r.Name):
			s.problem("%q is no name of a rule: lower-case words, joined by hyphens", r.Name)
		case seen[r.Name]:
			s.problem("%s: stands twice", r.Name)
		case r.Doc == "":
			s.problem("%s: has no Doc, which says what the platform does", r.Name)
		case r.Source == "":
			s.problem("%s: has no Source in the platform's code or documentation", r.Name)
		case strings.HasSuffix(r.Doc, "."):
			s.problem("%s: %q ends with a full stop", r.Name, r.Doc)
		}
		seen[r.Name] = true
	}
}
