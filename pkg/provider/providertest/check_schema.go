package providertest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// foreign is a tenant that another provider has something to say of.
const foreign = `
id: acme
provider: PROVIDER
extensions: {elsewhere: {anything: [1]}}
workloads: {web: {extensions: {elsewhere: {anything: [1]}}, containers: {app: {image: "ghcr.io/acme/web:1"}}}}
`

// misspelt are tenants with a field in an extension that no provider has.
var misspelt = map[string]string{
	"tenant": `
id: acme
provider: PROVIDER
extensions: {PROVIDER: {noSuchField: 1}}
workloads: {web: {containers: {app: {image: "ghcr.io/acme/web:1"}}}}
`,
	"workload": `
id: acme
provider: PROVIDER
workloads: {web: {extensions: {PROVIDER: {noSuchField: 1}}, containers: {app: {image: "ghcr.io/acme/web:1"}}}}
`,
}

// checkSchema compiles all specs at once, for the checks that follow too.
func (s *suite) checkSchema() {
	levels := slices.Sorted(maps.Keys(misspelt))
	specs := slices.Clone(s.specs)
	for _, level := range levels {
		specs = append(specs, spec{name: level + ".yaml", text: misspelt[level]})
	}
	specs = append(specs, spec{name: "foreign.yaml", text: foreign})
	all, err := s.compile(specs)
	if err == nil {
		s.words, err = vocabularyOf(s.info)
	}
	if err != nil {
		s.stop("%v", err)
		return
	}
	for i, sp := range s.specs {
		s.tenants = append(s.tenants, all[i].tenants...)
		if sp.portable && len(all[i].tenants) == 0 {
			s.problem("%s is refused:%s", sp.name, listed(all[i].diags))
		}
	}
	s.closed = map[string]compiled{}
	for i, level := range levels {
		s.closed[level] = all[len(s.specs)+i]
	}
	if last := all[len(all)-1]; len(last.tenants) == 0 {
		s.problem("extensions of another provider are refused:%s", listed(last.diags))
	}
	if s.minimal() == nil {
		s.stop("the least tenant is refused")
	}
}

func (s *suite) checkExtension() {
	for level, c := range plan.Sorted(s.closed) {
		if !slices.ContainsFunc(c.diags, func(d diag.Diagnostic) bool { return d.Code == diag.UnknownField }) {
			s.problem("a misspelt field in extensions.%s of a %s is taken: a definition closes it, as in extensions?: %[1]s?: #Extension", s.info.Name, level)
		}
	}
}

// listed writes diagnostics, one a line.
func listed(diags diag.List) string {
	text := ""
	for _, d := range diags {
		text += fmt.Sprintf("\n\t%s: %s [%s]", d.Path, d.Message, d.Code)
	}
	return text
}
