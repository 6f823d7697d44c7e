package compose

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// fields are what services have, and what becomes of it.
var fields = map[string]func(*reader, *service, *data.Node){
	"image":             func(r *reader, s *service, n *data.Node) { r.image(s, n) },
	"build":             (*reader).build,
	"platform":          (*reader).platform,
	"entrypoint":        func(r *reader, s *service, n *data.Node) { r.command(s.at("command"), n) },
	"command":           func(r *reader, s *service, n *data.Node) { r.command(s.at("args"), n) },
	"working_dir":       func(r *reader, s *service, n *data.Node) { r.text(s.at("workingDir"), n) },
	"user":              func(r *reader, s *service, n *data.Node) { r.text(s.at("user"), n) },
	"stop_signal":       (*reader).stopSignal,
	"stop_grace_period": func(r *reader, s *service, n *data.Node) { r.duration(s.in("stopGrace"), n, "30s") },
	"read_only":         func(r *reader, s *service, n *data.Node) { r.flag(s.at("security", "readOnlyRootFilesystem"), n) },
	"privileged":        func(r *reader, s *service, n *data.Node) { r.flag(s.at("security", "privileged"), n) },
	"cap_add":           func(r *reader, s *service, n *data.Node) { r.capabilities(s.at("security", "capabilities", "add"), n) },
	"cap_drop":          func(r *reader, s *service, n *data.Node) { r.capabilities(s.at("security", "capabilities", "drop"), n) },
	"environment":       (*reader).environment,
	"env_file":          (*reader).envFiles,
	"healthcheck":       (*reader).healthcheck,
	"restart":           func(r *reader, s *service, n *data.Node) { r.restart(s, n, n.Text) },
	"depends_on":        (*reader).dependsOn,
	"volumes":           (*reader).mounts,
	"tmpfs":             (*reader).tmpfs,
	"shm_size":          (*reader).sharedMemory,
	"configs":           (*reader).configMounts,
	"secrets":           (*reader).secretMounts,
	"labels":            (*reader).serviceLabels,
	"deploy":            (*reader).deploy,
	"scale":             func(r *reader, s *service, n *data.Node) { r.replicas(s, n) },
	"mem_limit":         func(r *reader, s *service, n *data.Node) { r.memory(s.at("resources", "memoryMax"), n) },
	"mem_reservation":   func(r *reader, s *service, n *data.Node) { r.memory(s.at("resources", "memory"), n) },
	"memswap_limit":     (*reader).swap,
	"cpus":              func(r *reader, s *service, n *data.Node) { r.cpus(s.at("resources", "cpuMax"), n, "") },
	"cpu_shares":        (*reader).shares,
	"profiles":          (*reader).profiles,
	"network_mode":      (*reader).networkMode,
	"networks":          (*reader).networks,
	"links":             (*reader).links,
	"container_name":    (*reader).named,
	"hostname":          (*reader).hostname,
	"extends":           func(*reader, *service, *data.Node) {},
	"ports":             func(*reader, *service, *data.Node) {}, // read before
	"expose":            func(*reader, *service, *data.Node) {},
	"pull_policy":       hold("the platform pulls what it does not have"),
	"attach":            hold("it is about docker compose's own output"),
	"stdin_open":        lose("nobody is at the terminal of a service"),
	"tty":               lose("nobody is at the terminal of a service"),
	"init":              lose("a container's image brings its own init"),
	"logging":           lose("logs are the platform's own matter"),
	"devices":           lose("containers have no devices of the machine"),
	"extra_hosts":       lose("names of hosts are the platform's own matter"),
	"dns":               lose("names of hosts are the platform's own matter"),
	"ulimits":           lose("limits of the kernel are the platform's own matter"),
	"sysctls":           lose("limits of the kernel are the platform's own matter"),
	"security_opt":      lose("profiles of the kernel are the platform's own matter"),
}

func lose(why string) func(*reader, *service, *data.Node) {
	return func(r *reader, _ *service, n *data.Node) { r.Lose(why, n) }
}

func hold(why string) func(*reader, *service, *data.Node) {
	return func(r *reader, _ *service, n *data.Node) { r.Holds(why, n) }
}

// service makes a container of a service.
func (r *reader) service(s *service) {
	if s.pause {
		r.pause(s)
		return
	}
	r.Put(s.at(), nil, s.node)
	r.Carry(s.in(), s.node)
	if s.node.Get("image") == nil {
		r.Put(s.at("image"), s.name+":latest", s.node)
	}
	if s.init {
		r.Put(s.at("role"), "init", s.node)
	}
	for _, f := range s.node.Fields {
		switch read := fields[f.Name]; {
		case nothing(f.Value):
			r.Holds("nothing is stated", f.Value)
		case read != nil:
			read(r, s, f.Value)
		}
	}
}

// nothing reports whether a value states nothing.
func nothing(n *data.Node) bool {
	return n.Kind == data.Null || n.Kind >= data.List && len(n.Fields)+len(n.Elems) == 0
}

// pause takes a service that holds the network of others.
func (r *reader) pause(s *service) {
	for _, f := range s.node.Fields {
		switch f.Name {
		case "image":
			if f.Value.Text != "registry.k8s.io/pause:3.10.2" {
				r.Set(diag.At("extensions", "compose", "pauseImage"), f.Value.Text, f.Value)
				continue
			}
			r.Holds("it holds the network of the workload's containers", f.Value)
		case "labels":
			r.serviceLabels(s, f.Value)
		case "deploy":
			r.deploy(s, f.Value)
		case "ports":
		case "platform":
			r.platform(s, f.Value)
		default:
			r.Holds("it holds the network of the workload's containers", f.Value)
		}
	}
}

// unset reports whether a value is made of variables that have no value.
func (r *reader) unset(n *data.Node) string {
	if f := r.project.info[n]; len(f.unset) > 0 {
		return f.unset[0]
	}
	return ""
}

// put sets a field, and says so where variables were replaced in its value.
func (r *reader) put(path diag.Path, value any, n *data.Node, exact string) {
	f := r.project.info[n]
	switch {
	case exact != "":
		r.Near(path, value, exact, n)
	case len(f.vars) > 0:
		r.Near(path, value, "variables of the file are replaced by their values: "+strings.Join(f.vars, ", "), n)
	default:
		r.Set(path, value, n)
	}
}

func (r *reader) text(path diag.Path, n *data.Node) {
	if r.skip(n) {
		return
	}
	r.put(path, n.Text, n, "")
}

// skip leaves out what is made of a variable that has no value.
func (r *reader) skip(n *data.Node) bool {
	if v := r.unset(n); v != "" {
		r.Lose("variable "+v+" has no value: --env-file gives it one", n)
		return true
	}
	return n.Text == ""
}

func (r *reader) image(s *service, n *data.Node) {
	if r.skip(n) {
		return
	}
	image, name := n.Text, n.Text[strings.LastIndex(n.Text, "/")+1:]
	if !strings.ContainsAny(name, ":@") {
		image += ":latest" // as Docker has it
	}
	r.put(s.at("image"), image, n, "")
}

func (r *reader) build(s *service, n *data.Node) {
	r.Nearly(s.at("image"), "a tenant names an image: build it, push it, and name it here", n)
}

func (r *reader) platform(s *service, n *data.Node) {
	os, arch, _ := strings.Cut(n.Text, "/")
	arch, variant, _ := strings.Cut(arch, "/")
	if os != "linux" || arch != "amd64" && arch != "arm64" {
		r.Lose("the architectures are amd64 and arm64, of linux", n)
		return
	}
	if variant != "" {
		r.put(s.in("placement", "arch"), arch, n, "architectures have no variants")
		return
	}
	r.put(s.in("placement", "arch"), arch, n, "")
}

// command reads a list, or a text as a shell splits it.
func (r *reader) command(path diag.Path, n *data.Node) {
	list, ok := r.commandOf(n)
	if !ok {
		r.Errorf(n, diag.BadFormat, "the command has a quote that is not closed")
		return
	}
	if len(list) == 0 {
		r.Lose("an image's own command cannot be taken away", n)
		return
	}
	if n.Kind == data.List {
		replaced := map[string]bool{}
		for _, e := range n.Elems {
			for _, v := range r.project.info[e].vars {
				replaced[v] = true
			}
		}
		if len(replaced) > 0 {
			r.Near(path, list, "variables of the file are replaced by their values", n)
			return
		}
		r.Set(path, list, n)
		return
	}
	r.put(path, list, n, "")
}

func (r *reader) commandOf(n *data.Node) ([]string, bool) {
	if n.Kind != data.List {
		return words(n.Text)
	}
	var list []string
	for _, e := range n.Elems {
		list = append(list, e.Text)
	}
	return list, true
}

func (r *reader) stopSignal(s *service, n *data.Node) {
	signal := strings.ToUpper(n.Text)
	if !strings.HasPrefix(signal, "SIG") {
		signal = "SIG" + signal
	}
	r.put(s.at("stopSignal"), signal, n, "")
}

// duration sets a field unless its value is the default.
func (r *reader) duration(path diag.Path, n *data.Node, standard string) {
	if r.skip(n) {
		return
	}
	seconds, exact, ok := importer.WholeSeconds(n.Text)
	switch text := importer.Seconds(seconds); {
	case !ok:
		r.Errorf(n, diag.BadFormat, "%s is no duration such as 1m30s", n.Text)
	case !exact:
		r.put(path, text, n, "durations are whole seconds")
	case text == standard:
		r.Holds("a tenant's default", n)
	default:
		r.put(path, text, n, "")
	}
}

func (r *reader) flag(path diag.Path, n *data.Node) {
	if n.Text != "true" {
		r.Holds("the platform's default", n)
		return
	}
	r.put(path, true, n, "")
}

func (r *reader) capabilities(path diag.Path, n *data.Node) {
	var list []string
	for _, e := range n.Elems {
		list = append(list, strings.TrimPrefix(strings.ToUpper(e.Text), "CAP_"))
	}
	if len(list) > 0 {
		r.Set(path, list, n)
	}
}

// restart reads the policy of the workload; that of an init container follows from it.
func (r *reader) restart(s *service, n *data.Node, text string) {
	if r.skip(n) {
		return
	}
	policy, count, counted := strings.Cut(text, ":")
	job := isJob(s)
	path := s.in("restart")
	switch {
	case s.init:
		r.Holds("an init container is tried again until it succeeds", n)
	case policy == "always" && !job:
		r.Holds("a service is always started again", n)
	case policy == "unless-stopped" && !job:
		r.Nearly(s.in(), "a service is always started again, one that somebody stopped too", n)
	case policy == "on-failure" && counted:
		attempts, err := strconv.Atoi(count)
		if err != nil {
			r.Errorf(n, diag.BadFormat, "%s is no policy such as on-failure:3", text)
			return
		}
		r.put(path, importer.Struct(n.At, "policy", "on-failure", "attempts", attempts), n, "")
	case policy == "on-failure" && job:
		r.Holds("a job is tried again until it succeeds", n)
	case policy == "on-failure":
		r.put(path, "on-failure", n, "")
	case policy == "no" || policy == "false" || policy == "none":
		r.put(path, "never", n, "")
	default:
		r.Lose("there is no such policy", n)
	}
}

func isJob(s *service) bool {
	profiles := s.node.Get("profiles")
	return profiles != nil && slices.ContainsFunc(profiles.Elems, func(n *data.Node) bool { return n.Text == jobs })
}

func (r *reader) profiles(s *service, n *data.Node) {
	if isJob(s) {
		r.Set(s.in("kind"), "job", n)
		return
	}
	r.Lose("a tenant's workloads all run", n)
}

func (r *reader) dependsOn(s *service, n *data.Node) {
	each := func(name string, from *data.Node, condition string) {
		other := r.byName[name]
		if other == nil || other.workload != s.workload || other.pause || s.pause {
			r.Lose("workloads start in any order: let a process try again until what it needs is there", from)
			return
		}
		to := map[string]string{"service_healthy": "healthy", "service_completed_successfully": "completed"}[condition]
		to = cmp.Or(to, "started")
		if other.init && to == "completed" && !s.init {
			r.Holds("init containers end before others start", from)
			return
		}
		r.Set(s.at("dependsOn", other.container), to, from)
	}
	for _, e := range n.Elems {
		each(e.Text, e, "")
	}
	for _, f := range n.Fields {
		for _, g := range f.Value.Fields {
			switch g.Name {
			case "condition":
				each(f.Name, g.Value, g.Value.Text)
			case "required":
				if g.Value.Text == "true" {
					r.Holds("the default", g.Value)
				}
			}
		}
	}
}

func (r *reader) networkMode(s *service, n *data.Node) {
	switch {
	case strings.HasPrefix(n.Text, "service:") && r.byName[strings.TrimPrefix(n.Text, "service:")] != nil:
		r.Nearly(s.at(), "containers of a workload share their network", n)
	case n.Text == "bridge":
		r.Nearly(s.in(), "all workloads of a tenant share one network", n)
	default:
		r.Lose("a workload has a network of its own", n)
	}
}

func (r *reader) networks(s *service, n *data.Node) {
	for _, e := range n.Elems {
		r.Nearly(s.in(), "all workloads of a tenant share one network", e)
	}
	for _, f := range n.Fields {
		if len(f.Value.Fields) == 0 {
			r.Nearly(s.in(), "all workloads of a tenant share one network", f.Value)
		}
		for _, g := range f.Value.Fields {
			if g.Name != "aliases" {
				r.Lose("addresses in the network are the platform's own matter", g.Value)
				continue
			}
			for _, e := range g.Value.Elems {
				if e.Text == s.workload {
					r.Holds("the workload is found by its name", e)
				} else {
					r.Lose("a workload is found by its name alone, "+s.workload, e)
				}
			}
		}
	}
}

func (r *reader) links(s *service, n *data.Node) {
	for _, e := range n.Elems {
		service, alias, _ := strings.Cut(e.Text, ":")
		if other := r.byName[service]; other != nil && (alias == "" || alias == other.workload) {
			r.Holds("all workloads of a tenant find each other by their names", e)
		} else {
			r.Lose("a workload is found by its name alone", e)
		}
	}
}

func (r *reader) named(s *service, n *data.Node) {
	r.Nearly(s.at(), "names of containers are made of those of tenant, workload and container", n)
}

func (r *reader) hostname(s *service, n *data.Node) {
	if n.Text == s.workload {
		r.Nearly(s.in(), "the workload is found by its name", n)
		return
	}
	r.Lose("a workload is found by its name alone, "+s.workload, n)
}

// serviceLabels makes labels of the tenant of those that all services have.
func (r *reader) serviceLabels(s *service, n *data.Node) {
	n = r.project.named(n)
	for _, f := range n.Fields {
		switch {
		case f.Name == "cuecompute.config":
			r.Holds("it is made of the configuration files", f.Value)
		case r.labels[f.Name+"="+f.Value.Text] == len(r.services) && importer.Credential(f.Name, f.Value.Text) == "":
			r.put(diag.At("labels", f.Name), f.Value.Text, f.Value, "")
		default:
			r.Lose("labels are of the whole tenant", f.Value)
		}
	}
}
