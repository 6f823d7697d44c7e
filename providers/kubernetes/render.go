package kubernetes

import (
	"context"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// manifest is one object of the Kubernetes API.
type manifest interface {
	runtime.Object
	metav1.Object
}

// made is one of a tenant's objects, with its workload; empty: the tenant.
type made struct {
	manifest
	workload string
}

// makers make the objects of a tenant, kind by kind: dependencies come first.
var makers = []func(*tenant) []made{
	each((*workload).serviceAccount),
	(*tenant).configMaps,
	each((*workload).services),
	(*tenant).sharedClaims,
	each((*workload).claims),
	each((*workload).controller),
	each((*workload).autoscaler),
	each((*workload).budget),
	each((*workload).entry),
}

// ofWorkload makes the objects of one workload, before its patch.
var ofWorkload = []func(*workload) []manifest{
	(*workload).serviceAccount,
	(*workload).services,
	(*workload).claims,
	(*workload).controller,
	(*workload).autoscaler,
	(*workload).budget,
	(*workload).entry,
}

func each(of func(*workload) []manifest) func(*tenant) []made {
	return func(t *tenant) []made {
		var all []made
		for _, w := range t.Workloads {
			objects := of(w)
			w.patch(objects)
			for _, m := range objects {
				all = append(all, made{m, w.Name})
			}
		}
		return all
	}
}

// Render makes the tenant's objects, one in each file.
func (*Provider) Render(ctx context.Context, p *plan.Plan) ([]provider.File, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	var files []provider.File
	for _, makes := range makers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, m := range makes(t) {
			kind := strings.ToLower(m.GetObjectKind().GroupVersionKind().Kind)
			files = append(files, provider.File{Name: m.GetName() + "." + kind + ".yaml", Data: yamlOf(m.manifest), Workload: m.workload})
		}
	}
	return files, nil
}

// meta returns the metadata of one of the tenant's own objects.
func (t *tenant) meta(name string, labels, annotations map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: t.Ext.Namespace, Labels: labels, Annotations: annotations}
}

// meta returns the metadata of one of the workload's objects.
func (w *workload) meta(name string, annotations map[string]string) metav1.ObjectMeta {
	return w.tenant.meta(name, w.labels(), annotations)
}

// configMaps makes the tenant's configurations, including those that no workload reads.
func (t *tenant) configMaps() []made {
	all := make([]made, 0, len(t.Plan.Config))
	for n, files := range plan.Sorted(t.Plan.Config) {
		all = append(all, made{manifest: &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: t.meta(nativeName(t.Plan.ID, n), t.labels(), nil),
			Data:       files,
		}})
	}
	return all
}

// serviceAccount makes the account if the author requests it; others already exist.
func (w *workload) serviceAccount() []manifest {
	if !w.Ext.CreateServiceAccount {
		return nil
	}
	return []manifest{&corev1.ServiceAccount{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"},
		ObjectMeta: w.meta(w.serviceAccountName(), w.Ext.ServiceAccountAnnotations),
	}}
}

// serviceAccountName returns the account of the pods, "" for the namespace's default.
func (w *workload) serviceAccountName() string {
	if w.Ext.CreateServiceAccount && w.Ext.ServiceAccount == "" {
		return w.native
	}
	return w.Ext.ServiceAccount
}
