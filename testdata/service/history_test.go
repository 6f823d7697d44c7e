package main

import (
	"fmt"
	"testing"

	"github.com/anishathalye/porcupine"
)

// state is what a tenant's record is; the zero value is none.
type state struct {
	Revision int
	Digest   string
}

// request is an operation on one tenant, as a client sent it.
type request struct {
	Method   string
	Tenant   string
	Revision int // expected; 0: any
}

// response is what the client got.
type response struct {
	Status int
	State  state // of an answer that has one
}

// model is what one tenant's record may do, one operation after another. Which digest a plan has
// is the service's to say, since policies change.
var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byTenant := map[string][]porcupine.Operation{}
		for _, o := range history {
			id := o.Input.(request).Tenant
			byTenant[id] = append(byTenant[id], o)
		}
		var all [][]porcupine.Operation
		for _, part := range byTenant {
			all = append(all, part)
		}
		return all
	},
	Init: func() any { return state{} },
	Step: func(was, in, out any) (bool, any) {
		s, next, ok := was.(state), was.(state), false
		r, w := in.(request), out.(response)
		expected := r.Revision == 0 || r.Revision == s.Revision
		switch r.Method {
		case "POST":
			switch w.Status {
			case 201: // or it was there, just so
				next = w.State
				ok = s == state{} && w.State.Revision == 1 || s == w.State
			case 409:
				ok = s != state{}
			}
		case "PUT":
			switch w.Status {
			case 200:
				next = w.State
				ok = s != state{} && (s == w.State || expected && w.State.Revision == s.Revision+1 && w.State.Digest != s.Digest)
			case 404:
				ok = s == state{}
			case 409:
				ok = s != state{} && expected
			case 412:
				ok = s != state{} && !expected
			}
		case "GET":
			ok = w.Status == 404 && s == state{} || w.Status == 200 && s == w.State
		case "DELETE":
			switch w.Status {
			case 200:
				next = state{}
				ok = s == state{} || expected
			case 412:
				ok = s != state{} && !expected
			}
		}
		return ok, next
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v: %+v", in, out) },
}

// TestModel: a history that no service may have is found out.
func TestModel(t *testing.T) {
	post := porcupine.Operation{ClientId: 0, Call: 0, Return: 1, Input: request{"POST", "t", 0}, Output: response{201, state{1, "a"}}}
	op := func(client int, call int64, in request, out response) porcupine.Operation {
		return porcupine.Operation{ClientId: client, Call: call, Return: call + 10, Input: in, Output: out}
	}
	for _, tt := range []struct {
		what    string
		history []porcupine.Operation
		want    bool
	}{
		{"one update after another", []porcupine.Operation{
			op(0, 2, request{"PUT", "t", 1}, response{200, state{2, "b"}}), op(1, 3, request{"PUT", "t", 1}, response{412, state{}}),
		}, true},
		{"a lost update", []porcupine.Operation{
			op(0, 2, request{"PUT", "t", 1}, response{200, state{2, "b"}}), op(1, 3, request{"PUT", "t", 1}, response{200, state{2, "c"}}),
		}, false},
		{"an old plan is read", []porcupine.Operation{
			op(0, 2, request{"PUT", "t", 0}, response{200, state{2, "b"}}), op(1, 20, request{"GET", "t", 0}, response{200, state{1, "a"}}),
		}, false},
		{"a refusal of the revision that is recorded", []porcupine.Operation{op(0, 2, request{"DELETE", "t", 1}, response{412, state{}})}, false},
	} {
		if got := porcupine.CheckOperations(model, append(tt.history, post)); got != tt.want {
			t.Errorf("%s: linearisable is %t", tt.what, got)
		}
	}
}
