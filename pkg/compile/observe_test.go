package compile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/compile"
)

// seen keeps what it observes, without durations.
type seen struct {
	mu     sync.Mutex
	events []string
}

func (s *seen) Observe(_ context.Context, e compile.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := e.(type) {
	case compile.TenantJudged:
		s.events = append(s.events, fmt.Sprintf("tenant %s of %s for %s: %t, %d errors", e.Tenant, e.Unit, e.Provider, e.Accepted, e.Errors))
	case compile.UnitJudged:
		s.events = append(s.events, fmt.Sprintf("unit %s: %d tenants, %d errors, cached %t", e.Unit, e.Tenants, e.Errors, e.Cached))
	case compile.Evaluated:
		s.events = append(s.events, fmt.Sprintf("evaluated: %v", e.Err))
	case compile.EvaluationQueued:
		s.events = append(s.events, fmt.Sprintf("queued: %d", e.Waiting))
	case compile.ChildStarted:
		s.events = append(s.events, fmt.Sprintf("started: %d", e.Children))
	case compile.ChildStopped:
		s.events = append(s.events, fmt.Sprintf("stopped, %s: %d", e.Why, e.Children))
	case compile.PolicyRead:
		s.events = append(s.events, fmt.Sprintf("policy %s, cached %t", e.Path, e.Cached))
	default:
		s.events = append(s.events, fmt.Sprintf("%T", e))
	}
}

// taken returns what was observed since the last call.
func (s *seen) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.events
	s.events = nil
	return events
}

func (s *seen) wait(event string) bool {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		found := slices.Contains(s.events, event)
		s.mu.Unlock()
		if found {
			return true
		}
	}
	return false
}

const (
	observedYAML = "id: acme\nprovider: nomad\nworkloads: {web: {containers: {app: {image: \"nginx:1.29\"}}}}\n"
	observedCUE  = "import \"strings\"\nid: \"acme\"\nprovider: \"nomad\"\nworkloads: web: containers: app: image: strings.ToLower(\"NGINX:1.29\")\n"
	observedLoop = "import \"list\"\nid: \"acme\"\nprovider: \"nomad\"\nx: [for a in list.Range(0, 3000, 1) for b in list.Range(0, 3000, 1) {a * b}]\n"
)

func TestObserver(t *testing.T) {
	var observer seen
	c, err := compile.New(registry(t), compile.Options{
		Policies:   policyOf("tenant: labels: team: *\"ops\" | string"),
		Evaluation: compile.Evaluation{Timeout: 2 * time.Second, Memory: 256 << 20},
		Children:   compile.Children{Most: 1},
		Observer:   &observer,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	judge := func(lang, text string) {
		t.Helper()
		if _, _, err := c.Compile(t.Context(), compile.Input{Paths: []string{"-"}, Lang: lang, Stdin: strings.NewReader(text)}); err != nil {
			t.Error(err)
		}
	}
	policy := policyOf("").Files[0]
	for _, step := range []struct {
		what string
		do   func()
		want []string
	}{
		{"data", func() { judge("yaml", observedYAML) }, []string{
			"policy " + policy + ", cached false", "tenant acme of - for nomad: true, 0 errors", "unit -: 1 tenants, 0 errors, cached false",
		}},
		{"a mistake", func() { judge("yaml", observedYAML+"x: 1\n") }, []string{
			"policy " + policy + ", cached true", "tenant acme of - for nomad: false, 1 errors", "unit -: 1 tenants, 1 errors, cached false",
		}},
		{"CUE", func() { judge("cue", observedCUE) }, []string{
			"policy " + policy + ", cached true", "started: 1", "evaluated: <nil>", "tenant acme of - for nomad: true, 0 errors", "unit -: 1 tenants, 0 errors, cached false",
		}},
		{"CUE without end", func() { judge("cue", observedLoop) }, []string{
			"policy " + policy + ", cached true", "stopped, out of time: 0", "evaluated: out of time", "unit -: 1 tenants, 1 errors, cached false",
		}},
		{"the end", func() { judge("cue", observedCUE); observer.taken(); c.Close() }, []string{"stopped, closed: 0"}},
	} {
		step.do()
		if diff := cmp.Diff(step.want, observer.taken()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.what, diff)
		}
	}
}

func TestLogger(t *testing.T) {
	var out bytes.Buffer
	plain := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" && a.Value.Duration() > 0 {
			return slog.Attr{}
		}
		return a
	}
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: plain}))
	c, err := compile.New(registry(t), compile.Options{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Compile(t.Context(), compile.Input{Paths: []string{"-"}, Stdin: strings.NewReader(observedYAML), Providers: []string{"compose", "nomad"}}); err != nil {
		t.Fatal(err)
	}
	want := "level=INFO msg=\"tenant judged\" tenant=acme provider=compose unit=- accepted=true errors=0 warnings=0\n" +
		"level=INFO msg=\"tenant judged\" tenant=acme provider=nomad unit=- accepted=true errors=0 warnings=1\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

// TestQueue: one child works, one evaluation waits, and a further one is refused at once. The one
// that waits ends with its context.
func TestQueue(t *testing.T) {
	var observer seen
	c, err := compile.New(registry(t), compile.Options{
		Evaluation: compile.Evaluation{Timeout: time.Minute, Memory: 256 << 20},
		Children:   compile.Children{Most: 2, Memory: 300 << 20, Queue: 1}, // which has room for one
		Observer:   &observer,
	})
	if err != nil {
		t.Fatal(err)
	}
	judge := func(ctx context.Context) error {
		_, _, err := c.Compile(ctx, compile.Input{Paths: []string{"-"}, Lang: "cue", Stdin: strings.NewReader(observedLoop)})
		return err
	}
	working, waiting := make(chan error), make(chan error)
	go func() { working <- judge(t.Context()) }()
	if !observer.wait("started: 1") {
		t.Fatal("no child is started")
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { waiting <- judge(ctx) }()
	if !observer.wait("queued: 1") {
		t.Fatal("nothing waits")
	}
	if err := judge(t.Context()); !errors.Is(err, compile.ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that waits: %v", err)
	}
	c.Close()
	if err := <-working; !errors.Is(err, compile.ErrClosed) {
		t.Errorf("the one that works: %v", err)
	}
	for _, bad := range []compile.Children{{Memory: 100 << 20}, {Most: -1}, {Idle: -1}} {
		if _, err := compile.New(registry(t), compile.Options{Children: bad}); !errors.Is(err, compile.ErrInput) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
