// Package lsp is a language server for tenant specs: what vet says of them as they are typed,
// with its fixes, over the Language Server Protocol.
//
//	err := lsp.Serve(ctx, os.Stdin, os.Stdout, lsp.Options{Compiler: compiler, Version: version})
package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/creachadair/jrpc2"

	"github.com/cuecompute/cuecompute/cmd/internal/explain"
	"github.com/cuecompute/cuecompute/pkg/compile"
)

// Options are what a server works with.
type Options struct {
	Compiler *compile.Compiler

	// Policies are those for the tenants: the server reads them again when one changes.
	// Files have absolute paths.
	Policies compile.Policies

	// Input says how to judge. Its paths are absolute; without any, all below each folder that
	// the client opens is judged.
	Input compile.Input

	// Explain returns what explains fields; it may take some time, once.
	Explain func() (*explain.Explainer, error)

	Providers []string // the names of all that are registered

	Version string
	Log     io.Writer // of what the server itself did wrong; nil: nowhere

	published func(verdict) // for tests: called once a verdict was sent
}

// ErrNoShutdown is returned by [Serve] for a client that asks the server to exit and has not
// asked it to shut down.
var ErrNoShutdown = errors.New("the client asked to exit without shutdown")

// Serve answers a client until that asks to exit, its messages end, or ctx does. What a client
// sends is never a reason to end earlier.
func Serve(ctx context.Context, r io.Reader, w io.Writer, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newServer(o)
	s.rpc = jrpc2.NewServer(s, &jrpc2.ServerOptions{
		AllowPush: true, DisableBuiltin: true, Concurrency: 64,
		NewContext: func() context.Context { return ctx },
	})
	s.rpc.Start(newFraming(r, w))
	defer s.rpc.Stop()
	var judging sync.WaitGroup
	judging.Go(func() { s.judge(ctx) })
	waited := make(chan error, 1)
	go func() { waited <- s.rpc.Wait() }()
	var err error
	select {
	case err = <-waited:
	case <-s.ended:
	case <-ctx.Done():
	}
	cancel()
	judging.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.exited && !s.shutDown {
		return ErrNoShutdown
	}
	return err
}

// server is one session with a client.
type server struct {
	Options
	rpc     *jrpc2.Server
	methods map[string]method
	changed chan struct{} // something has, since the judging began last
	ended   chan struct{} // by exit; the client may keep its end open

	mu          sync.Mutex
	initialized bool
	watches     bool // the client can report files that change
	snippets    bool
	shutDown    bool
	exited      bool
	folders     []string             // open in the editor
	documents   map[string]*document // by path
	verdict     verdict              // the last one
	next        chan struct{}        // closed once there is another
}

// method answers a request, or takes a notification.
type method func(ctx context.Context, params json.RawMessage) (any, error)

// takes makes a method of a function of its parameters.
func takes[P any](call func(context.Context, P) (any, error)) method {
	return func(ctx context.Context, params json.RawMessage) (any, error) {
		var p P
		if len(params) > 0 {
			if err := json.Unmarshal(params, &p); err != nil {
				return nil, jrpc2.Errorf(invalidParams, "%v", err)
			}
		}
		return call(ctx, p)
	}
}

func newServer(o Options) *server {
	s := &server{Options: o, changed: make(chan struct{}, 1), ended: make(chan struct{}), next: make(chan struct{}), documents: map[string]*document{}}
	s.methods = map[string]method{
		"initialize":                          takes(s.initialize),
		"initialized":                         takes(s.onInitialized),
		"shutdown":                            takes(s.onShutdown),
		"exit":                                takes(s.onExit),
		"$/cancelRequest":                     takes(s.onCancel),
		"$/setTrace":                          takes(ignore),
		"textDocument/didOpen":                takes(s.didOpen),
		"textDocument/didChange":              takes(s.didChange),
		"textDocument/didClose":               takes(s.didClose),
		"textDocument/didSave":                takes(s.didSave),
		"textDocument/codeAction":             takes(s.onActions),
		"codeAction/resolve":                  takes(s.onResolve),
		"textDocument/hover":                  takes(s.onHover),
		"textDocument/completion":             takes(s.onCompletion),
		"textDocument/definition":             takes(s.onDefinition),
		"textDocument/references":             takes(s.onReferences),
		"textDocument/prepareRename":          takes(s.onPrepareRename),
		"textDocument/rename":                 takes(s.onRename),
		"textDocument/documentSymbol":         takes(s.onSymbols),
		"textDocument/foldingRange":           takes(s.onFolds),
		"workspace/didChangeWatchedFiles":     takes(s.didSave),
		"workspace/didChangeConfiguration":    takes(ignore),
		"workspace/didChangeWorkspaceFolders": takes(s.didChangeFolders),
	}
	return s
}

func ignore(context.Context, json.RawMessage) (any, error) { return nil, nil }

// Assign returns what handles a method, or nil.
func (s *server) Assign(_ context.Context, name string) jrpc2.Handler {
	call := s.methods[name]
	if call == nil {
		return nil
	}
	return func(ctx context.Context, r *jrpc2.Request) (out any, err error) {
		defer func() {
			if p := recover(); p != nil {
				s.logf("%s panicked: %v\n%s", name, p, debug.Stack())
				out, err = nil, jrpc2.Errorf(internalError, "%s failed: this is a mistake of the server", name)
			}
		}()
		if err := s.inOrder(name); err != nil {
			return nil, err
		}
		var params json.RawMessage
		if r.HasParams() {
			if err := r.UnmarshalParams(&params); err != nil {
				return nil, err
			}
		}
		out, err = call(ctx, params)
		if ctx.Err() != nil {
			return nil, jrpc2.Errorf(requestCancelled, "cancelled")
		}
		return out, err
	}
}

// inOrder returns an error for what comes before initialize or after shutdown.
func (s *server) inOrder(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case name == "exit":
		return nil
	case s.shutDown:
		return jrpc2.Errorf(invalidRequest, "the server is shut down")
	case name == "initialize" && s.initialized:
		return jrpc2.Errorf(invalidRequest, "the server is initialized already")
	case name != "initialize" && !s.initialized:
		return jrpc2.Errorf(notInitialized, "the server is not initialized")
	}
	return nil
}

func (s *server) logf(format string, args ...any) {
	if s.Log != nil {
		fmt.Fprintf(s.Log, "cuecompute lsp: "+format+"\n", args...)
	}
}

func (s *server) initialize(_ context.Context, p initializeParams) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.initialized = true
	s.watches = p.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration
	s.snippets = p.Capabilities.TextDocument.Completion.CompletionItem.SnippetSupport
	for _, f := range p.WorkspaceFolders {
		s.addFolder(pathOf(f.URI))
	}
	if len(s.folders) == 0 {
		s.addFolder(pathOf(p.RootURI))
	}
	if len(s.folders) == 0 && p.RootPath != "" {
		s.addFolder(filepath.Clean(p.RootPath))
	}
	s.note()
	return initializeResult{
		Capabilities: map[string]any{
			"textDocumentSync":       map[string]any{"openClose": true, "change": 2, "save": map[string]any{}},
			"codeActionProvider":     map[string]any{"codeActionKinds": []string{quickFix, fixAll}, "resolveProvider": true},
			"hoverProvider":          true,
			"completionProvider":     map[string]any{"triggerCharacters": []string{"\"", ":", " ", "."}},
			"definitionProvider":     true,
			"referencesProvider":     true,
			"renameProvider":         map[string]any{"prepareProvider": true},
			"documentSymbolProvider": true,
			"foldingRangeProvider":   true,
			"workspace":              map[string]any{"workspaceFolders": map[string]any{"supported": true, "changeNotifications": true}},
		},
		ServerInfo: map[string]string{"name": "cuecompute", "version": s.Version},
	}, nil
}

func (s *server) addFolder(path string) {
	if info, err := os.Stat(path); err == nil && info.IsDir() && !slices.Contains(s.folders, path) {
		s.folders = append(s.folders, path)
	}
}

// onInitialized asks the client to report specs that change outside the editor.
func (s *server) onInitialized(ctx context.Context, _ json.RawMessage) (any, error) {
	if !s.watches {
		return nil, nil
	}
	go func() { // the answer comes after this notification was handled
		_, err := s.rpc.Callback(ctx, "client/registerCapability", map[string]any{"registrations": []any{map[string]any{
			"id": "specs", "method": "workspace/didChangeWatchedFiles",
			"registerOptions": map[string]any{"watchers": []any{map[string]string{"globPattern": "**/*.{cue,yaml,yml,json}"}}},
		}}})
		if err != nil && ctx.Err() == nil {
			s.logf("the client does not watch files: %v", err)
		}
	}()
	return nil, nil
}

func (s *server) onShutdown(context.Context, json.RawMessage) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shutDown = true
	return nil, nil
}

func (s *server) onExit(context.Context, json.RawMessage) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.exited {
		s.exited = true
		close(s.ended)
	}
	return nil, nil
}

func (s *server) onCancel(_ context.Context, p cancelParams) (any, error) {
	s.rpc.CancelRequest(string(p.ID))
	return nil, nil
}

func (s *server) didOpen(_ context.Context, p didOpenParams) (any, error) {
	path := pathOf(p.TextDocument.URI)
	if path == "" {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.documents[path] = &document{uri: p.TextDocument.URI, path: path, version: p.TextDocument.Version, text: p.TextDocument.Text}
	s.note()
	return nil, nil
}

func (s *server) didChange(_ context.Context, p didChangeParams) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.documents[pathOf(p.TextDocument.URI)]
	if d == nil {
		return nil, nil
	}
	version := d.version + 1
	if p.TextDocument.Version != nil {
		version = *p.TextDocument.Version
	}
	for _, c := range p.ContentChanges {
		d = d.edited(version, c.Range, c.Text)
	}
	s.documents[d.path] = d
	s.note()
	return nil, nil
}

func (s *server) didClose(_ context.Context, p documentParams) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.documents, pathOf(p.TextDocument.URI))
	s.note()
	return nil, nil
}

// didSave judges again what a save, or a change outside the editor, may have changed.
func (s *server) didSave(context.Context, json.RawMessage) (any, error) {
	s.note()
	return nil, nil
}

func (s *server) didChangeFolders(_ context.Context, p foldersParams) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range p.Event.Removed {
		path := pathOf(f.URI)
		s.folders = slices.DeleteFunc(s.folders, func(have string) bool { return have == path })
	}
	for _, f := range p.Event.Added {
		s.addFolder(pathOf(f.URI))
	}
	s.note()
	return nil, nil
}

// note has what changed judged.
func (s *server) note() {
	select {
	case s.changed <- struct{}{}:
	default: // it is known already
	}
}
