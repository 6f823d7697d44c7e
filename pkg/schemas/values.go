package schemas

import (
	"embed"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/schema"
)

// values are the JSON Schemas of what commands print for programs, which make generate writes
// from the Go types. That of the report is published with the tenant's schema.
//
//go:embed values/*.json
var values embed.FS

// Values returns the names of what [Value] has a JSON Schema of, sorted.
func Values() []string {
	entries, _ := values.ReadDir("values") // it is embedded
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".json")
	}
	names = append(names, "report")
	slices.Sort(names)
	return names
}

// Value returns the JSON Schema, draft 2020-12, of a value that commands print for programs: a
// plan ([plan.Plan]), a difference ([difference.Difference]), a report ([report.Report]), a result
// or a status ([provider.Result], [provider.Status]). Fields that it does not name are allowed:
// releases add some. ok is false for any other name.
//
// [plan.Plan]: https://pkg.go.dev/github.com/cuecompute/cuecompute/pkg/plan#Plan
// [difference.Difference]: https://pkg.go.dev/github.com/cuecompute/cuecompute/pkg/difference#Difference
// [report.Report]: https://pkg.go.dev/github.com/cuecompute/cuecompute/pkg/report#Report
func Value(name string) (text []byte, ok bool) {
	if name == "report" {
		return schema.Report, true
	}
	text, err := values.ReadFile("values/" + name + ".json")
	return text, err == nil
}
