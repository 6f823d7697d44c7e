package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// named is a harbour with another name.
type named struct {
	harbour
	name string
}

func (n named) Info() provider.Info {
	i := n.harbour.Info()
	i.Name = n.name
	return i
}

// copied is a harbour that began as a copy of another provider.
type copied struct{ harbour }

func (c copied) Info() provider.Info {
	i := c.harbour.Info()
	i.Schema.ImportPath = "github.com/cuecompute/cuecompute/providers/kubernetes"
	return i
}

// TestMainRefusesOneSchemaForTwo: a provider with the import path of another is refused,
// because its tenants would be checked against the other's schema.
func TestMainRefusesOneSchemaForTwo(t *testing.T) {
	var stdout, stderr bytes.Buffer
	spec := strings.NewReader(`{id: acme, provider: harbour, workloads: {web: {containers: {app: {image: "a:1"}}}}}`)
	all := append(providers.All(), copied{newHarbour()})
	code := cli.Main([]string{"vet", "--lang", "yaml", "-"}, spec, &stdout, &stderr, all...)
	if want := "two CUE packages"; code != 3 || !strings.Contains(stderr.String(), want) {
		t.Errorf("exit code %d, standard error %q, not %q", code, stderr.String(), want)
	}
}

// TestMainRefuses: a program with invalid providers does nothing else.
func TestMainRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		providers []provider.Provider
		want      string
	}{
		"the same twice":                {[]provider.Provider{newHarbour(), newHarbour()}, "provider already exists: harbour"},
		"nil":                           {[]provider.Provider{nil}, "invalid provider: nil"},
		"an empty name":                 {[]provider.Provider{named{newHarbour(), ""}}, `name "" is not a lower-case word`},
		"a name that --provider splits": {[]provider.Provider{named{newHarbour(), "a,b"}}, `name "a,b" is not a lower-case word`},
		"a name that is all of them":    {[]provider.Provider{named{newHarbour(), "all"}}, `name "all" means every provider`},
	} {
		var stdout, stderr bytes.Buffer
		code := cli.Main([]string{"providers"}, strings.NewReader(""), &stdout, &stderr, tt.providers...)
		if code != 3 || stdout.Len() > 0 || !strings.Contains(stderr.String(), tt.want) {
			t.Errorf("%s: exit code %d, standard error %q, not %q", name, code, stderr.String(), tt.want)
		}
	}
}
