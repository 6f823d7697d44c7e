package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/providers"
)

// landlordOfMany bounds teams, registries and platforms, partly by what only CUE's evaluator
// judges.
const landlordOfMany = `import "list"

fleet: {
	total: tenants: <=1000
	by: team: [string]: {memoryMiB: <=6000, most: copies: <=80}
	by: team: "team-3": registries: list.MaxItems(1)
	provider: nomad: percent: memoryMiB: <=10
	namespace: [string]: hosts: <=20
	nodePool: "nomad/gpu": tenants: 0
	registry: [!~"^ghcr\\.io$"]: tenants: 0
}
`

// TestShards: what 16 shards say together is what one run says, byte for byte and in every
// format, whatever the order of their facts.
func TestShards(t *testing.T) {
	t.Chdir(t.TempDir())
	for i := range 300 {
		write(t, fmt.Sprintf("tenants/%02d/t%d.yaml", i%17, i), manyTenant(i))
	}
	write(t, "landlord.cue", landlordOfMany)
	const shards = 16
	var facts []string
	for i := range shards {
		name := fmt.Sprintf("facts-%d.jsonl", i+1)
		facts = append([]string{name}, facts...)
		if out, code := command("vet", "--policy", "landlord.cue", "--shard", fmt.Sprintf("%d/%d", i+1, shards), "--facts", name, "tenants/..."); code > 1 {
			t.Fatal(out)
		}
	}
	flags := []string{"--policy", "landlord.cue", "--by", "team,region,namespace,nodePool", "--notes", "--format"}
	for _, format := range []string{"text", "json", "markdown", "sarif", "github", "junit", "table", "html"} {
		one, code := command(append(append([]string{"fleet"}, append(flags, format)...), "tenants/...")...)
		many, joined := command(append(append([]string{"fleet"}, append(flags, format)...), append([]string{"--join"}, facts...)...)...)
		if code != 1 || joined != 1 {
			t.Errorf("%s: exit codes %d and %d, not 1\n%s", format, code, joined, one)
		}
		if diff := cmp.Diff(one, many); diff != "" {
			t.Errorf("%s (-one run +shards):\n%s", format, diff)
		}
		if format != "text" {
			continue
		}
		for _, code := range []string{"duplicate", "host-taken", "host-covered", "port-taken", "shared-source", "policy"} {
			if !strings.Contains(one, "["+code+"]") {
				t.Errorf("no problem of 300 tenants is %s:\n%s", code, one)
			}
		}
	}
}

// manyTenant is the i-th of many, of which some claim the same.
func manyTenant(i int) string {
	team, id := i%7, fmt.Sprintf("t%d", i)
	if i == 200 {
		id = "t100"
	}
	labels := fmt.Sprintf("{team: team-%d, region: r%d}", team, i%3)
	if i == 50 {
		labels = "{}"
	}
	host := fmt.Sprintf("t%d.d%d.example.com", i/2, i%5)
	if i%60 == 0 {
		host = "'*.d3.example.com'"
	}
	switch i % 3 {
	case 0:
		return fmt.Sprintf("id: %s\nprovider: nomad\nlabels: %s\nextensions: {nomad: {nodePool: %q, ingress: {gateway: traefik}}}\n"+
			"workloads: {web: {containers: {app: {image: 'ghcr.io/acme/web:%d', ports: {http: 80, raw: {port: %d, expose: public}}, resources: {memory: 256Mi}}}, ingress: [{host: %s, port: http}]}}\n",
			id, labels, []string{"default", "gpu"}[i%2], i, 7000+i/12, host)
	case 1:
		return fmt.Sprintf("id: %s\nprovider: ecs\nlabels: %s\nextensions: {ecs: {logs: none, subnets: [subnet-0a1b2c3d], executionRoleArn: 'arn:aws:iam::123456789012:role/exec', volumes: {data: {efs: {fileSystemId: fs-0123456789abcdef0, rootDirectory: /d%d}}}}}\n"+
			"workloads: {web: {volumes: {data: {persistent: {size: 1Gi}}}, containers: {app: {image: 'quay.io/acme/web:%d', resources: {cpu: 0.25, memory: 512Mi}, mounts: {/data: {volume: data}}}}}}\n",
			id, labels, i/4, i)
	}
	return fmt.Sprintf("id: %s\nprovider: kubernetes\nlabels: %s\nextensions: {kubernetes: {namespace: n%d}}\nsecrets: {db: {path: db, key: password}}\n"+
		"workloads: {web: {autoscale: {min: 1, max: 4}, containers: {app: {image: 'ghcr.io/acme/web:%d', ports: {http: 80}, env: {P: {secret: db}}, resources: {cpu: 100m, memory: 256Mi}}}, ingress: [{host: %s, port: http}]}}\n",
		id, labels, i%4, i, host)
}

// command returns what a command prints and its exit code.
func command(args ...string) (string, int) {
	var out bytes.Buffer
	code := cli.Main(args, strings.NewReader(""), &out, io.Discard, providers.All()...)
	return out.String(), code
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestFleetMistakes compares each mistake that only all tenants together show with what fleet reports
// at the lines of both tenants.
func TestFleetMistakes(t *testing.T) {
	names, err := filepath.Glob("../../testdata/fleet/*.txtar")
	if err != nil || len(names) < 20 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		name, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			args := []string{"fleet", "--notes"}
			var want *txtar.File
			for i, f := range a.Files {
				switch f.Name {
				case "want":
					want = &a.Files[i]
					continue
				case "policy.cue":
					args = append(args, "--policy", f.Name)
				}
				write(t, f.Name, string(f.Data))
			}
			got, _ := command(append(args, ".")...)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got), regenerate with make golden:\n%s", diff)
			}
			if got == "" {
				t.Error("fleet says nothing")
			}
		})
	}
}
