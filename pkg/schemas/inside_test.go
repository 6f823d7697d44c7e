package schemas_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/schemas"
	"github.com/cuecompute/cuecompute/providers"
)

// TestInside says what may be written where: fields, keys, or constants.
func TestInside(t *testing.T) {
	var infos []provider.Info
	for _, p := range providers.All() {
		infos = append(infos, p.Info())
	}
	set, err := schemas.New(infos...)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		provider, path, written string
		fields, not             string // some of them, and of others
		values                  string
		key                     bool
	}{
		{"kubernetes", "", "id provider", "labels workloads overrides", "id provider", "", false},
		{"kubernetes", "workloads", "", "", "kind", "", true},
		{"kubernetes", "workloads.web", "replicas", "kind containers ingress restart", "replicas schedule", "", false},
		{"kubernetes", "workloads.web", "kind=cron", "schedule timezone", "ingress autoscale", "", false},
		{"", "workloads.web.kind", "", "", "", `"service" "job" "cron" "daemon"`, false},
		{"kubernetes", "workloads.web.containers.app.mounts./data", "", "volume config secret readOnly", "", "", false},
		{"kubernetes", "workloads.web.containers.app.mounts./data", "config", "file readOnly", "volume secret", "", false},
		{"kubernetes", "workloads.web.containers.app.ports.http", "", "port protocol app expose", "", "", false},
		{"kubernetes", "workloads.web.containers.app.security.privileged", "", "", "", "true false", false},
		{"kubernetes", "workloads.web.ingress.[0]", "", "host path port tls", "", "", false},
		{"kubernetes", "extensions.kubernetes", "", "namespace", "", "", false},
		{"kubernetes", "workloads.web.accept.[0]", "", "", "", `"autoscale" "concurrency"`, false},
	} {
		written := map[string]string{}
		for _, f := range strings.Fields(test.written) {
			name, value, _ := strings.Cut(f, "=")
			written[name] = value
		}
		var path diag.Path
		if test.path != "" {
			path = strings.Split(test.path, ".")
		}
		in := set.Inside(test.provider, path, written)
		if in == nil {
			t.Errorf("%s: nothing", test.path)
			continue
		}
		var names []string
		for _, f := range in.Fields {
			names = append(names, f.Name)
		}
		for _, name := range strings.Fields(test.fields) {
			if !slices.Contains(names, name) {
				t.Errorf("%s: no %s in %q", test.path, name, names)
			}
		}
		for _, name := range strings.Fields(test.not) {
			if slices.Contains(names, name) {
				t.Errorf("%s: %s in %q", test.path, name, names)
			}
		}
		if got := strings.Join(in.Values, " "); !strings.HasPrefix(got, test.values) {
			t.Errorf("%s: values %s, not %s", test.path, got, test.values)
		}
		if (in.Key != "") != test.key {
			t.Errorf("%s: key is %q", test.path, in.Key)
		}
	}
	if in := set.Inside("kubernetes", diag.At("nothing", "here"), nil); in != nil {
		t.Errorf("nothing.here: %v", in)
	}
}
