package kubernetes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/importer"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
)

// facts gathers what objects state. It knows nothing of what Import made of them.
type facts struct {
	id      string
	objects []object
	pods    map[string]*data.Node // templates, by the names of workloads
	all     []importer.Fact
}

// factsOf returns what objects state, by the workloads that they belong to.
func factsOf(_ *importer.Draft, docs []*importer.Document, id string) []importer.Fact {
	f := &facts{id: id, objects: objectsOf(docs), pods: map[string]*data.Node{}}
	for _, o := range f.objects {
		if at, ok := controllers[o.kind]; ok {
			template := o.node
			if len(at) > 0 {
				template = o.node.Get(at...)
			}
			f.pods[f.short(o.name)] = template
		}
	}
	for _, o := range f.objects {
		if _, ok := controllers[o.kind]; ok {
			f.controller(o)
			continue
		}
		switch o.kind {
		case "Service":
			f.service(o)
		case "Ingress":
			f.ingress(o)
		case "ConfigMap":
			f.meta("config/"+f.short(o.name), o)
			if files := o.node.Get("data"); files != nil {
				for _, e := range files.Fields {
					f.add("config/"+f.short(o.name)+"/"+e.Name, e.Value.Text, e.Value)
				}
			}
		case "HorizontalPodAutoscaler":
			f.autoscaler(o)
		case "PersistentVolumeClaim":
			f.claim(o)
		case "PodDisruptionBudget":
			w := f.selected(o.node.Get("spec", "selector", "matchLabels"))
			f.meta(w+"/budget", o)
			f.scalars(w+"/budget", o.node.Get("spec"), nil)
		case "ServiceAccount":
			f.add("account/"+o.name, o.name, o.node.Get("metadata", "name"))
			f.meta("account/"+o.name, o)
		}
	}
	return f.all
}

func (f *facts) short(name string) string { return importer.Name(shortName(name, f.id)) }

func (f *facts) add(key, value string, n *data.Node) {
	if n != nil {
		f.all = append(f.all, importer.Fact{Key: key, Value: value, Node: n})
	}
}

// scalars are the fields of a struct that are single values, and what they are where nothing
// is stated.
func (f *facts) scalars(key string, n *data.Node, standards map[string]string) {
	if n == nil {
		return
	}
	for _, e := range n.Fields {
		identity := strings.HasSuffix(key, "/securityContext") && strings.HasPrefix(e.Name, "runAs") // of each process
		if len(e.Value.Fields)+len(e.Value.Elems) == 0 && e.Value.Kind != data.Null && !identity {
			f.add(key+"/"+e.Name, e.Value.Text, e.Value)
		}
	}
	for field, standard := range standards {
		if v := n.Get(field); v == nil || v.Kind == data.Null {
			f.all = append(f.all, importer.Fact{Key: key + "/" + field, Value: standard})
		}
	}
}

// list is a list whose elements are one fact together.
func (f *facts) list(key string, list []string, n *data.Node) {
	value := fmt.Sprintf("%q", list)
	f.add(key, value, n)
	for _, e := range n.Elems {
		f.add(key, value, e)
	}
}

func (f *facts) meta(key string, o object) {
	meta := o.node.Get("metadata")
	if meta == nil {
		return
	}
	f.add(key+"/name", o.name, meta.Get("name"))
	f.add(key+"/namespace", meta.TextAt("namespace"), meta.Get("namespace"))
	f.words(key, meta)
}

func (f *facts) words(key string, meta *data.Node) {
	for _, field := range []string{"labels", "annotations"} {
		if list := meta.Get(field); list != nil {
			for _, e := range list.Fields {
				f.add(key+"/"+field+"/"+e.Name, e.Value.Text, e.Value)
			}
		}
	}
}

// Defaults of the platform (SetDefaults of k8s.io/kubernetes, pkg/apis/apps/v1, batch/v1 and
// core/v1, checked 2026-11-29).
var (
	controllerDefaults = map[string]map[string]string{
		"Deployment":  {"replicas": "1", "revisionHistoryLimit": "10", "progressDeadlineSeconds": "600", "minReadySeconds": "0"},
		"StatefulSet": {"replicas": "1", "revisionHistoryLimit": "10", "podManagementPolicy": "OrderedReady", "minReadySeconds": "0"},
		"CronJob":     {"concurrencyPolicy": "Allow", "successfulJobsHistoryLimit": "3", "failedJobsHistoryLimit": "1"},
		"Job":         {},
	}
	podDefaults   = map[string]string{"terminationGracePeriodSeconds": "30", "serviceAccountName": "default", "enableServiceLinks": "true"}
	probeDefaults = map[string]string{"initialDelaySeconds": "0", "periodSeconds": "10", "timeoutSeconds": "1", "failureThreshold": "3"}
)

func (f *facts) controller(o object) {
	w := f.short(o.name)
	kind := cmp.Or(rendered[o.kind], o.kind)
	f.add(w+"/kind", kind, o.node.Get("kind"))
	f.meta(w+"/controller", o)
	spec := o.node.Get("spec")
	if o.kind != "Pod" {
		f.scalars(w+"/spec", spec, controllerDefaults[kind])
		for _, field := range []string{"strategy", "updateStrategy"} {
			if s := spec.Get(field); s != nil {
				f.scalars(w+"/update", s.Get("rollingUpdate"), nil)
			}
		}
	}
	job := spec
	if o.kind == "CronJob" {
		job = spec.Get("jobTemplate", "spec")
		if meta := spec.Get("jobTemplate", "metadata"); meta != nil {
			f.words(w+"/template", meta)
		}
	}
	if kind == "CronJob" || kind == "Job" {
		f.job(w, job)
	}
	if list := spec.Get("volumeClaimTemplates"); list != nil {
		for _, c := range list.Elems {
			key := w + "/claims/" + importer.Name(c.Get("metadata").TextAt("name"))
			f.add(key, c.Get("metadata").TextAt("name"), c.Get("metadata", "name"))
			f.add(key+"/class", c.Get("spec").TextAt("storageClassName"), c.Get("spec", "storageClassName"))
			f.quantity(key+"/size", c.Get("spec", "resources", "requests", "storage"))
		}
	}
	template := f.pods[w]
	if meta := template.Get("metadata"); meta != nil && o.kind != "Pod" {
		f.words(w+"/pod", meta)
	}
	f.pod(w, template.Get("spec"))
}

// claim is a claim by itself, of the volume that a pod has for it.
func (f *facts) claim(o object) {
	for w, template := range f.pods {
		volumes := template.Get("spec", "volumes")
		if volumes == nil {
			continue
		}
		for _, v := range volumes.Elems {
			if v.Get("persistentVolumeClaim").TextAt("claimName") == o.name {
				key := w + "/claims/" + importer.Name(v.TextAt("name"))
				f.add(key+"/class", o.node.Get("spec").TextAt("storageClassName"), o.node.Get("spec", "storageClassName"))
				f.quantity(key+"/size", o.node.Get("spec", "resources", "requests", "storage"))
				return
			}
		}
	}
}

// job are how many pods a job has, and how often they are tried.
func (f *facts) job(w string, n *data.Node) {
	f.scalars(w+"/job", n, nil)
	copies := n.TextAt("parallelism")
	if m := n.Get("completionMode"); m != nil {
		f.add(w+"/job/completionMode", m.Text, m)
	}
	limit := cmp.Or(n.Get("backoffLimit"), n.Get("backoffLimitPerIndex"))
	if limit != nil {
		f.add(w+"/job/retries", limit.Text, limit)
	}
	for _, field := range []string{"parallelism", "completions"} {
		if n.Get(field) == nil {
			f.all = append(f.all, importer.Fact{Key: w + "/job/" + field, Value: cmp.Or(copies, "1")})
		}
	}
}

func (f *facts) quantity(key string, n *data.Node) {
	if n == nil {
		return
	}
	if bytes, ok := bytesOf(n.Text); ok {
		f.add(key, bytes.String(), n)
	}
}

// selected is the workload whose pods have all labels of a selector.
func (f *facts) selected(selector *data.Node) string {
	if selector == nil {
		return ""
	}
	for _, o := range f.objects {
		labels := f.pods[f.short(o.name)].Get("metadata", "labels")
		if _, ok := controllers[o.kind]; !ok || labels == nil {
			continue
		}
		if !slices.ContainsFunc(selector.Fields, func(e data.Field) bool { return labels.TextAt(e.Name) != e.Value.Text }) {
			return f.short(o.name)
		}
	}
	return ""
}

func (f *facts) service(o object) {
	spec := o.node.Get("spec")
	w := f.selected(spec.Get("selector"))
	if spec.TextAt("clusterIP") == "None" && strings.HasSuffix(o.name, "-headless") {
		return // which each StatefulSet has
	}
	key := w + "/service"
	if o.name == f.id+"-"+w {
		f.add(key+"/name", o.name, o.node.Get("metadata", "name"))
	}
	if meta := o.node.Get("metadata"); meta != nil {
		f.words(key, meta)
		f.add(key+"/namespace", meta.TextAt("namespace"), meta.Get("namespace"))
	}
	f.scalars(key, spec, nil)
	if list := spec.Get("loadBalancerSourceRanges"); list != nil {
		var all []string
		for _, e := range list.Elems {
			all = append(all, e.Text)
		}
		f.list(key+"/loadBalancerSourceRanges", all, list)
	}
	if ports := spec.Get("ports"); ports != nil {
		for _, p := range ports.Elems {
			port := key + "/ports/" + p.TextAt("port") + "/" + cmp.Or(strings.ToUpper(p.TextAt("protocol")), "TCP")
			f.add(port, "", p.Get("port"))
			f.add(port, "", p.Get("protocol"))
			f.add(port+"/name", p.TextAt("name"), p.Get("name"))
			f.add(port+"/target", p.TextAt("targetPort"), p.Get("targetPort"))
			f.add(port+"/app", p.TextAt("appProtocol"), p.Get("appProtocol"))
		}
	}
}

func (f *facts) ingress(o object) {
	spec := o.node.Get("spec")
	rules := spec.Get("rules")
	if rules == nil {
		return
	}
	w := ""
	for _, rule := range rules.Elems {
		paths := rule.Get("http", "paths")
		if paths == nil {
			continue
		}
		for _, p := range paths.Elems {
			backend := p.Get("backend", "service")
			for _, s := range f.objects {
				if s.kind == "Service" && s.name == backend.TextAt("name") {
					w = f.selected(s.node.Get("spec", "selector"))
				}
			}
			key := "ingress/" + rule.TextAt("host") + cmp.Or(p.TextAt("path"), "/")
			f.add(key, w, rule.Get("host"))
			f.add(key, w, p.Get("path"))
			f.add(key+"/service", w, backend.Get("name"))
			f.add(key+"/port", backend.Get("port").TextAt("name"), backend.Get("port", "name"))
		}
	}
	f.meta(w+"/ingress", o)
	f.add("ingress/class", spec.TextAt("ingressClassName"), spec.Get("ingressClassName"))
	if tls := spec.Get("tls"); tls != nil {
		for _, t := range tls.Elems {
			if hosts := t.Get("hosts"); hosts != nil {
				for _, h := range hosts.Elems {
					f.add("ingress/"+h.Text+"/tls", t.TextAt("secretName"), h)
					f.add("ingress/"+h.Text+"/tls", t.TextAt("secretName"), t.Get("secretName"))
				}
			}
		}
	}
}

func (f *facts) autoscaler(o object) {
	spec := o.node.Get("spec")
	w := f.short(spec.Get("scaleTargetRef").TextAt("name"))
	key := w + "/autoscaler"
	f.meta(key, o)
	f.scalars(key, spec, map[string]string{"minReplicas": "1"})
	f.add(key+"/cpu", spec.TextAt("targetCPUUtilizationPercentage"), spec.Get("targetCPUUtilizationPercentage"))
	if metrics := spec.Get("metrics"); metrics != nil {
		for _, m := range metrics.Elems {
			name := m.Get("resource").TextAt("name")
			target := m.Get("resource", "target")
			f.add(key+"/"+name, target.TextAt("averageUtilization"), target.Get("averageUtilization"))
			for i, n := range []*data.Node{m.Get("type"), m.Get("resource", "name"), target.Get("type")} {
				f.add(fmt.Sprint(key, "/", name, "/", i), textOf(n), n)
			}
		}
	}
}

// added returns why rendering states what the objects do not.
func added(key string) string {
	_, field, _ := strings.Cut(key, "/")
	switch {
	case strings.HasSuffix(key, "/name"), strings.Contains(key, "/labels/"), strings.HasSuffix(key, "/namespace"):
		return "every object of a tenant has its name, its labels and its namespace"
	case strings.Contains(key, "annotations/checksum/config"):
		return "pods follow the configuration that they read"
	case field == "pod/serviceAccountName":
		return "the account is named, though it is the default"
	case field == "pod/enableServiceLinks":
		return "variables of other Services are not set"
	case field == "pod/restartPolicy", field == "job/backoffLimit", field == "job/parallelism", field == "job/completions", strings.HasPrefix(field, "job/"):
		return "how often a run is tried is stated"
	case field == "pod/securityContext/fsGroup", field == "pod/securityContext/fsGroupChangePolicy":
		return "a process may write to its persistent volumes"
	case strings.HasPrefix(field, "service/"):
		return "a workload whose ports others may reach has a Service of its own"
	case strings.HasPrefix(field, "update/"), strings.HasPrefix(field, "spec/"), field == "kind":
		return "it stands for what the account calls approximated"
	case strings.HasPrefix(field, "claims/"), strings.HasPrefix(field, "volumes/"), strings.HasPrefix(field, "autoscaler/"):
		return "it stands for what the account calls approximated"
	case strings.Contains(field, "/env/"), strings.Contains(field, "/mounts/"), strings.Contains(field, "/ports/"), strings.Contains(field, "/args"), strings.Contains(field, "/command"):
		return "it stands for what the account calls approximated"
	case strings.HasPrefix(key, "ingress/"), strings.HasPrefix(key, "config/"), strings.HasPrefix(key, "account/"):
		return "it stands for what the account calls approximated"
	}
	return ""
}
