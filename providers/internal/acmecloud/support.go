package acmecloud

import "github.com/cuecompute/cuecompute/pkg/provider"

const (
	exact       = provider.Exact
	unsupported = provider.Unsupported
)

// support is what Acmecloud makes of each field, in the order of the spec. Validate says
// the same of each spec: the table's test holds the two together.
var support = []provider.Support{
	{Field: "id", Level: exact, How: "the prefix of every app's name"},
	{Field: "labels", Level: exact, How: "`labels`"},
	{Field: "secrets", Level: exact, How: "`secrets`"},
	{Field: "config", Level: exact, How: "`config`"},
	{Field: "workloads", Level: exact, How: "an app called TENANT-WORKLOAD"},
	{Field: "workloads.kind", When: "service or job", Level: exact, How: "`runs.kind`"},
	{Field: "workloads.kind", When: "cron", Level: unsupported, How: "nothing is started on a schedule", Instead: "use kind job, and start it from elsewhere"},
}
