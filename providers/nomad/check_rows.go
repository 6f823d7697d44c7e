package nomad

import "github.com/cuecompute/cuecompute/pkg/provider"

// The rows of checks: a service's checks change in place.

var healthRows = provider.Table{
	{Field: "workloads.containers.health", Level: exact, How: "a check of the service with `check_restart`", Effect: inPlace},
	{Field: "workloads.containers.health", When: "of an init container of a service", Level: unsupported, How: "it ends before the copy counts as healthy", Instead: "leave it out: one that fails is tried again"},
	{Field: "workloads.containers.health", When: "of a port that is not exposed, beside other containers", Level: approximated, How: "one that fails restarts the whole copy, and counts from the copy's start", Instead: "let the port's expose be internal"},
}

var readyRows = provider.Table{
	{Field: "workloads.containers.ready", When: "with Consul", Level: exact, How: "a check of each service of the container; a copy that fails leaves the catalog", Effect: inPlace},
	{Field: "workloads.containers.ready", When: "with Nomad's own services", Level: approximated, How: "a check that counts in rollouts; a copy that fails stays in the catalog", Instead: `set extensions.nomad.serviceProvider to "consul"`},
	{Field: "workloads.containers.ready", When: "of an init container of a service", Level: unsupported, How: "it ends before the copy counts as healthy", Instead: "leave it out: one that fails is tried again"},
}

var startupRows = provider.Table{
	{Field: "workloads.containers.startup", When: "beside health", Level: approximated, How: "the `grace` of health's `check_restart`", Instead: "state it as health's startDelay", Effect: inPlace},
	{Field: "workloads.containers.startup", When: "without health", Level: approximated, How: "a check that goes on as long as the container runs", Instead: "call it health, with a startDelay"},
	{Field: "workloads.containers.startup", When: "of an init container of a service", Level: unsupported, How: "it ends before the copy counts as healthy", Instead: "leave it out: one that fails is tried again"},
}

// checkRows is what becomes of the parts of a check.
func checkRows(field string) provider.Table {
	at := "workloads.containers." + field + "."
	retries := provider.Row{Field: at + "retries", Level: exact, How: "`limit` of `check_restart`; `failures_before_critical` with Consul, http, tcp or grpc"}
	delay := provider.Row{Field: at + "startDelay", Level: exact, How: "`grace` of `check_restart`, and until the check has been asked then"}
	if field == "ready" {
		retries = provider.Row{Field: at + "retries", Level: exact, How: "`failures_before_critical` with Consul, http, tcp or grpc; otherwise one failure is enough"}
		delay = provider.Row{Field: at + "startDelay", Level: exact, How: "no copy is ready before a check has passed"}
	}
	return provider.Table{
		{Field: at + "http", Level: approximated, How: "a check of type http, which follows redirects; with Consul only 2xx passes", Instead: "check a path that answers by itself"},
		{Field: at + "http.path", Level: exact, How: "`path`"},
		{Field: at + "http.path", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "write the $ as %24"},
		{Field: at + "tcp", Level: exact, How: "a check of type tcp"},
		{Field: at + "grpc", When: "with Consul", Level: exact, How: "a check of type grpc"},
		{Field: at + "grpc", When: "with Nomad's own services", Level: unsupported, How: "there is no such check", Instead: `set extensions.nomad.serviceProvider to "consul", or use a tcp or http check`},
		{Field: at + "grpc.service", Level: exact, How: "`grpc_service`"},
		{Field: at + "grpc.service", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "ask for another service"},
		{Field: at + "exec", When: "with Consul", Level: exact, How: "a check of type script"},
		{Field: at + "exec", When: "with Nomad's own services", Level: unsupported, How: "there is no such check", Instead: `set extensions.nomad.serviceProvider to "consul", or use a tcp or http check`},
		{Field: at + "exec.command", Level: exact, How: "`command` and `args`"},
		{Field: at + "exec.command", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "write $NAME without braces, or have a script of the image's do it"},
		{Field: at + "interval", Level: exact, How: "`interval`"},
		{Field: at + "timeout", Level: exact, How: "`timeout`"},
		retries,
		delay,
	}
}
