package kubernetes

import (
	"slices"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

var podFields = fields{
	"containers": elsewhere, "initContainers": elsewhere, "volumes": (*reader).volumes,
	"terminationGracePeriodSeconds": (*reader).grace,
	"restartPolicy": func(r *reader, w *workload, n *data.Node) {
		if w.kind == "Job" || w.kind == "CronJob" {
			return // read with the job
		}
		switch {
		case n.Text == "Always" || n.Text == "OnFailure":
			r.Holds("a tenant's default", n)
		case w.kind == "Pod":
			r.Set(w.in("restart"), "never", n)
		}
	},
	"nodeSelector":                 (*reader).nodeSelector,
	"serviceAccountName":           (*reader).account,
	"serviceAccount":               (*reader).account,
	"automountServiceAccountToken": extended("automountServiceAccountToken"),
	"priorityClassName":            extended("priorityClass"),
	"runtimeClassName":             extended("runtimeClass"),
	"securityContext":              (*reader).podSecurity,
	"enableServiceLinks":           standard("false", "variables of other Services are not set"),
	"topologySpreadConstraints":    (*reader).spread,
	"tolerations":                  (*reader).tolerations,
	"imagePullSecrets":             (*reader).pullSecrets,
	"dnsPolicy":                    standard("ClusterFirst", "names of hosts are the platform's own matter"),
	"schedulerName":                standard("default-scheduler", "there is one scheduler"),
	"shareProcessNamespace":        standard("false", "containers do not see each other's processes"),
	"hostNetwork":                  standard("false", "a workload has a network of its own"),
	"hostPID":                      standard("false", "a container does not see its machine's processes"),
	"hostIPC":                      standard("false", "a container does not see its machine's processes"),
	"affinity":                     lose("where copies run is the platform's own matter: nodeSelector, tolerations and placement say some of it"),
	"os":                           (*reader).system,
}

// podSpec reads the pods of a workload.
func (r *reader) podSpec(w *workload) {
	if w.kind == "Pod" {
		if account := w.pod.Get("nodeName"); account != nil {
			r.Lose("the platform says where copies run", account)
		}
	}
	r.each(w, w.pod, podFields)
	previous := ""
	inits := w.pod.Get("initContainers")
	if inits != nil {
		for _, c := range inits.Elems {
			previous = r.initContainer(w, c, previous, len(inits.Elems))
		}
	}
	for _, c := range w.pod.Get("containers").Elems {
		r.container(w, c)
	}
}

// initContainer reads a container that runs before the others: after the one before it.
func (r *reader) initContainer(w *workload, c *data.Node, previous string, of int) string {
	name := containerName(c)
	at := w.in("containers", name)
	if restart := c.Get("restartPolicy"); restart != nil && restart.Text == "Always" {
		r.Put(at, nil, c)
		r.Set(at.To("role"), "sidecar", restart)
		r.container(w, c)
		return previous
	}
	r.Put(at, nil, c)
	r.Put(at.To("role"), "init", c)
	r.container(w, c)
	if previous != "" {
		r.Put(at.To("dependsOn", previous), "completed", c)
	}
	return name
}

func containerName(c *data.Node) string { return importer.Name(c.TextAt("name")) }

func (r *reader) grace(w *workload, n *data.Node) {
	seconds, err := strconv.ParseInt(n.Text, 10, 32)
	if err != nil {
		r.Errorf(n, diag.BadFormat, "%s is no number of seconds", n.Text)
		return
	}
	if seconds == 30 {
		r.Holds("a tenant's default", n)
		return
	}
	r.Set(w.in("stopGrace"), importer.Seconds(seconds), n)
}

func (r *reader) account(w *workload, n *data.Node) {
	if n.Text == "default" || n.Text == "" {
		r.Holds("the platform's default", n)
		return
	}
	r.Set(w.extension("serviceAccount"), n.Text, n)
}

// The labels of nodes that placement is about.
const (
	archLabel = "kubernetes.io/arch"
	osLabel   = "kubernetes.io/os"
)

func (r *reader) nodeSelector(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		switch {
		case f.Name == archLabel && (f.Value.Text == "amd64" || f.Value.Text == "arm64"):
			r.Set(w.in("placement", "arch"), f.Value.Text, f.Value)
		case f.Name == osLabel && (f.Value.Text == "linux" || f.Value.Text == "windows"):
			r.Set(w.in("placement", "os"), f.Value.Text, f.Value)
		default:
			r.Set(w.extension("nodeSelector", f.Name), f.Value.Text, f.Value)
		}
	}
}

func (r *reader) system(w *workload, n *data.Node) {
	if name := n.Get("name"); name != nil {
		r.Set(w.in("placement", "os"), name.Text, name)
	}
}

func (r *reader) podSecurity(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		switch f.Name {
		case "fsGroup":
			r.Set(w.extension("fsGroup"), scalar(f.Value), f.Value)
		case "fsGroupChangePolicy":
			r.Nearly(w.in(), "how the owner of files is changed is the platform's own matter", f.Value)
		case "seccompProfile":
			r.seccomp(w, f.Value)
		case "runAsUser", "runAsGroup", "runAsNonRoot":
			// of the containers that do not say otherwise: read with them
		case "supplementalGroups":
			r.Lose("a process has one group", f.Value)
		}
	}
}

func (r *reader) seccomp(w *workload, n *data.Node) {
	t := n.Get("type")
	if t == nil || t.Text == "Localhost" {
		r.Lose("profiles of the machine are the platform's own matter", n)
		return
	}
	r.Set(w.extension("seccompProfile"), t.Text, t)
}

// spread reads constraints on the workload's own pods.
func (r *reader) spread(w *workload, n *data.Node) {
	if spreads(n) {
		r.Put(w.in("placement", "spread"), true, n)
		for _, e := range n.Elems {
			for _, f := range e.Fields {
				r.Said(w.in("placement", "spread"), f.Value)
				if f.Name == "labelSelector" {
					r.Nearly(w.in(), "labels tell the workload in words of their own", f.Value)
				}
			}
		}
		return
	}
	var all []*data.Node
	for _, e := range n.Elems {
		c := &data.Node{Kind: data.Struct, At: e.At}
		for _, f := range e.Fields {
			switch f.Name {
			case "topologyKey", "maxSkew", "whenUnsatisfiable":
				c.Fields = append(c.Fields, data.Field{Name: f.Name, At: f.At, Value: f.Value})
			case "labelSelector":
				r.Nearly(w.in(), "labels tell the workload in words of their own", f.Value)
			}
		}
		all = append(all, c)
	}
	path := w.extension("topologySpreadConstraints")
	r.Put(path, &data.Node{Kind: data.List, At: n.At, Elems: all}, n)
	for i, e := range n.Elems {
		for _, f := range e.Fields {
			if f.Name != "labelSelector" && len(f.Value.Fields)+len(f.Value.Elems) == 0 && all[i].Field(f.Name) != nil {
				r.Said(path.To(i, f.Name), f.Value)
			}
		}
		if e.Get("whenUnsatisfiable") == nil {
			all[i].Set("whenUnsatisfiable", e.At, &data.Node{Kind: data.String, Text: "DoNotSchedule", At: e.At})
		}
	}
}

// spreads reports whether constraints are those of a workload whose copies are kept apart.
func spreads(n *data.Node) bool {
	if len(n.Elems) != 2 {
		return false
	}
	for i, key := range []string{"kubernetes.io/hostname", "topology.kubernetes.io/zone"} {
		e := n.Elems[i]
		if e.TextAt("topologyKey") != key || e.TextAt("maxSkew") != "1" || e.TextAt("whenUnsatisfiable") != "ScheduleAnyway" || len(e.Fields) > 4 {
			return false
		}
	}
	return true
}

func (r *reader) tolerations(w *workload, n *data.Node) {
	path := w.extension("tolerations")
	r.Put(path, &data.Node{Kind: data.List, At: n.At, Elems: n.Elems}, n)
	for i, e := range n.Elems {
		for _, f := range e.Fields {
			r.Said(path.To(i, f.Name), f.Value)
		}
	}
}

func (r *reader) pullSecrets(w *workload, n *data.Node) {
	path := diag.At("extensions", "kubernetes", "imagePullSecrets")
	for _, e := range n.Elems {
		name := e.Get("name")
		if name == nil {
			continue
		}
		if list := r.Get(path); list == nil || !slices.ContainsFunc(list.Elems, func(n *data.Node) bool { return n.Text == name.Text }) {
			r.Append(path, &data.Node{Kind: data.String, Text: name.Text, At: name.At})
		}
		r.Said(path, name)
	}
}
