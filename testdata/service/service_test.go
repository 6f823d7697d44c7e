package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/providers"
)

// TestMain is the service, or a child of it or of the tests, where it is started as one.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-addr") {
		main()
		return
	}
	compile.ChildMain(providers.All()...)
	os.Exit(m.Run())
}

const (
	requests = 2000
	clients  = 32
	most     = 700 << 20 // bytes of all processes
)

// TestServe runs the service as a process of its own under load from 32 clients, a third of it
// hostile, while policies are swapped, children are killed and the program's file is replaced. No
// update is lost, nothing fails inside, and in the end the service holds no more than at first.
func TestServe(t *testing.T) {
	s := start(t)
	goroutines := s.metric(t, "go_goroutines")
	watched := s.watch(t)

	var history []porcupine.Operation
	var mu sync.Mutex
	took := map[string][]time.Duration{}
	statuses := map[string]int{}
	began := time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(client), 7))
			revisions := map[string]int{} // as this client saw them last
			for {
				n := next.Add(1)
				if n > requests {
					return
				}
				kind, in, do := s.pick(random, n, revisions)
				call := time.Since(began)
				out, err := do()
				if err != nil {
					t.Errorf("request %d, %s %+v: %v", n, kind, in, err)
					return
				}
				mu.Lock()
				took[kind] = append(took[kind], time.Since(began)-call)
				statuses[fmt.Sprintf("%s %d", kind, out.Status)]++
				if in.Tenant != "" {
					if out.State.Revision > 0 {
						revisions[in.Tenant] = out.State.Revision
					}
					if out.Status != 422 && out.Status != 503 {
						history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: int64(call), Output: out, Return: int64(time.Since(began))})
					}
				}
				mu.Unlock()
				if out.Status >= 500 && out.Status != 503 {
					t.Errorf("request %d, %s %+v: status %d", n, kind, in, out.Status)
				}
				if kind == "hostile" && out.Status < 400 {
					t.Errorf("request %d is hostile, and taken", n)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d requests in %s: %v", requests, time.Since(began).Round(time.Millisecond), statuses)
	for _, kind := range []string{"data", "evaluated", "hostile"} {
		d := took[kind]
		slices.Sort(d)
		t.Logf("%s: p50 %s, p99 %s", kind, d[len(d)/2].Round(10*time.Microsecond), d[len(d)*99/100].Round(10*time.Microsecond))
	}
	if result := porcupine.CheckOperationsTimeout(model, history, 20*time.Second); result != porcupine.Ok {
		t.Errorf("the history of %d operations is not that of a service that does one after another: %s", len(history), result)
	}
	seen := watched()
	t.Logf("at most %d MiB in all processes, %d children; %d operations are linearisable", seen.bytes>>20, seen.children, len(history))
	if seen.bytes > most {
		t.Errorf("%d MiB in all processes", seen.bytes>>20)
	}
	if seen.children == 0 || seen.killed == 0 || seen.swapped == 0 {
		t.Errorf("%d children, %d killed, policies swapped %d times: nothing was tried", seen.children, seen.killed, seen.swapped)
	}
	s.client.CloseIdleConnections()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		left, now := len(s.children()), s.metric(t, "go_goroutines")
		if left == 0 && now <= goroutines+2 {
			break
		}
		if time.Now().After(end) {
			t.Errorf("%d children and %v goroutines are left, of 0 and %v", left, now, goroutines)
			break
		}
		s.client.CloseIdleConnections()
	}
	s.stop(t)
}

// running is a service that runs.
type running struct {
	url    string
	client *http.Client
	cmd    *exec.Cmd
	file   string
	stderr *bytes.Buffer
}

func start(t *testing.T) *running {
	t.Helper()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("the system has no files about its processes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "service")
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o755); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	s := &running{url: "http://" + addr, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}, file: file, stderr: &bytes.Buffer{}}
	s.cmd = exec.Command(file, "-addr", addr, "-idle", "1s")
	s.cmd.Stderr = s.stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if res, err := s.client.Get(s.url + "/healthz"); err == nil {
			res.Body.Close()
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("the service does not answer: %s", s.stderr)
		}
	}
}

// stop ends the service while a request is under way, which is answered.
func (s *running) stop(t *testing.T) {
	t.Helper()
	answered := make(chan error, 1)
	go func() {
		out, err := s.send("POST", "/tenants", "application/cue", fmt.Sprintf(evaluated, "last", 1), 0)
		if err == nil && out.Status != 201 {
			err = fmt.Errorf("status %d", out.Status)
		}
		answered <- err
	}()
	for end := time.Now().Add(10 * time.Second); len(s.children()) == 0 && time.Now().Before(end); { // until it is judged
		time.Sleep(time.Millisecond)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the service: %v\n%s", err, s.stderr)
	}
	if lost := regexp.MustCompile(`(?m)^.*(panic|DATA RACE|service ended).*$`).FindString(s.stderr.String()); lost != "" {
		t.Error(lost)
	}
}

// send sends a request, and reads the record in its answer.
func (s *running) send(method, path, language, body string, revision int) (response, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	r.Header.Set("Content-Type", language)
	if revision > 0 {
		r.Header.Set("If-Match", strconv.Quote(strconv.Itoa(revision)))
	}
	res, err := s.client.Do(r)
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	out := response{Status: res.StatusCode}
	if err == nil && res.StatusCode < 300 && method != "DELETE" && bytes.HasPrefix(text, []byte("{")) {
		err = json.Unmarshal(text, &out.State)
	}
	return out, err
}

const (
	data      = "id: %s\nprovider: kubernetes\nworkloads: {web: {replicas: %d, containers: {app: {image: \"nginx:1.29\"}}}}\n"
	evaluated = "import \"strings\"\nid: %q\nprovider: \"kubernetes\"\nworkloads: web: {replicas: %d, containers: app: image: strings.ToLower(\"NGINX:1.29\")}\n"
)

// hostile are bodies that no service may take, or trip over.
var hostile = []struct{ language, body string }{
	{"application/yaml", "id: acme\nprovider: kubernetes\nworkloads: {web: {replicsa: 2, containers: {app: {image: nginx}}}}\n"},
	{"application/yaml", "a: &a [x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: [*d, *d, *d, *d]\n"},
	{"application/yaml", strings.Repeat("- ", 50000)},
	{"application/json", strings.Repeat("[", 100000)},
	{"application/json", `{"id": "acme", "provider": "nowhere", "workloads": {}}`},
	{"application/cue", strings.Repeat("a: {", 20000)},
	{"application/cue", "import \"strings\"\nid: strings.Repeat(\"x\", 1000000000)\nprovider: \"nomad\"\n"},
	{"application/cue", "x: 1/0\n"},
	{"application/cue", "import \"github.com/acme/nothing\"\nnothing\n"},
	{"", "\x00\xff\xfe\x01"},
	{"application/yaml", strings.Repeat("a: b\n", 300000)},
}

// costly take a child all of its time, or all of its memory; they are few, as a second is long.
var costly = []struct{ language, body string }{
	{"application/cue", "import \"list\"\nid: \"acme\"\nprovider: \"nomad\"\nx: [for a in list.Range(0, 3000, 1) for b in list.Range(0, 3000, 1) {a * b}]\n"},
	{"application/cue", "import \"list\"\nid: \"acme\"\nprovider: \"nomad\"\nx: list.Range(0, 100000000, 1)\n"},
}

// pick chooses a request: its kind, what it does to which tenant, and how it is sent.
func (s *running) pick(random *rand.Rand, n int64, revisions map[string]int) (kind string, in request, do func() (response, error)) {
	if n%250 == 0 {
		h := costly[n/250%2]
		return "costly", request{}, func() (response, error) { return s.send("POST", "/tenants", h.language, h.body, 0) }
	}
	if n%3 == 0 {
		h := hostile[random.IntN(len(hostile))]
		return "hostile", request{}, func() (response, error) { return s.send("POST", "/tenants", h.language, h.body, 0) }
	}
	id := fmt.Sprintf("t%d", random.IntN(8))
	kind, language, spec := "data", "application/yaml", data
	if random.IntN(4) == 0 {
		kind, language, spec = "evaluated", "application/cue", evaluated
	}
	body := fmt.Sprintf(spec, id, 1+random.IntN(9))
	in = request{Tenant: id}
	if random.IntN(2) == 0 {
		in.Revision = revisions[id]
	}
	path := "/tenants/kubernetes/" + id
	switch random.IntN(10) {
	case 0, 1:
		in.Method, in.Revision, path = "POST", 0, "/tenants"
	case 2, 3, 4:
		in.Method, in.Revision, body, kind = "GET", 0, "", "read"
	case 5:
		in.Method, body, kind = "DELETE", "", "deleted"
	default:
		in.Method = "PUT"
		if random.IntN(5) == 0 {
			path += "?allow=none"
		}
	}
	return kind, in, func() (response, error) { return s.send(in.Method, path, language, body, in.Revision) }
}

// metric reads a number from /metrics.
func (s *running) metric(t *testing.T, name string) float64 {
	t.Helper()
	res, err := s.client.Get(s.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("no metric %s in %s", name, text)
	}
	v, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// children are the service's child processes.
func (s *running) children() (pids []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	for _, list := range lists {
		text, _ := os.ReadFile(list) // a thread may have ended
		for _, field := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// seen is what was met in a run.
type seen struct{ bytes, children, killed, swapped int }

// watch measures the processes, kills a child now and then, swaps policies each half second, and
// replaces the program's file. What it returns ends it.
func (s *running) watch(t *testing.T) func() seen {
	ctx, cancel := context.WithCancel(context.Background())
	var out seen
	var all sync.WaitGroup
	all.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			pids := s.children()
			bytes := resident(s.cmd.Process.Pid)
			for _, pid := range pids {
				bytes += resident(pid)
			}
			out.bytes, out.children = max(out.bytes, bytes), max(out.children, len(pids))
			if i%20 == 19 && len(pids) > 0 && syscall.Kill(pids[0], syscall.SIGKILL) == nil {
				out.killed++
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	all.Go(func() {
		if err := errors.Join(os.Remove(s.file), os.WriteFile(s.file, []byte("another program\n"), 0o755)); err != nil {
			t.Error(err)
		}
		policies := []string{"tenant: labels: team: *\"a\" | string\n", "tenant: labels: team: *\"b\" | string\n", "tenant: labels: team: \"a\" & \"b\"\n"}
		for i := 0; ctx.Err() == nil; i++ {
			res, err := s.send("PUT", "/policies", "application/cue", policies[i%3], 0)
			if want := []int{200, 200, 422}[i%3]; err != nil || res.Status != want {
				t.Errorf("policies %d: status %d, not %d (%v)", i%3, res.Status, want, err)
			}
			out.swapped++
			time.Sleep(500 * time.Millisecond)
		}
	})
	return func() seen {
		cancel()
		all.Wait()
		return out
	}
}

// resident is a process's memory, in bytes.
func resident(pid int) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it may have ended
	m := regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`).FindSubmatch(text)
	if m == nil {
		return 0
	}
	kib, _ := strconv.Atoi(string(m[1]))
	return kib << 10
}
