package policy

import (
	"fmt"
	"strings"
)

// wildFile returns a policy over all of CUE: constructs that are compiled, that are not, that
// cannot be decided, and that contradict each other.
func (r policies) wildFile() string {
	text := r.file()
	for range r.IntN(4) {
		text += r.wild() + "\n"
	}
	if strings.Contains(text, "tenant: _\n") && r.IntN(2) == 0 {
		text = strings.Replace(text, "tenant: _\n", "tenant: {\n"+r.some(3, r.labels, r.workloads)+"}\n", 1)
	}
	return text
}

// wild returns a declaration that is probably not compiled.
func (r policies) wild() string {
	value := r.one(`"x"`, `*"gold" | string`, `*id | string`, `"\(id)-x"`, `string`, `string | *"a" | *"b"`, `=~"^x" | *"y"`, `error("no")`, `_|_`, `null`, `1`, `{a: "x"}`, `["x"]`, `*labels.env | string`)
	field := r.one("team", "tier", "env")
	switch r.IntN(6) {
	case 0:
		return r.one(
			`tenant: {workloads: _, for name, w in workloads if w.kind != _|_ {labels: "\(name)": w.kind}}`,
			`tenant: {workloads: _, for name, w in workloads if w.kind == "service" {workloads: "\(name)": replicas: *2 | int}}`,
			`tenant: {workloads: {...}, for name, w in workloads {workloads: "\(name)-copy": w}}`,
			`tenant: {labels?: {...}, for k, v in labels {labels: "x-\(k)": v}}`,
			`tenant: workloads: {for n in ["web", "api"] {(n): {stopGrace: *"9s" | string}}}`,
			`tenant: {let all = workloads, workloads: _, labels: count: *"\(len(all))" | string}`,
		)
	case 1:
		return "tenant: {labels: " + field + ": " + value + "} | {labels: " + field + "?: string" + r.one("", ", "+field+": "+value, ", ...") + "}"
	case 2:
		return "tenant: workloads: [" + r.one("_", "string", "N=string", `=~"^[a-z]"`) + "]: " + r.one(
			`{kind: "service", replicas: *3 | int} | {kind: "job"} | {kind: "cron", schedule: *"@daily" | string}`,
			`*{kind: "service"} | {...}`, `{kind: "service"} | *{kind: "job", ...}`, `close({containers: _, kind?: string})`, `_|_`, `null`, `error("never")`,
			`{containers: _, replicas: *(len(containers) + 1) | int}`, `{kind?: string, if kind {replicas: 2}}`, `{replicas?: int, if replicas > 1 {autoscale: {min: replicas, max: replicas * 2}}}`,
			`{timezone: *labels.tz | string}`, `{containers: {[C=_]: env: {NAME: *C | string, COPY: *NAME | string}}}`, `{X=stopGrace: *"5s" | string, labels: grace: X}`,
			`{ingress?: [{host: =~"x"}, ...], accept: [...]}`, `{ingress: [{host: *"h" | string}]}`, `{containers: [_]: ports: [_]: {port: >=1024, app: *"http" | string}}`,
			`{replicas: *autoscale.min | int, autoscale?: {...}}`, `{restart: *"always" | {policy: "never"}}`, `{kind: "service"} & {kind: !="job"}`,
		)
	case 3:
		return r.one(
			`tenant: {labels: env?: string, if labels.env == "prod" {workloads: [_]: replicas: >=2}}`,
			`tenant: {a: *b | string, b: *a | string}`, `tenant: labels: {x: y, y: x}`, `tenant: labels: {x: *y | "1", y: *x | "2"}`,
			`tenant: {provider: *"nomad" | string}`, `tenant: provider: "ecs"`, `tenant: {id: "other"}`, `tenant: {id?: string, labels: id: id}`,
			`tenant: {labels?: a?: string, if labels.a == _|_ {labels: a: "1"}}`, `tenant: {labels?: {a?: string, b?: string}, if labels.a == _|_ {labels: b: "1"}, if labels.b == _|_ {labels: a: "1"}}`,
			`tenant: close({id: string, provider: string, workloads: _})`, `tenant: {...} | error("none")`, `tenant: null | {...}`, `tenant: [string]: _`,
			`tenant: volumes: data: size: *"1Gi" | string`, `tenant: secrets: db: path: *"\(id)/db" | string`, `tenant: labels: {[string]: string, {team: *"x" | string}}`,
			`tenant: workloads: web: {kind: string, containers: _} & {containers: app: image: *"x:1" | string}`, `tenant: {workloads: web?: kind: string, labels: kind: *workloads.web.kind | string}`,
		)
	case 4:
		return "tenant: {" + r.one("id: string", "id?: string", "id: _") + ", labels: " + field + ": " + r.one(
			`strings.ToUpper(id)`, `*strings.Split(id, "-")[0] | string`, `strings.Join([id, "x"], "-")`, `[for x in ["a", "b"] if x != id {x}][0]`, `"\(labels.team)"`, `*id[0:2] | string`, `'bytes'`, `1.5`, `id & "web"`,
		) + "}"
	}
	return fmt.Sprintf("plan: {\nworkloads: [N=_]: {%s}\n}", r.one(
		`kind: string, if kind == "job" {replicas: 1}`, `replicas: <=2 | error("many \(N)")`, `containers: [_]: resources: {cpuMillis: int, if cpuMillis > 100 {memoryMiB: >=64}}`,
		`containers: {for n in ["app"] {(n): image: string}}`, `close({kind: string})`, `ready: true`, `containers: [_]: env: [_]: value: =~"x"`, `replicas: autoscale.max`,
	))
}
