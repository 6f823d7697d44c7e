package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	core "k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"sigs.k8s.io/yaml"

	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
)

// strategies are how the server takes each kind of object.
var strategies = map[schema.GroupVersionKind]rest.RESTCreateStrategy{
	{Version: "v1", Kind: "ConfigMap"}:                                     configmap.Strategy,
	{Version: "v1", Kind: "PersistentVolumeClaim"}:                         persistentvolumeclaim.Strategy,
	{Version: "v1", Kind: "Pod"}:                                           pod.Strategy,
	{Version: "v1", Kind: "Service"}:                                       service.Strategy,
	{Version: "v1", Kind: "ServiceAccount"}:                                serviceaccount.Strategy,
	{Group: "apps", Version: "v1", Kind: "DaemonSet"}:                      daemonset.Strategy,
	{Group: "apps", Version: "v1", Kind: "Deployment"}:                     deployment.Strategy,
	{Group: "apps", Version: "v1", Kind: "StatefulSet"}:                    statefulset.Strategy,
	{Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler"}: horizontalpodautoscaler.Strategy,
	{Group: "batch", Version: "v1", Kind: "CronJob"}:                       cronjob.Strategy,
	{Group: "batch", Version: "v1", Kind: "Job"}:                           job.Strategy,
	{Group: "networking.k8s.io", Version: "v1", Kind: "Ingress"}:           ingress.Strategy,
	{Group: "policy", Version: "v1", Kind: "PodDisruptionBudget"}:          poddisruptionbudget.Strategy,
}

// strict refuses unknown fields and fields that are written twice, as kubectl asks the
// server to.
var strict = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()

// cluster is what one tenant's documents have made.
type cluster struct {
	objects  map[string]string            // kind and namespaced name → document
	configs  map[string]map[string]string // ConfigMaps by name
	warnings []string
}

// AddWarning implements warning.Recorder.
func (c *cluster) AddWarning(_, text string) { c.warnings = append(c.warnings, text) }

// warned returns the warnings since it was last called.
func (c *cluster) warned() []string {
	w := c.warnings
	c.warnings = nil
	return w
}

// apply creates the object of a document, and returns it as the server keeps it.
func (c *cluster) apply(doc document) (runtime.Object, error) {
	object, gvk, err := strict.Decode([]byte(doc.Data), nil, nil)
	if err != nil {
		return nil, err
	}
	kept, err := c.create(object, *gvk)
	if err != nil {
		return nil, err
	}
	m := kept.(metav1.Object)
	key := gvk.Kind + " " + m.GetNamespace() + "/" + m.GetName()
	if first, ok := c.objects[key]; ok {
		return nil, fmt.Errorf("%s is that of %s too", key, first)
	}
	c.objects[key] = doc.Name
	if config, ok := kept.(*corev1.ConfigMap); ok {
		c.configs[config.Name] = config.Data
	}
	return kept, keeps(doc.Data, kept)
}

// create admits an object in the server's internal version, and returns it in gvk's.
func (c *cluster) create(object runtime.Object, gvk schema.GroupVersionKind) (runtime.Object, error) {
	strategy, ok := strategies[gvk]
	if !ok {
		return nil, fmt.Errorf("no strategy for %s", gvk)
	}
	m := object.(metav1.Object)
	if m.GetNamespace() == "" {
		m.SetNamespace(metav1.NamespaceDefault)
	}
	rest.FillObjectMetaSystemFields(m)
	if s, ok := object.(*core.Service); ok {
		allocate(s)
	}
	ctx := genericapirequest.WithNamespace(context.Background(), m.GetNamespace())
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: "create", APIGroup: gvk.Group, APIVersion: gvk.Version, Namespace: m.GetNamespace(),
	})
	if err := rest.BeforeCreate(strategy, warning.WithWarningRecorder(ctx, c), object); err != nil {
		return nil, err
	}
	return legacyscheme.Scheme.ConvertToVersion(object, gvk.GroupVersion())
}

// allocate fills in what the server gives a Service before the strategy is asked:
// normalizeClusterIPs and allocateCreate of pkg/registry/core/service/storage.
func allocate(s *core.Service) {
	if s.Spec.ClusterIP != "" && len(s.Spec.ClusterIPs) == 0 {
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
	if s.Spec.Type == core.ServiceTypeLoadBalancer && s.Spec.ExternalTrafficPolicy == core.ServiceExternalTrafficPolicyLocal && s.Spec.HealthCheckNodePort == 0 {
		s.Spec.HealthCheckNodePort = 30000
	}
}

// keeps reports what the server has silently dropped or changed of a document: fields of
// features that are off, for one.
func keeps(data string, kept runtime.Object) error {
	var wrote, has any
	if err := yaml.Unmarshal([]byte(data), &wrote); err != nil {
		return err
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &has); err != nil {
		return err
	}
	return within("", wrote, has)
}

// within reports the first part of a that b lacks.
func within(at string, a, b any) error {
	switch a := a.(type) {
	case map[string]any:
		b, _ := b.(map[string]any)
		for _, k := range slices.Sorted(maps.Keys(a)) {
			if err := within(at+"."+k, a[k], b[k]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		b, _ := b.([]any)
		if len(a) != len(b) {
			return fmt.Errorf("the server keeps %d of %d elements of %s", len(b), len(a), at)
		}
		for i := range a {
			if err := within(fmt.Sprintf("%s[%d]", at, i), a[i], b[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("the server keeps %v of %v at %s", b, a, at)
	}
	return nil
}
