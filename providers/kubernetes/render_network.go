package kubernetes

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// services returns the Services that a workload needs: its name within the cluster, a name for
// each copy of a StatefulSet, and public ports.
func (w *workload) services() []manifest {
	var all []manifest
	if w.exposes("internal", "public") {
		s := w.service(w.native, w.Ext.ServiceAnnotations)
		s.Spec.Ports = w.servicePorts("internal", "public")
		all = append(all, s)
	}
	if w.object() == statefulSet {
		s := w.service(headlessName(w.native), nil)
		s.Spec.Ports = w.servicePorts("internal", "public")
		s.Spec.ClusterIP = corev1.ClusterIPNone
		s.Spec.PublishNotReadyAddresses = true // copies find each other before they are ready
		all = append(all, s)
	}
	if w.exposes("public") {
		s := w.service(publicName(w.native), w.Ext.ServiceAnnotations)
		s.Spec.Ports = w.servicePorts("public")
		s.Spec.Type = corev1.ServiceTypeLoadBalancer
		s.Spec.LoadBalancerSourceRanges = w.Ext.LoadBalancerSourceRanges
		s.Spec.ExternalTrafficPolicy = corev1.ServiceExternalTrafficPolicy(w.Ext.ExternalTrafficPolicy)
		if w.Ext.LoadBalancerClass != "" {
			s.Spec.LoadBalancerClass = &w.Ext.LoadBalancerClass
		}
		all = append(all, s)
	}
	return all
}

func (w *workload) service(name string, annotations map[string]string) *corev1.Service {
	return &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: w.meta(name, annotations),
		Spec:       corev1.ServiceSpec{Selector: w.selector().MatchLabels},
	}
}

// servicePorts have the containers' own numbers, which endpoints use.
func (w *workload) servicePorts(exposed ...string) []corev1.ServicePort {
	var ports []corev1.ServicePort
	for n, p := range plan.Sorted(w.Ports()) {
		if !slices.Contains(exposed, p.Expose) {
			continue
		}
		port := corev1.ServicePort{Name: n, Port: int32(p.Number), TargetPort: intstr.FromString(n)}
		if p.Protocol != "tcp" {
			port.Protocol = protocol(p)
		}
		if app := appProtocols[p.App]; app != "" {
			port.AppProtocol = &app
		}
		ports = append(ports, port)
	}
	return ports
}

// appProtocols are the names of protocols in a Service: that of IANA, that which Kubernetes
// defines, and the one that meshes know.
// Source: k8s.io/api v0.37.1, core/v1, ServicePort.AppProtocol; https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/, checked 2026-11-29.
var appProtocols = map[string]string{"http": "http", "http2": "kubernetes.io/h2c", "grpc": "grpc"}

// entry returns the workload's Ingress.
func (w *workload) entry() []manifest {
	if len(w.Ingress) == 0 {
		return nil
	}
	in := &networkingv1.Ingress{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "Ingress"},
		ObjectMeta: w.meta(w.native, w.Ext.IngressAnnotations),
	}
	if class := w.tenant.Ext.IngressClass; class != "" {
		in.Spec.IngressClassName = &class
	}
	for _, e := range w.Ingress {
		in.Spec.TLS = w.withTLS(in.Spec.TLS, e)
		in.Spec.Rules = w.withPath(in.Spec.Rules, e)
	}
	return []manifest{in}
}

// withTLS adds the entry's host to those of the same certificate.
func (w *workload) withTLS(all []networkingv1.IngressTLS, e plan.Ingress) []networkingv1.IngressTLS {
	if !e.TLS {
		return all
	}
	secret := ""
	if e.TLSSecret != "" {
		secret = w.tenant.Secrets[e.TLSSecret].Path
	}
	i := slices.IndexFunc(all, func(t networkingv1.IngressTLS) bool { return t.SecretName == secret })
	switch {
	case i < 0:
		all = append(all, networkingv1.IngressTLS{Hosts: []string{e.Host}, SecretName: secret})
	case !slices.Contains(all[i].Hosts, e.Host):
		all[i].Hosts = append(all[i].Hosts, e.Host)
	}
	return all
}

// withPath adds the entry's path to those of the same host.
func (w *workload) withPath(rules []networkingv1.IngressRule, e plan.Ingress) []networkingv1.IngressRule {
	i := slices.IndexFunc(rules, func(r networkingv1.IngressRule) bool { return r.Host == e.Host })
	if i < 0 {
		i = len(rules)
		rules = append(rules, networkingv1.IngressRule{
			Host:             e.Host,
			IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{}},
		})
	}
	http := rules[i].HTTP
	http.Paths = append(http.Paths, networkingv1.HTTPIngressPath{
		Path:     e.Path,
		PathType: new(networkingv1.PathTypePrefix),
		Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
			Name: w.native,
			Port: networkingv1.ServiceBackendPort{Name: e.Port},
		}},
	})
	return rules
}
