package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestNoNetwork: specs name a host in every possible field, and it is also every proxy and the
// registry of CUE's modules. Nothing connects to it.
func TestNoNetwork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var connected atomic.Int64
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return // closed
			}
			connected.Add(1)
			c.Close()
		}
	}()
	host := listener.Addr().String()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"cue.mod/module.cue": "module: \"HOST/specs@v0\"\nlanguage: version: \"v0.17.0\"\ndeps: {\"example.com/base@v0\": {v: \"v0.1.0\"}, \"HOST/other@v0\": {v: \"v0.1.0\"}}\n",
		"sound.yaml": "id: acme\nprovider: kubernetes\nlabels: {site: \"http://HOST/\"}\nsecrets: {db: {path: \"http://HOST/secret\"}}\n" +
			"workloads: {web: {containers: {app: {image: \"HOST/acme/web:1\", env: {URL: \"http://HOST/\", DB: {secret: db}}}}}}\n",
		"computed.cue":   "import \"net\"\n_ip: net.ParseIP(\"127.0.0.1\")\nid: \"computed\"\nprovider: \"nomad\"\nworkloads: web: containers: app: image: \"HOST/acme/web:\\(len(_ip))\"\n",
		"base.cue":       "import \"example.com/base\"\nid: base.id\n",
		"other.cue":      "import \"HOST/other\"\nid: other.id\n",
		"http.cue":       "import \"tool/http\"\nid: \"http\"\nget: http.Get & {url: \"http://HOST/\"}\n",
		"embed.cue":      "@extern(embed)\npackage embed\nid: string @embed(file=\"http://HOST/\",type=text)\n",
		"reference.json": "{\"$ref\": \"http://HOST/schema.json\", \"id\": \"reference\", \"provider\": \"ecs\"}\n",
		"policy.cue":     "tenant: labels: policy: \"http://HOST/\"\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "HOST", host)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := append(os.Environ(), "NO_PROXY=", "no_proxy=", "CUE_REGISTRY="+host+"+insecure", "GOPROXY=http://"+host, "HOME="+dir)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "NOMAD_ADDR", "AWS_ENDPOINT_URL", "DOCKER_HOST"} {
		env = append(env, name+"=http://"+host)
	}
	for _, command := range []string{
		"vet --provider all .", "vet --policy policy.cue --report sarif=report.sarif .", "plan sound.yaml computed.cue", "plan --against sound.yaml computed.cue",
		"render --provider kubernetes,nomad,compose sound.yaml computed.cue", "render --out out sound.yaml", "provision sound.yaml", "update --against sound.yaml sound.yaml",
		"status sound.yaml", "destroy sound.yaml", "portability .", "explain workloads", "schema", "schema --format jsonschema", "providers", "version",
	} {
		c := exec.Command("cuecompute", strings.Fields(command)...)
		c.Dir, c.Env = dir, env
		said, err := c.CombinedOutput()
		if code := c.ProcessState.ExitCode(); code != 0 && code != 1 && code != 4 {
			t.Errorf("%s: %v\n%s", command, err, said)
		}
	}
	if n := connected.Load(); n > 0 {
		t.Errorf("%d connections", n)
	}
}
