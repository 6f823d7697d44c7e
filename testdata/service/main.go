// Command service is a control plane of one file: it provisions tenants over HTTP on any platform
// that the library compiles to. It keeps its records in memory; a provider.Store keeps them longer.
//
//	POST   /tenants                          a spec, as YAML, JSON or CUE: records its tenant
//	GET    /tenants                          all tenants
//	GET    /tenants/PROVIDER/ID              the recorded plan, with its revision as the ETag
//	PUT    /tenants/PROVIDER/ID?allow=EFFECT a new spec; If-Match: "REVISION"
//	DELETE /tenants/PROVIDER/ID              If-Match: "REVISION"
//	PUT    /policies                         the landlord's policy, in CUE, for what comes after
//	GET    /healthz, /metrics
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

const (
	longestBody = 1 << 20
	patience    = 20 * time.Second // with one request
)

func main() {
	compile.ChildMain(providers.All()...) // a child that evaluates CUE is this program too
	addr := flag.String("addr", "localhost:8080", "where to listen")
	idle := flag.Duration("idle", 30*time.Second, "after which a child process without work ends")
	flag.Parse()
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *addr, *idle, log); err != nil {
		log.Error("service ended", "error", err)
		os.Exit(1)
	}
}

// serve serves until ctx is done, and then ends what is under way.
func serve(ctx context.Context, addr string, idle time.Duration, log *slog.Logger) error {
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		return err
	}
	m := newMetrics()
	s := &service{registry: reg}
	s.compiler, err = compile.New(reg, compile.Options{
		Evaluation: compile.Evaluation{Timeout: time.Second, Memory: 128 << 20},
		Children:   compile.Children{Memory: 256 << 20, Queue: 256, Idle: idle},
		Logger:     log,
		Observer:   m,
	})
	if err != nil {
		return err
	}
	defer s.compiler.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /tenants", s.post)
	mux.HandleFunc("GET /tenants", s.list)
	mux.HandleFunc("GET /tenants/{provider}/{id}", s.get)
	mux.HandleFunc("PUT /tenants/{provider}/{id}", s.put)
	mux.HandleFunc("DELETE /tenants/{provider}/{id}", s.destroy)
	mux.HandleFunc("PUT /policies", s.policies)
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("GET /metrics", m.handler())
	server := &http.Server{Addr: addr, Handler: http.TimeoutHandler(mux, patience, "too slow\n"), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: patience}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		wait, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		ended <- server.Shutdown(wait)
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
