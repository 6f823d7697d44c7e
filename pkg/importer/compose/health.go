package compose

import (
	"cmp"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// Timings of a health check where none are stated (moby/moby, daemon/health.go, checked
// 2026-11-29), and those of a tenant's check.
var timings = []struct{ field, becomes, docker, tenant string }{
	{"interval", "interval", "30s", "10s"},
	{"timeout", "timeout", "30s", "2s"},
	{"start_period", "startDelay", "0s", "0s"},
}

// testOf is the command of a check; nil where there is none.
func testOf(n *data.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind != data.List {
		if n.Text == "" {
			return nil
		}
		return []string{"/bin/sh", "-c", n.Text}
	}
	var list []string
	for _, e := range n.Elems {
		list = append(list, e.Text)
	}
	switch {
	case len(list) < 2:
		return nil
	case list[0] == "CMD":
		return list[1:]
	case list[0] == "CMD-SHELL":
		return []string{"/bin/sh", "-c", list[1]}
	}
	return nil
}

func (r *reader) healthcheck(s *service, n *data.Node) {
	test := n.Get("test")
	command := testOf(test)
	if command == nil || n.TextAt("disable") == "true" {
		r.Lose("a check that an image brings cannot be taken away", n)
		return
	}
	path := s.at("health")
	r.Put(path.To("exec", "command"), command, test)
	if test.Kind == data.List {
		r.Said(path.To("exec", "command"), test)
		for _, e := range test.Elems {
			if len(r.project.info[e].vars) > 0 {
				r.Nearly(path.To("exec", "command"), "variables of the file are replaced by their values", e)
			}
		}
	} else {
		r.put(path.To("exec", "command"), command, test, "")
	}
	for _, t := range timings {
		stated := n.Get(t.field)
		if stated == nil {
			if t.docker != t.tenant {
				r.Put(path.To(t.becomes), t.docker, test)
			}
			continue
		}
		r.duration(path.To(t.becomes), stated, t.tenant)
	}
	if retries := n.Get("retries"); retries != nil {
		count, err := strconv.Atoi(retries.Text)
		switch {
		case err != nil:
			r.Errorf(retries, diag.BadFormat, "%s is no number", retries.Text)
		case count == 3 || count == 0:
			r.Holds("a tenant's default", retries)
		default:
			r.put(path.To("retries"), count, retries, "")
		}
	}
	if disable := n.Get("disable"); disable != nil {
		r.Holds("the default", disable)
	}
}

// deploy reads what Swarm and docker compose read of it.
func (r *reader) deploy(s *service, n *data.Node) {
	for _, f := range n.Fields {
		switch f.Name {
		case "replicas":
			r.replicas(s, f.Value)
		case "mode":
			if f.Value.Text == "replicated" {
				r.Holds("the default", f.Value)
			} else {
				r.Lose("there is one machine", f.Value)
			}
		case "resources":
			r.resources(s, f.Value)
		case "restart_policy":
			r.restartPolicy(s, f.Value)
		case "update_config", "rollback_config", "endpoint_mode", "placement":
			r.Lose("it is about Swarm alone", f.Value)
		case "labels":
			r.Lose("labels of Swarm's services are no container's", f.Value)
		}
	}
}

func (r *reader) replicas(s *service, n *data.Node) {
	if r.skip(n) {
		return
	}
	count, err := strconv.Atoi(n.Text)
	switch {
	case err != nil:
		r.Errorf(n, diag.BadFormat, "%s is no number", n.Text)
	case count == 1:
		r.Holds("the default", n)
	default:
		r.put(s.in("replicas"), count, n, "")
	}
}

func (r *reader) resources(s *service, n *data.Node) {
	if limits := n.Get("limits"); limits != nil {
		r.cpus(s.at("resources", "cpuMax"), limits.Get("cpus"), "")
		r.memory(s.at("resources", "memoryMax"), limits.Get("memory"))
	}
	reservations := n.Get("reservations")
	if reservations == nil {
		return
	}
	r.cpus(s.at("resources", "cpu"), reservations.Get("cpus"), "it is a weight against other containers")
	r.memory(s.at("resources", "memory"), reservations.Get("memory"))
	if devices := reservations.Get("devices"); devices != nil {
		for _, e := range devices.Elems {
			r.gpu(s, e)
		}
	}
}

func (r *reader) gpu(s *service, n *data.Node) {
	count, err := strconv.Atoi(n.TextAt("count"))
	gpu := false
	for _, f := range n.Fields {
		if f.Name == "capabilities" {
			for _, e := range f.Value.Elems {
				gpu = gpu || e.Text == "gpu"
			}
		}
	}
	if !gpu || err != nil || n.TextAt("driver") != "nvidia" || r.Get(s.at("resources", "gpu")) != nil {
		r.Lose("a container asks for a number of GPUs", n)
		return
	}
	r.Put(s.at("resources", "gpu"), count, n.Get("count"))
	for _, f := range n.Fields {
		switch f.Name {
		case "count", "driver", "capabilities":
			r.Said(s.at("resources", "gpu"), f.Value)
		}
	}
}

// restartPolicy is Swarm's policy, which docker compose reads too (compose-spec, deploy.md).
func (r *reader) restartPolicy(s *service, n *data.Node) {
	if s.node.Get("restart") != nil {
		r.Holds("restart states it", n)
		return
	}
	for _, f := range n.Fields {
		if f.Name != "condition" {
			if f.Name != "max_attempts" || n.TextAt("condition") != "on-failure" {
				r.Lose("how often and how soon is the platform's own matter", f.Value)
			}
			continue
		}
		switch f.Value.Text {
		case "any":
			r.Nearly(s.in(), "a service is always started again", f.Value)
		case "none":
			r.Near(s.in("restart"), "never", "it is Swarm's way of saying it", f.Value)
		case "on-failure":
			if of := n.Get("max_attempts"); of != nil {
				attempts, _ := strconv.Atoi(of.Text)
				r.Near(s.in("restart"), importer.Struct(f.Value.At, "policy", "on-failure", "attempts", attempts), "it is Swarm's way of saying it", f.Value, of)
			} else {
				r.Near(s.in("restart"), "on-failure", "it is Swarm's way of saying it", f.Value)
			}
		}
	}
}

func (r *reader) cpus(path diag.Path, n *data.Node, why string) {
	if n == nil || r.skip(n) {
		return
	}
	millis, exact, ok := millisOf(n.Text)
	switch {
	case !ok || millis == 0:
		r.Lose("it is no amount of processor", n)
	case !exact:
		r.put(path, importer.Millis(millis), n, "processors are given to a thousandth")
	default:
		r.put(path, importer.Millis(millis), n, why)
	}
}

func (r *reader) shares(s *service, n *data.Node) {
	shares, err := strconv.ParseInt(n.Text, 10, 32)
	if err != nil || shares < 2 {
		r.Lose("it is no weight", n)
		return
	}
	millis := (shares*1000 + 1023) / 1024
	why := ""
	if max(2, millis*1024/1000) != shares {
		why = "weights are given to a thousandth of a processor"
	}
	r.put(s.at("resources", "cpu"), importer.Millis(millis), n, why)
}

func (r *reader) memory(path diag.Path, n *data.Node) {
	if n == nil || r.skip(n) {
		return
	}
	bytes, ok := bytesOf(n.Text)
	if !ok || bytes.Sign() == 0 {
		r.Lose("it is no amount of memory", n)
		return
	}
	text, exact := importer.MiB(bytes)
	why := ""
	if !exact {
		why = "memory is given in whole MiB"
	}
	r.put(path, text, n, why)
}

// swap is exact where there is none: memory and swap together are no more than memory.
func (r *reader) swap(s *service, n *data.Node) {
	limit := s.node.Get("mem_limit")
	if limit == nil {
		limit = s.node.Get("deploy").Get("resources", "limits", "memory")
	}
	of, ok := bytesOf(textOf(limit))
	own, ok2 := bytesOf(n.Text)
	if ok && ok2 && of.Cmp(own) == 0 {
		r.Holds("a container does not swap", n)
		return
	}
	r.Lose("a container does not swap", n)
}

func textOf(n *data.Node) string {
	if n == nil {
		return ""
	}
	return cmp.Or(n.Text, "")
}
