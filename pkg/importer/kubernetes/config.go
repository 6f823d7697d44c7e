package kubernetes

import (
	"encoding/base64"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

var fileName = lazyregexp.New(`^[A-Za-z0-9._-]+$`)

// configMap carries its files, whether a workload reads them or not.
func (r *reader) configMap(o object) {
	name := importer.Name(shortName(o.name, r.id))
	at := diag.At("config", name)
	if len(name) > importer.LongName {
		r.Lose("its name is too long", o.node)
		return
	}
	files := o.node.Get("data")
	if files == nil {
		r.Lose("a configuration is of texts", o.node)
		return
	}
	for _, f := range files.Fields {
		switch {
		case !fileName.MatchString(f.Name):
			r.Lose("a file has a plain name", f.Value)
		case importer.Credential("", f.Value.Text) != "", importer.Credential(f.Name, f.Value.Text) != "" && !strings.Contains(f.Value.Text, "\n"):
			r.Hidden(f.Value.Text)
			r.Lose("it looks like a credential: put it into a Secret", f.Value)
		default:
			r.Set(at.To(f.Name), f.Value.Text, f.Value)
		}
	}
	for _, f := range o.node.Fields {
		switch f.Name {
		case "apiVersion", "kind":
			r.Holds("a configuration is made of it", f.Value)
		case "immutable":
			r.Lose("a configuration changes with the tenant", f.Value)
		case "binaryData":
			r.Lose("a configuration is of texts", f.Value)
		}
	}
	r.of(o, at, name)
}

// of accounts for the metadata of what is no workload.
func (r *reader) of(o object, at diag.Path, short string) {
	meta := o.node.Get("metadata")
	if meta == nil || r.Get(at) == nil {
		return
	}
	for _, f := range meta.Fields {
		switch f.Name {
		case "name":
			if o.name == r.id+"-"+short {
				r.Said(at, f.Value)
			} else {
				r.Nearly(at, "its name is made of the tenant's: "+r.id+"-"+short, f.Value)
			}
		case "labels":
			for _, l := range f.Value.Fields {
				if r.Get(diag.At("labels")).TextAt(l.Name) == l.Value.Text {
					r.Said(diag.At("labels", l.Name), l.Value)
				} else {
					r.Nearly(at, "labels tell the tenant in words of their own", l.Value)
				}
			}
		case "creationTimestamp", "uid", "resourceVersion":
			r.Holds("the platform writes it", f.Value)
		}
	}
}

// secret notes where its values live, and never the values.
func (r *reader) secret(o object) {
	for _, field := range []string{"data", "stringData"} {
		values := o.node.Get(field)
		if values == nil {
			continue
		}
		for _, f := range values.Fields {
			r.Hidden(f.Value.Text)
			if plain, err := base64.StdEncoding.DecodeString(f.Value.Text); err == nil {
				r.Hidden(string(plain))
			}
			if name := r.secretOf(o.name, f.Name); name != "" {
				r.Nearly(diag.At("secrets", name), "its value is not written: it lives in Secret "+o.name+", which is applied beside the tenant", f.Value)
			} else {
				r.Lose("nothing reads it", f.Value)
			}
		}
	}
	for _, f := range o.node.Fields {
		if f.Name != "data" && f.Name != "stringData" {
			if r.used[o.node] {
				r.Holds("the Secret is applied beside the tenant, which only names it", f.Value)
			} else {
				r.Lose("a Secret is applied beside the tenant", f.Value)
			}
		}
	}
}

// secretOf is the name of the tenant's secret that lives at a key of a Secret.
func (r *reader) secretOf(path, key string) string {
	all := r.Get(diag.At("secrets"))
	if all == nil {
		return ""
	}
	for _, f := range all.Fields {
		if k := f.Value.TextAt("key"); f.Value.TextAt("path") == path && (k == key || k == "") {
			return f.Name
		}
	}
	return ""
}

// serviceAccount is created where a workload has it.
func (r *reader) serviceAccount(o object) {
	found := false
	for _, w := range r.workloads {
		if w.pod.TextAt("serviceAccountName") != o.name {
			continue
		}
		if found {
			continue // another workload makes it
		}
		found = true
		r.Put(w.extension("createServiceAccount"), true, o.node)
		r.annotations(o.node.Get("metadata"), w.extension("serviceAccountAnnotations"))
		for _, f := range o.node.Fields {
			switch f.Name {
			case "apiVersion", "kind":
				r.Holds("the workload's objects are made of it", f.Value)
			}
		}
		for _, f := range o.node.Get("metadata").Fields {
			switch f.Name {
			case "name":
				r.Said(w.extension("serviceAccount"), f.Value)
			case "labels":
				r.labels(w, f.Value)
			}
		}
		if n := o.node.Get("automountServiceAccountToken"); n != nil && w.pod.Get("automountServiceAccountToken") == nil {
			r.Near(w.extension("automountServiceAccountToken"), n.Text == "true", "the pods say so, and not their account", n)
		}
	}
	if !found {
		r.Lose("no workload has it", o.node)
	}
}
