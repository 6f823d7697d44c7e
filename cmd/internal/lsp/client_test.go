package lsp

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cuecompute/cuecompute/cmd/internal/explain"
	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

var update = flag.Bool("update", false, "rewrite what the sessions expect")

func TestMain(m *testing.M) {
	compile.ChildMain(providers.All()...)
	flag.Parse()
	os.Exit(m.Run())
}

// client is an editor that does as a test says.
type client struct {
	t      testing.TB
	w      io.WriteCloser
	served chan error
	ids    int

	mu        sync.Mutex
	came      *sync.Cond
	answers   map[int]message
	published map[string]publishParams
	versions  map[string]int // of open documents, by path
	verdict   verdict
	verdicts  int
	awaited   int // verdicts that are not enough
	folder    string
}

type message struct {
	ID     *int            `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// compilers is the compiler of servers without policies.
var compilers = sync.OnceValues(newCompiler)

var explainers = sync.OnceValues(func() (*explain.Explainer, error) {
	var infos []provider.Info
	for _, p := range providers.All() {
		infos = append(infos, p.Info())
	}
	return explain.New(infos...)
})

func newCompiler() (*compile.Compiler, error) {
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		return nil, err
	}
	return compile.New(reg, compile.Options{})
}

// connect starts a server and a client of it. The folder is opened, if it is not empty.
func connect(t testing.TB, folder string, o Options) *client {
	t.Helper()
	c := bare(t, folder, o)
	params := map[string]any{"capabilities": map[string]any{"textDocument": map[string]any{"completion": map[string]any{"completionItem": map[string]any{"snippetSupport": true}}}}}
	if folder != "" {
		params["rootUri"] = uriOf(folder)
	}
	c.call("initialize", params)
	c.notify("initialized", struct{}{})
	return c
}

// bare is connect before the first message.
func bare(t testing.TB, folder string, o Options) *client {
	t.Helper()
	var err error
	if o.Compiler, err = compilers(); len(o.Policies.Files) > 0 {
		o.Compiler, err = newCompiler()
	}
	if err != nil {
		t.Fatal(err)
	}
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	c := &client{t: t, w: toServer, folder: folder, served: make(chan error, 1), answers: map[int]message{}, published: map[string]publishParams{}, versions: map[string]int{}}
	c.came = sync.NewCond(&c.mu)
	o.Version, o.Log, o.Explain = "test", testLog{t}, explainers
	for _, p := range providers.All() {
		o.Providers = append(o.Providers, p.Info().Name)
	}
	o.published = func(v verdict) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.verdict = v
		c.verdicts++
		c.came.Broadcast()
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { c.served <- Serve(ctx, fromClient, toClient, o) }()
	go c.read(newFraming(fromServer, nil))
	t.Cleanup(func() {
		toServer.Close()
		cancel()
		select {
		case <-c.served:
		case <-time.After(10 * time.Second):
			t.Error("the server does not end")
		}
		fromServer.Close()
	})
	return c
}

type testLog struct{ testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.Errorf("log: %s", p)
	return len(p), nil
}

func (c *client) read(f *framing) {
	for {
		text, err := f.Recv()
		if err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			c.t.Errorf("the server says %s: %v", text, err)
		}
		c.mu.Lock()
		switch {
		case m.Method == "textDocument/publishDiagnostics":
			var p publishParams
			if err := json.Unmarshal(m.Params, &p); err != nil {
				c.t.Error(err)
			}
			c.published[p.URI] = p
		case m.Method == "" && m.ID != nil:
			c.answers[*m.ID] = m
		case m.Method == "":
			c.answers[0] = m
		}
		c.came.Broadcast()
		c.mu.Unlock()
	}
}

func (c *client) send(m any) {
	c.t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := (&framing{w: c.w}).Send(text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) notify(method string, params any) {
	c.send(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// wait returns once a condition holds.
func (c *client) wait(what string, holds func() bool) {
	c.t.Helper()
	late := time.AfterFunc(30*time.Second, c.came.Broadcast)
	defer late.Stop()
	deadline := time.Now().Add(30 * time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	for !holds() {
		if time.Now().After(deadline) {
			c.t.Fatalf("no %s within 30 seconds", what)
		}
		c.came.Wait()
	}
}

func (c *client) start(method string, params any) (id int) {
	c.ids++
	c.send(map[string]any{"jsonrpc": "2.0", "id": c.ids, "method": method, "params": params})
	return c.ids
}

func (c *client) answer(id int) (m message) {
	c.t.Helper()
	c.wait(fmt.Sprintf("answer to request %d", id), func() bool {
		var ok bool
		m, ok = c.answers[id]
		return ok
	})
	return m
}

func (c *client) call(method string, params any) message {
	c.t.Helper()
	return c.answer(c.start(method, params))
}

func (c *client) path(name string) string { return filepath.Join(c.folder, filepath.FromSlash(name)) }

func (c *client) uri(name string) string { return uriOf(c.path(name)) }

func (c *client) open(name, text string) {
	c.versions[c.path(name)] = 1
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": c.uri(name), "languageId": "yaml", "version": 1, "text": text}})
}

// change replaces the whole text of a document.
func (c *client) change(name, text string) {
	c.edit(name, map[string]any{"text": text})
}

func (c *client) edit(name string, changes ...any) {
	path := c.path(name)
	c.versions[path]++
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": c.uri(name), "version": c.versions[path]},
		"contentChanges": changes,
	})
}

func (c *client) close(name string) {
	delete(c.versions, c.path(name))
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": c.uri(name)}})
}

// another has settled wait for another verdict than those so far.
func (c *client) another() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited = c.verdicts
}

// settled waits for the verdict on the documents as they are now.
func (c *client) settled() {
	c.t.Helper()
	c.wait("verdict", func() bool {
		if c.verdicts <= c.awaited || len(c.verdict.documents) != len(c.versions) {
			return false
		}
		for path, version := range c.versions {
			if d := c.verdict.documents[path]; d == nil || d.version != version {
				return false
			}
			if p := c.published[uriOf(path)]; p.Version == nil || *p.Version != version {
				return false
			}
		}
		return true
	})
	c.call("$/none", nil) // what was sent before its answer has come
}

// lines returns what is shown now, a line for each diagnostic.
func (c *client) lines() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for uri, p := range c.published {
		for _, d := range p.Diagnostics {
			word := map[int]string{severityError: "error", severityWarning: "warning", severityHint: "hint"}[d.Severity]
			all = append(all, fmt.Sprintf("%s:%s: %s: %s [%s]", c.name(uri), d.Range, word, strings.ReplaceAll(d.Message, "\n", " | "), d.Code))
			for _, r := range d.Related {
				all[len(all)-1] += fmt.Sprintf("\n    %s:%s: %s", c.name(r.Location.URI), r.Location.Range, r.Message)
			}
		}
	}
	slices.Sort(all)
	return all
}

// name is a file's name in the folder.
func (c *client) name(uri string) string {
	name, err := filepath.Rel(c.folder, pathOf(uri))
	if err != nil {
		return uri
	}
	return filepath.ToSlash(name)
}

// String writes a span as a test expects it: places count from 1, in UTF-16 code units.
func (s span) String() string {
	if s.Start.Line == s.End.Line {
		return fmt.Sprintf("%d:%d-%d", s.Start.Line+1, s.Start.Character+1, s.End.Character+1)
	}
	return fmt.Sprintf("%d:%d-%d:%d", s.Start.Line+1, s.Start.Character+1, s.End.Line+1, s.End.Character+1)
}
