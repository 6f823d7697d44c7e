package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// anyKey and anyIndex represent names that authors choose, in a path of the schema.
const (
	anyKey   = "*"
	anyIndex = "[*]"
)

// nearRoot is the depth of the fields of the tenant and of its extension.
const nearRoot = 3

// deepestField limits the depth at which fields are searched.
const deepestField = 12

// fieldPaths returns the paths of all fields of a schema, by the fields' names.
func fieldPaths(ts Types) map[string][]diag.Path {
	paths := map[string][]diag.Path{}
	var walk func(ts Types, at diag.Path)
	walk = func(ts Types, at diag.Path) {
		for len(ts) > 0 && len(at) < deepestField {
			spots := ts.fields()
			for _, s := range spots {
				path := append(slices.Clone(at), s.Name)
				if same := func(p diag.Path) bool { return slices.Equal(p, path) }; !slices.ContainsFunc(paths[s.Name], same) {
					paths[s.Name] = append(paths[s.Name], path)
				}
				walk(s.Types, path)
			}
			if len(spots) > 0 {
				return
			}
			key := anyKey
			if slices.ContainsFunc(ts, func(t *Type) bool { return t.List != nil }) {
				key = anyIndex
			}
			ts, at = ts.entries(), append(slices.Clone(at), key)
		}
	}
	walk(ts, nil)
	return paths
}

// Named returns the paths of all fields of a name, without the names that authors choose.
func (s *Shape) Named(name string) []diag.Path {
	var all []diag.Path
	for _, p := range fieldPaths(s.Tenant)[name] {
		p = slices.DeleteFunc(slices.Clone(p), func(e string) bool { return e == anyKey || e == anyIndex })
		if !slices.ContainsFunc(all, func(q diag.Path) bool { return slices.Equal(p, q) }) {
			all = append(all, p)
		}
	}
	return all
}

// Fields returns the paths of all fields, without the names that authors choose, sorted.
func (s *Shape) Fields() []string {
	var all []string
	for name := range fieldPaths(s.Tenant) {
		for _, p := range s.Named(name) {
			all = append(all, p.String())
		}
	}
	slices.Sort(all)
	return all
}

// elsewhere returns where a field of that name belongs, seen from a struct that does not have
// it: the path that has most in common with the struct's own, then the shortest. Keys are those
// of the struct's path as far as the two agree, and NAME after that. It returns "" if the
// schema has no such field.
func (c *checker) elsewhere(name string, from diag.Path) string {
	if c.paths == nil {
		c.paths = fieldPaths(c.schema)
	}
	best, longest := diag.Path(nil), -1
	for _, p := range c.paths[name] {
		common := 0
		for common < min(len(p)-1, len(from)) && (p[common] == from[common] || p[common] == anyKey || p[common] == anyIndex) {
			common++
		}
		if common == 0 && len(p) > nearRoot {
			continue // in an unrelated part of the tenant
		}
		if common > longest || common == longest && len(p) < len(best) {
			best, longest = p, common
		}
	}
	if best == nil {
		return ""
	}
	full := slices.Clone(best)
	for i, e := range full {
		switch {
		case e != anyKey && e != anyIndex:
		case i < longest:
			full[i] = from[i]
		case e == anyIndex:
			full[i] = "[0]"
		default:
			full[i] = "NAME"
		}
	}
	return full.String()
}

// otherWord returns help for a field name of another tool. It returns "" for an unknown name,
// or if the field does not exist here.
func (c *checker) otherWord(name string, have []string, at diag.Path) string {
	word, ok := otherWords[strings.ToLower(strings.ReplaceAll(name, "_", ""))]
	if !ok {
		return ""
	}
	for _, ours := range strings.Fields(word.ours) {
		first, _, _ := strings.Cut(ours, ".")
		if slices.Contains(have, first) {
			return fmt.Sprintf("%s is %s here%s", name, ours, word.more())
		}
	}
	for _, ours := range strings.Fields(word.ours) {
		first, rest, _ := strings.Cut(ours, ".")
		if place := c.elsewhere(first, at); place != "" {
			return fmt.Sprintf("%s is %s here%s", name, strings.TrimSuffix(place+"."+rest, "."), word.more())
		}
	}
	return word.hint
}

func (w otherName) more() string {
	if w.hint == "" {
		return ""
	}
	return ": " + w.hint
}

// otherName is the counterpart here of another tool's field.
type otherName struct {
	ours string // field names, of which the first that a struct has counts; a path is relative to the struct
	hint string // further advice, or all of it
}

// otherWords are field names of Compose, Kubernetes, ECS and Nomad, in lower case and without
// underscores, that have a counterpart here under another name (compose-spec's
// schema/compose-spec.json, k8s.io/api v0.37.2, the types of AWS' and Nomad's Go APIs, checked
// 2026-11-29), with docker's ReadonlyRootfs and --publish, and https as a variant of http.
var otherWords = map[string]otherName{
	"entrypoint":   {ours: "command"},
	"environment":  {ours: "env"},
	"envfile":      {hint: "put the file's text into the tenant's config, and read it in env with {config: NAME, file: FILE}"},
	"envfrom":      {hint: "name each variable in env: {secret: NAME} or {config: NAME, file: FILE}"},
	"valuefrom":    {hint: "a variable is {secret: NAME} or {config: NAME, file: FILE}"},
	"secretkeyref": {ours: "secret", hint: "the name of one of the tenant's secrets"}, "configmapkeyref": {ours: "config"},
	"healthcheck": {ours: "health", hint: "one of http, tcp, grpc and exec, such as exec: {command: [...]}"}, "livenessprobe": {ours: "health"},
	"readinessprobe": {ours: "ready"}, "startupprobe": {ours: "startup"},
	"httpget": {ours: "http"}, "tcpsocket": {ours: "tcp"},
	"https":         {hint: "no check speaks TLS: tcp asks whether the port is open"},
	"periodseconds": {ours: "interval", hint: "with a unit"}, "timeoutseconds": {ours: "timeout", hint: "with a unit"},
	"initialdelayseconds": {ours: "startDelay", hint: "with a unit"}, "startperiod": {ours: "startDelay"}, "failurethreshold": {ours: "retries"},
	"workingdirectory": {ours: "workingDir"},
	"dependson":        {ours: "dependsOn", hint: "the start of the containers of one workload"},
	"volumes":          {ours: "mounts", hint: "where a volume of the workload is put, by its path"},
	"volumemounts":     {ours: "mounts"}, "mountpoints": {ours: "mounts"}, "readonlyrootfs": {ours: "security.readOnlyRootFilesystem"},
	"portmappings": {ours: "ports"}, "containerport": {ours: "port"}, "targetport": {ours: "port"},
	"publish": {ours: "expose"}, "published": {ours: "expose"}, "hostport": {ours: "expose", hint: "public is reached from outside"},
	"securitycontext": {ours: "security"}, "capadd": {ours: "security.capabilities.add"}, "capdrop": {ours: "security.capabilities.drop"},
	"requests": {hint: "cpu and memory are what is set aside, cpuMax and memoryMax the most that is used"},
	"limits":   {hint: "cpu and memory are what is set aside, cpuMax and memoryMax the most that is used"},
	"memlimit": {ours: "resources.memoryMax"}, "memreservation": {ours: "resources.memory"}, "memoryreservation": {ours: "memory resources.memory"},
	"cpus": {ours: "cpu resources.cpuMax"}, "deploy": {ours: "replicas", hint: "beside resources of the container and rollout"},
	"stopgraceperiod": {ours: "stopGrace"}, "terminationgraceperiodseconds": {ours: "stopGrace", hint: "with a unit"}, "stoptimeout": {ours: "stopGrace", hint: "with a unit"},
	"activedeadlineseconds": {ours: "timeout", hint: "with a unit"}, "maxrunduration": {ours: "timeout"}, "appprotocol": {ours: "app"},
	"killtimeout": {ours: "stopGrace"}, "killsignal": {ours: "stopSignal"},
	"restartpolicy":  {ours: "restart"},
	"initcontainers": {ours: "containers", hint: `with role: "init"`},
	"essential":      {ours: "role", hint: `a container that may end is a "sidecar" or "init"`},
	"hostpath":       {hint: "no volume is a directory of the machine: persistent keeps data, ephemeral does not"},
	"emptydir":       {ours: "ephemeral"}, "persistentvolumeclaim": {ours: "persistent"}, "storage": {ours: "size"},
	"imagepullpolicy": {hint: "there is none: an image's tag or digest says which is run"}, "build": {hint: "there is none: image names one that was built"},
	"services": {ours: "workloads"}, "service": {ours: "workloads"}, "spec": {hint: "there is none: its fields stand one level up"},
	"group": {ours: "workloads"}, "taskgroups": {ours: "workloads"}, "task": {ours: "containers"}, "count": {ours: "replicas"},
	"containerdefinitions": {ours: "containers"}, "desiredcount": {ours: "replicas"}, "scale": {ours: "replicas"},
	"metadata": {ours: "id", hint: "and labels"}, "networks": {hint: "there is none: env with {endpoint: \"workload.port\"} finds another workload"},
	"links": {hint: "there is none: env with {endpoint: \"workload.port\"} finds another workload"},
}

// otherValues are values of other tools, with the value here.
var otherValues = map[string]string{
	"unless-stopped": "always", "no": "never", "onfailure": "on-failure",
	"service_started": "started", "service_healthy": "healthy", "service_completed_successfully": "completed",
	"deployment": "service", "daemonset": "daemon", "system": "daemon", "cronjob": "cron", "batch": "job",
}
