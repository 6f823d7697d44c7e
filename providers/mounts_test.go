package providers_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

var update = flag.Bool("update", false, "rewrite what tests expect")

// mountsTable is what stands in the table of mounts inside mounts.
const mountsTable = "testdata/mounts.txt"

// mountSource is what an author writes for each kind of mount.
var mountSource = map[provider.MountKind]string{
	provider.WritableVolume:  "{volume: disk%d}",
	provider.MemoryVolume:    "{volume: memory%d}",
	provider.ReadOnlyVolume:  "{volume: disk%d, readOnly: true}",
	provider.ConfigDirectory: "{config: dir%d}",
	provider.ConfigFile:      "{config: dir%d, file: a.conf}",
	provider.SecretFile:      "{secret: s%d}",
	provider.OwnFile:         "{config: dir%d, file: a.conf}",
}

// TestMountsInMounts holds which kind of mount may stand inside which, on every platform, to
// testdata/mounts.txt: all pairs, as vet judges a spec that has nothing else.
func TestMountsInMounts(t *testing.T) {
	var text strings.Builder
	text.WriteString("Which mount may stand inside which: yes, no, or - where the platform lacks one of the two.\nWhy, and the source, stand in providers/*/mounts.go and pkg/internal/relations/mounts.go.\n\n")
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "outside\tinside")
	for _, p := range providers.All() {
		fmt.Fprintf(table, "\t%s", p.Info().Name)
	}
	fmt.Fprintln(table)
	for _, outer := range provider.MountKinds() {
		inside := provider.MountKinds()
		if outer == provider.ConfigDirectory {
			inside = append(inside, provider.OwnFile)
		}
		for _, inner := range inside {
			fmt.Fprintf(table, "%s\t%s", outer, inner)
			for _, p := range providers.All() {
				fmt.Fprintf(table, "\t%s", nests(t, p, outer, inner))
			}
			fmt.Fprintln(table)
		}
	}
	table.Flush()
	if *update {
		if err := os.WriteFile(mountsTable, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(mountsTable)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("the table differs (-want +got); -update rewrites it:\n%s", diff)
	}
}

// nests vets a spec with two mounts, one inside the other, and each by itself.
func nests(t *testing.T, p provider.Provider, outer, inner provider.MountKind) string {
	at := "/outer/inner"
	if inner == provider.OwnFile {
		at = "/outer/a.conf"
	}
	one := "/outer: " + fmt.Sprintf(mountSource[outer], 1)
	other := fmt.Sprintf(mountSource[inner], 2)
	for _, alone := range []string{one, "/other/inner: " + other} {
		switch codes := verdict(t, p, alone); {
		case slices.Contains(codes, diag.Unsupported):
			return "-"
		case len(codes) > 0:
			t.Fatalf("%s: a mount alone is refused: %s %v", p.Info().Name, alone, codes)
		}
	}
	if len(verdict(t, p, one+", "+at+": "+other)) > 0 {
		return "no"
	}
	return "yes"
}

// verdict returns the codes of the errors in a spec whose container has the mounts.
func verdict(t *testing.T, p provider.Provider, mounts string) []diag.Code {
	t.Helper()
	secret := "{path: nomad/jobs/s, key: k}"
	switch p.Info().Name {
	case "kubernetes":
		secret = "{path: s, key: k}"
	case "compose":
		secret = "{path: S}"
	}
	spec := fmt.Sprintf(`
id: acme
provider: %s
config: {dir1: {a.conf: x}, dir2: {a.conf: y}}
secrets: {s1: %s, s2: %s}
workloads:
  web:
    volumes: {disk1: {ephemeral: {}}, disk2: {ephemeral: {}}, memory1: {ephemeral: {medium: memory, size: 1Mi}}, memory2: {ephemeral: {medium: memory, size: 1Mi}}}
    containers: {app: {image: "a/b:1", resources: {cpu: 100m, memory: 64Mi}, mounts: {%s}}}
`, p.Info().Name, secret, secret, mounts)
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	_, diags, err := compile.Compile(t.Context(), reg, compile.Options{Policies: landlord}, compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(spec), Lang: "yaml", Providers: []string{p.Info().Name}})
	if err != nil {
		t.Fatal(err)
	}
	var codes []diag.Code
	for _, d := range diags {
		if d.Severity == diag.Error {
			codes = append(codes, d.Code)
		}
	}
	return codes
}
