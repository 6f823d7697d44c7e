package ecs

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// empty reports whether a value states nothing, as describe prints what is not set.
func empty(n *data.Node) bool {
	return n.Kind == data.Null || n.Kind == data.String && n.Text == "" || len(n.Fields)+len(n.Elems) == 0 && (n.Kind == data.List || n.Kind == data.Struct)
}

// described are what the platform writes of a task definition.
var described = []string{
	"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy", "deregisteredAt",
}

// number is a whole number, or a text of one.
func number(n *data.Node) int64 {
	if n == nil {
		return 0
	}
	i, _ := strconv.ParseInt(strings.TrimSuffix(n.Text, ".0"), 10, 64)
	return i
}

func scalar(n *data.Node) any {
	switch n.Kind {
	case data.Int:
		return number(n)
	case data.Bool:
		return n.Text == "true"
	}
	return n.Text
}

// sizes are the units that a task's size may be stated in: vCPUs and GB, of 1024 units each (API
// reference, TaskDefinition: cpu, memory).
var sizes = map[string]*big.Rat{"": big.NewRat(1, 1), "vcpu": big.NewRat(1024, 1), "gb": big.NewRat(1024, 1)}

// sizeOf is a task's processor in cpu units, or its memory in MiB.
func sizeOf(text string) (int64, bool) {
	n, ok := importer.Scaled(strings.ToLower(text), sizes)
	if !ok || !n.IsInt() || !n.Num().IsInt64() {
		return 0, false
	}
	return n.Num().Int64(), n.Sign() > 0
}

// task reads a task definition.
func (r *reader) task(w *workload) {
	for _, f := range w.node.Fields {
		n := f.Value
		name := lower(f.Name)
		switch {
		case empty(n):
			r.Holds("nothing is stated", n)
		case slices.Contains(described, name):
			r.Holds("the platform writes it", n)
		case name == "family":
			if n.Text == r.id+"-"+w.id {
				r.Said(w.in(), n)
			} else {
				r.Nearly(w.in(), "names are made of the tenant's and the workload's: "+r.id+"-"+w.id, n)
			}
		case name == "taskRoleArn":
			if r.all("taskRoleArn", n.Text) {
				r.Set(tenant("taskRoleArn"), n.Text, n)
			} else {
				r.Set(w.ext("taskRoleArn"), n.Text, n)
			}
		case name == "executionRoleArn":
			if r.all("executionRoleArn", n.Text) || r.Get(tenant("executionRoleArn")) == nil {
				r.Set(tenant("executionRoleArn"), n.Text, n)
			} else if r.Get(tenant("executionRoleArn")).Text == n.Text {
				r.Said(tenant("executionRoleArn"), n)
			} else {
				r.Lose("a tenant has one execution role", n)
			}
		case name == "networkMode":
			if n.Text == "awsvpc" {
				r.Holds("each task has an interface of its own", n)
			} else {
				r.Nearly(w.in(), "each task has an interface of its own", n)
			}
		case name == "requiresCompatibilities":
			r.launchType(w, n)
		case name == "cpu", name == "memory":
			units, ok := sizeOf(n.Text)
			if !ok {
				r.Lose("it is no size of a task", n)
				continue
			}
			r.Set(w.ext(name), units, n)
		case name == "runtimePlatform":
			r.platform(w, n)
		case name == "ephemeralStorage":
			if size := get(n, "sizeInGiB"); size != nil {
				r.Set(w.ext("ephemeralStorage", "sizeInGiB"), number(size), size)
			}
		case name == "volumes":
			for _, v := range n.Elems {
				r.volume(w, v)
			}
		case name == "placementConstraints":
			r.copied(w, "placementConstraints", n)
		case name == "containerDefinitions":
			for _, c := range n.Elems {
				r.container(w, c)
			}
		}
	}
	r.stopTimeout(w)
	r.logs(w)
}

// copied keeps a list as it is in the workload's extension.
func (r *reader) copied(w *workload, field string, n *data.Node) {
	path := w.ext(field)
	if r.Get(path) != nil {
		r.Said(path, n)
	} else {
		list := &data.Node{Kind: data.List, At: n.At}
		for _, e := range n.Elems {
			c := &data.Node{Kind: data.Struct, At: e.At}
			for _, f := range e.Fields {
				c.Set(lower(f.Name), f.At, f.Value)
			}
			list.Elems = append(list.Elems, c)
		}
		r.Put(path, list, n)
	}
	for i, e := range n.Elems {
		for _, f := range e.Fields {
			r.Said(path.To(i, lower(f.Name)), f.Value)
		}
	}
}

func (r *reader) launchType(w *workload, n *data.Node) {
	fargate := slices.ContainsFunc(n.Elems, func(e *data.Node) bool { return e.Text == "FARGATE" })
	want := "FARGATE"
	if !fargate {
		want = "EC2"
	}
	r.launches(want, n)
	if len(n.Elems) > 1 {
		r.Nearly(tenant(), "a tenant has one launch type: "+want, n)
	}
}

// launches sets the tenant's launch type, which is Fargate where nothing else is stated.
func (r *reader) launches(text string, n *data.Node) {
	path := tenant("launchType")
	set := r.Get(path)
	switch {
	case set != nil && set.Text != text, set == nil && text == "FARGATE" && r.ec2():
		r.Lose("a tenant has one launch type", n)
	case text == "FARGATE":
		r.Holds("a tenant's default", n)
	case text == "EC2":
		r.Set(path, text, n)
	default:
		r.Lose("tasks run on Fargate or on EC2", n)
	}
}

func (r *reader) ec2() bool {
	set := r.Get(tenant("launchType"))
	return set != nil && set.Text == "EC2"
}

func (r *reader) platform(w *workload, n *data.Node) {
	for _, f := range n.Fields {
		switch lower(f.Name) {
		case "cpuArchitecture":
			arch := map[string]string{"X86_64": "amd64", "ARM64": "arm64"}[f.Value.Text]
			if arch == "" {
				r.Lose("the architectures are amd64 and arm64", f.Value)
				continue
			}
			r.Set(w.in("placement", "arch"), arch, f.Value)
		case "operatingSystemFamily":
			if f.Value.Text == "LINUX" {
				r.Set(w.in("placement", "os"), "linux", f.Value)
				continue
			}
			r.Put(w.in("placement", "os"), "windows", f.Value)
			r.Set(w.ext("operatingSystemFamily"), f.Value.Text, f.Value)
		}
	}
}

// assumedSize is the size of a file system, which is not stated.
const assumedSize = "10Gi"

func (r *reader) volume(w *workload, v *data.Node) {
	name := get(v, "name")
	id := importer.Name(textOf(name))
	at := w.in("volumes", id)
	if !r.mounted(w, textOf(name)) {
		r.Holds("nothing mounts it", v)
		return
	}
	efs := get(v, "efsVolumeConfiguration")
	switch {
	case efs != nil && !empty(efs):
		r.Put(at.To("persistent", "size"), assumedSize, v)
		r.efs(w, id, efs)
	case !empty(orNull(get(v, "dockerVolumeConfiguration"))), !empty(orNull(get(v, "fsxWindowsFileServerVolumeConfiguration"))), textAt(v, "host", "sourcePath") != "":
		r.Lose("a volume ends with its task, or is a file system of EFS", v)
		r.Put(at.To("ephemeral"), nil, v)
		return
	default:
		r.Put(at.To("ephemeral"), nil, v)
	}
	for _, f := range v.Fields {
		if empty(f.Value) {
			r.Holds("nothing is stated", f.Value)
		}
	}
	if name.Text == id {
		r.Said(at, name)
	} else {
		r.Nearly(at, "names are of lower-case letters, digits and hyphens", name)
	}
}

func orNull(n *data.Node) *data.Node {
	if n == nil {
		return &data.Node{}
	}
	return n
}

func (r *reader) mounted(w *workload, volume string) bool {
	for _, c := range get(w.node, "containerDefinitions").Elems {
		for _, m := range elems(get(c, "mountPoints")) {
			if textAt(m, "sourceVolume") == volume {
				return true
			}
		}
	}
	return false
}

func elems(n *data.Node) []*data.Node {
	if n == nil {
		return nil
	}
	return n.Elems
}

// efs is where a persistent volume lives.
func (r *reader) efs(w *workload, volume string, n *data.Node) {
	at := w.ext("volumes", volume, "efs")
	for _, f := range n.Fields {
		v := f.Value
		switch name := lower(f.Name); {
		case empty(v):
			r.Holds("nothing is stated", v)
		case name == "rootDirectory" && v.Text == "/":
			r.Holds("the default", v)
		case name == "authorizationConfig":
			for _, g := range v.Fields {
				if !empty(g.Value) {
					r.Set(at.To("authorizationConfig", lower(g.Name)), g.Value.Text, g.Value)
				}
			}
		case name == "transitEncryption" && v.Text == "ENABLED":
			r.Holds("a tenant's default", v)
		default:
			r.Set(at.To(name), scalar(v), v)
		}
	}
	if get(n, "transitEncryption") == nil {
		r.Put(at.To("transitEncryption"), "DISABLED", n)
	}
}

// stopTimeout is the workload's, where its containers agree.
func (r *reader) stopTimeout(w *workload) {
	var longest *data.Node
	for _, c := range get(w.node, "containerDefinitions").Elems {
		if n := get(c, "stopTimeout"); n != nil && (longest == nil || number(n) > number(longest)) {
			longest = n
		}
	}
	for _, c := range get(w.node, "containerDefinitions").Elems {
		n := get(c, "stopTimeout")
		switch {
		case n == nil:
		case number(n) != number(longest):
			r.Nearly(w.in(), "all containers of a workload have the same time to stop", n)
		case number(n) == 30:
			r.Holds("a tenant's default", n)
		default:
			r.Set(w.in("stopGrace"), importer.Seconds(number(n)), n)
		}
	}
}
