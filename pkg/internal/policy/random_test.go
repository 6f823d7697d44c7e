package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// policies writes random policies of the constructs that are compiled, about fields that
// tenants often have.
type policies struct{ *rand.Rand }

func (r policies) one(of ...string) string { return of[r.IntN(len(of))] }

// some joins some of the lines.
func (r policies) some(limit int, of ...func() string) string {
	var b strings.Builder
	for range 1 + r.IntN(limit) {
		fmt.Fprintln(&b, of[r.IntN(len(of))]())
	}
	return b.String()
}

// file returns a complete policy.
func (r policies) file() string {
	text := "import (\n\"list\"\n\"strings\"\n\"struct\"\n)\n_l: list.MinItems(0)\n_s: strings.MinRunes(0)\n_t: struct.MinFields(0)\n_registry: \"^ghcr\"\n#Tier: \"gold\" | \"silver\"\n"
	if r.IntN(4) > 0 {
		text += "tenant: {\nid: string\nprovider?: string\n" + r.some(4, r.labels, r.workloads, r.workloads, r.workloads, r.extensions) + "}\n"
	} else {
		text += "tenant: _\n"
	}
	if r.IntN(3) == 0 {
		text += "plan: {\n" + r.some(2, r.planned) + "}\n"
	}
	return text
}

func (r policies) mark() string { return r.one("", "", "?", "?", "!") }

// text returns a constraint on a text.
func (r policies) text(values ...string) string {
	v, w := r.one(values...), r.one(values...)
	return r.one(
		"string", `*"`+v+`" | string`, `*"`+v+`" | string`, `"`+v+`"`, `"`+v+`" | "`+w+`"`, `*"`+v+`" | "`+w+`"`, `or(["`+v+`", "`+w+`"])`,
		`=~"^`+v+`"`, `!~"`+v+`"`, `!="`+v+`"`, `=~_registry`, `strings.MinRunes(`+fmt.Sprint(r.IntN(12))+`)`, `strings.MaxRunes(`+fmt.Sprint(r.IntN(40))+`)`,
		`strings.HasPrefix("`+v[:1]+`")`, `=~"^`+v+`" | error("not so")`, `*"`+v+`" | =~"x"`, `string & !="`+w+`"`, `(*"`+v+`" | string) & !="`+w+`"`,
		`=~"\(id)"`, `"\(id)-x"`, `*"\(id)" | string`, `("`+v+`" | "`+w+`") & !="`+v+`"`, `#Tier`, `*"gold" | #Tier`, `"`+v+`" | =~"^`+w+`"`, "_",
	)
}

func (r policies) number() string {
	n, m := r.IntN(5), r.IntN(5)
	return r.one(
		"int", fmt.Sprintf(">=%d", n), fmt.Sprintf("<=%d", n), fmt.Sprintf("*%d | int", n), fmt.Sprint(n), fmt.Sprintf(">=%d & <=%d", n, n+m), fmt.Sprintf("*%d | (int & >=%d)", n, m),
		fmt.Sprintf("!=%d", n), fmt.Sprintf("%d | %d", n, m), fmt.Sprintf("*%d | %d", n, m), fmt.Sprintf(">%d", n), fmt.Sprintf("int & <%d", n), "number", fmt.Sprintf("(*%d | int) & >=%d", n, m),
	)
}

func (r policies) flag() string {
	return r.one("bool", "true", "false", "*true | bool", "*false | bool", "!=true")
}

func (r policies) labels() string {
	fields := func() string {
		return r.one("team", "tier", "owner", "env") + r.mark() + ": " + r.text("payments", "gold", "prod", "acme")
	}
	condition := func() string {
		name := r.one("tier", "env")
		// As in condition, a constraint is never on the field that its guard tests.
		about := strings.Replace(fields(), name, "owner", 1)
		return name + "?: string\nif " + r.one(name+" != _|_ if ", "", name+" == _|_ || ") + name + r.one(` == "gold"`, ` != "gold"`, ` =~ "^p"`) + " {\n" + about + "\n}"
	}
	return "labels" + r.one("", "", "?") + ": {\n" + r.some(3, fields, fields, condition) + "}"
}

func (r policies) extensions() string {
	return r.one(
		`extensions: kubernetes: ingressClass: *"shared" | string`,
		`extensions: nomad?: datacenters: *["dc1"] | [...string]`,
		`extensions: ecs?: subnets: [...=~"^subnet-"]`,
		`extensions: ecs?: subnets?: list.MaxItems(1)`,
		`if provider != _|_ if provider == "ecs" {extensions: ecs: cluster: *"shared" | string}`,
		`if provider == "kubernetes" {extensions: kubernetes: namespace: *id | string}`,
		`secrets?: [_]: path: strings.MaxRunes(20)`,
		`secrets?: struct.MaxFields(1)`,
		`config?: [_]: [_]: string`,
	)
}

func (r policies) workloads() string {
	key := r.one("[_]", "[_]", "[string]", `[=~"^[a-m]"]`, "[N=_]", "[!=\"web\"]", `["web" | "api"]`, "web?", "api?")
	value := "{\n" + r.some(3, r.workload, r.workload, r.containers, r.containers, r.condition) + "}"
	if key == "[N=_]" {
		value = value + " & {containers: [_]: env: WORKLOAD: *N | string}"
	}
	if r.IntN(10) == 0 {
		value += " & matchN(" + r.one("1", ">=1", "0", "<=1") + `, [{replicas: >1}, {kind: "job"}, {autoscale!: _}])`
	}
	if r.IntN(12) == 0 {
		value += ` & matchIf({kind: "service"}, {replicas: >=1}, {restart: _})`
	}
	return r.one("workloads", "workloads", "workloads", "workloads?") + ": " + key + ": " + value
}

func (r policies) workload() string {
	return r.one(
		"replicas"+r.mark()+": "+r.number(), "replicas"+r.mark()+": "+r.number(), `kind: "service" | "job" | "cron"`, `kind: !="daemon"`, `kind?: `+r.text("service", "job"),
		"stopGrace"+r.mark()+": "+r.text("30s", "10s"), "autoscale?: {max: "+r.number()+"\nmin?: "+r.number()+"\n}",
		"volumes?: [_]: {persistent: {...}} | {ephemeral: {...}}", "volumes?: [_]: persistent?: size: "+r.text("10Gi", "1Gi"), "volumes?: struct.MaxFields(1)",
		"ingress?: [...{host: "+r.text("shop", "acme")+"\npath: "+r.text("/", "/x")+"\n}]", "ingress?: list.MaxItems(1)", "accept?: list.UniqueItems",
		`containers: struct.MaxFields(1)`, `containers: struct.MinFields(1)`, `timezone?: "UTC"`, `placement?: arch?: "amd64" | "arm64"`, `restart?: "always" | "on-failure" | {...}`,
		`extensions: kubernetes: serviceAccount: *"\(id)-sa" | string`, `struct.MinFields(2)`,
	)
}

func (r policies) condition() string {
	condition := r.one(`kind == "service"`, `kind != "service"`, `kind != _|_ if kind == "cron"`, `kind == "job" || kind == "cron"`, `replicas > 1`, `replicas != _|_ if replicas >= 2`, `len(containers) > 1`, `kind == "service" && replicas > 1`, `!(kind == "service")`, `autoscale != _|_`, `schedule == _|_`)
	body := func() string {
		return r.some(2, r.workload, r.containers, func() string { return r.one(`error("no \(id)")`, "stopGrace: \"45s\"", "replicas: *2 | int") })
	}
	about, _, guarded := strings.Cut(condition, " != _|_")
	text := body()
	for guarded && (strings.Contains(text, about+"?:") || strings.Contains(text, about+"!:")) {
		text = body() // CUE may lose such a constraint on the field that a guard tests (v0.17.1)
	}
	return "kind?: string\nreplicas?: int\nautoscale?: {...}\nschedule?: string\ncontainers: {...}\nif " + condition + " {\n" + text + "}"
}

func (r policies) containers() string {
	return "containers: " + r.one("[_]", "[_]", "[string]", "[=~\"^a\"]", "app?") + ": {\n" + r.some(3, r.container) + "}"
}

func (r policies) container() string {
	return r.one(
		"image: "+r.text("ghcr.io/acme/web:1", "nginx:1", "docker.io/x:2"), "image: "+r.text("ghcr.io/acme/web:1", "nginx:1"), "role"+r.mark()+": "+r.text("main", "init"),
		"env: LOG_LEVEL"+r.mark()+": "+r.text("info", "debug"), "env?: [_]: string | number | bool | {...}", "env?: [_]: string | {secret!: string} | {...}", `env: [=~"^A"]: _`, "env?: [!~\"PASSWORD\"]: _",
		"ports?: [_]: int | {port: "+r.number()+"}", "ports?: [_]: {expose: \"internal\" | \"none\"}", "ports?: [_]: >=1024 | {port: >=1024}", "ports?: [=~\"^h\"]: _",
		"resources: memory"+r.mark()+": "+r.text("128Mi", "512Mi"), "resources: cpu?: string | number", "resources?: {memory: string\ncpu?: _\n}", "resources: cpu"+r.mark()+": "+r.one(`*"100m" | string | number`, `string | number`),
		"security: runAsNonRoot"+r.mark()+": "+r.flag(), "security: runAsNonRoot"+r.mark()+": "+r.flag(), "security?: privileged?: "+r.flag(),
		"security?: {privileged?: bool\nif privileged {runAsNonRoot: false}\n}", "security: capabilities: drop: *[\"ALL\"] | [...string]", "security: capabilities: drop: [...string] & list.MinItems(1)", "security: capabilities: drop: list.Contains(\"ALL\")",
		"command?: list.MinItems("+fmt.Sprint(r.IntN(3))+")", "args?: [...string]", "args?: [...!=\"--debug\"]", "command?: [string, ...]", "mounts?: [=~\"^/\"]: _", "mounts?: [_]: readOnly: "+r.flag(),
		"health?: {interval: "+r.text("10s", "5s")+"\nhttp?: path: "+r.text("/", "/healthz")+"\n}", "ready?: _", "dependsOn?: [_]: \"started\" | \"healthy\"", "workingDir"+r.mark()+": "+r.text("/app", "/"), "user: "+r.text("1000", "0"),
	)
}

func (r policies) planned() string {
	return "workloads: [_]: {\n" + r.some(2,
		func() string { return "replicas: " + r.number() },
		func() string { return "kind: " + r.one(`"service"`, `"service" | "job" | "cron"`, `!="job"`) },
		func() string { return "stopGraceSeconds: " + r.one("<=60", ">=30", "int") },
		func() string { return `if kind == "service" {replicas: ` + r.number() + "}\nkind: string" },
		func() string { return "autoscale?: max: " + r.number() },
		func() string {
			return "containers: [_]: {\n" + r.some(2,
				func() string { return "image: " + r.text("ghcr", "nginx") },
				func() string { return "resources: cpuMillis" + r.mark() + ": " + r.one("<=500", ">=100", "int") },
				func() string { return "security: runAsNonRoot" + r.mark() + ": " + r.flag() },
				func() string { return "ports?: [_]: port: " + r.one(">=1024", "!=80", "int") },
				func() string { return "env?: [_]: value?: string" },
				func() string { return "health?: {timeoutSeconds: <=2\nhttp?: path: string\n}" },
				func() string { return "health: retries: 3" },
			) + "}"
		}) + "}"
}
