package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/report"
)

type service struct {
	registry *provider.Registry
	compiler *compile.Compiler
}

// plan compiles the spec of a request to the one plan that it is for. Otherwise it answers.
func (s *service) plan(w http.ResponseWriter, r *http.Request) (*plan.Plan, provider.Lifecycle) {
	language := map[string]string{"application/yaml": "yaml", "application/json": "json", "application/cue": "cue"}[r.Header.Get("Content-Type")]
	in := compile.Input{Paths: []string{"-"}, Stdin: http.MaxBytesReader(w, r.Body, longestBody), Lang: language, Jobs: 1}
	plans, diags, err := s.compiler.Compile(r.Context(), in)
	switch {
	case err != nil:
		fail(w, err)
	case diags.HasErrors() || len(plans) == 0:
		found := report.Report{Version: report.Version, Diagnostics: diags}
		found.Summary.Add(diags)
		answer(w, http.StatusUnprocessableEntity, found)
	case len(plans) > 1:
		http.Error(w, "one tenant, please", http.StatusBadRequest)
	case r.PathValue("id") != "" && (plans[0].ID != r.PathValue("id") || plans[0].Provider != r.PathValue("provider")):
		http.Error(w, "the spec is of another tenant, or for another provider", http.StatusBadRequest)
	default:
		if l := s.lifecycle(w, plans[0].Provider); l != nil {
			return plans[0], l
		}
	}
	return nil, nil
}

// lifecycle returns the provider of that name. Otherwise it answers.
func (s *service) lifecycle(w http.ResponseWriter, name string) provider.Lifecycle {
	p, err := s.registry.Get(name)
	if err != nil {
		fail(w, err)
		return nil
	}
	return p.(provider.Lifecycle) // as all of package providers are
}

func (s *service) post(w http.ResponseWriter, r *http.Request) {
	if p, l := s.plan(w, r); p != nil {
		res, err := l.Provision(r.Context(), p)
		result(w, http.StatusCreated, res, err)
	}
}

func (s *service) put(w http.ResponseWriter, r *http.Request) {
	c, ok := condition(w, r)
	if !ok {
		return
	}
	if p, l := s.plan(w, r); p != nil {
		res, err := l.UpdateIf(r.Context(), p, c)
		result(w, http.StatusOK, res, err)
	}
}

func (s *service) destroy(w http.ResponseWriter, r *http.Request) {
	c, ok := condition(w, r)
	if !ok {
		return
	}
	if l := s.lifecycle(w, r.PathValue("provider")); l != nil {
		res, err := l.DestroyIf(r.Context(), r.PathValue("id"), c)
		result(w, http.StatusOK, res, err)
	}
}

func (s *service) get(w http.ResponseWriter, r *http.Request) {
	if l := s.lifecycle(w, r.PathValue("provider")); l != nil {
		held, err := l.GetRecord(r.Context(), r.PathValue("id"))
		if err != nil {
			fail(w, err)
			return
		}
		w.Header().Set("ETag", strconv.Quote(strconv.Itoa(held.Revision)))
		answer(w, http.StatusOK, held)
	}
}

func (s *service) list(w http.ResponseWriter, r *http.Request) {
	all := []provider.Status{}
	for _, p := range s.registry.All() {
		some, err := p.(provider.Lifecycle).List(r.Context())
		if err != nil {
			fail(w, err)
			return
		}
		all = append(all, some...)
	}
	answer(w, http.StatusOK, all)
}

func (s *service) policies(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	if err != nil {
		fail(w, err)
		return
	}
	diags, err := s.compiler.SetPolicies(compile.Policies{Files: []string{"policy.cue"}, Texts: map[string][]byte{"policy.cue": text}})
	switch {
	case err != nil:
		fail(w, err)
	case diags.HasErrors():
		answer(w, http.StatusUnprocessableEntity, diags)
	}
}

// condition reads what an update depends on. Otherwise it answers.
func condition(w http.ResponseWriter, r *http.Request) (c provider.Condition, ok bool) {
	c.Allow = provider.Effect(r.URL.Query().Get("allow"))
	if match := r.Header.Get("If-Match"); match != "" {
		var err error
		if c.Revision, err = strconv.Atoi(strings.Trim(match, `"`)); err != nil || c.Revision < 1 {
			http.Error(w, "If-Match is a revision", http.StatusBadRequest)
			return c, false
		}
	}
	return c, true
}

func result(w http.ResponseWriter, status int, res provider.Result, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, status, res)
}

// fail answers with an error; of an effect that is not allowed, with the changes.
func fail(w http.ResponseWriter, err error) {
	if refused, ok := errors.AsType[*provider.EffectError](err); ok {
		answer(w, http.StatusConflict, refused.Changes)
		return
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	for _, known := range []struct {
		err    error
		status int
	}{
		{provider.ErrTenantNotFound, http.StatusNotFound}, {provider.ErrUnknownProvider, http.StatusNotFound},
		{provider.ErrTenantExists, http.StatusConflict}, {provider.ErrRevision, http.StatusPreconditionFailed},
		{compile.ErrBusy, http.StatusServiceUnavailable}, {compile.ErrClosed, http.StatusServiceUnavailable}, {context.DeadlineExceeded, http.StatusServiceUnavailable},
		{context.Canceled, 499}, // nobody waits for the answer
	} {
		if errors.Is(err, known.err) {
			http.Error(w, err.Error(), known.status)
			return
		}
	}
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who went away does not read it
}
