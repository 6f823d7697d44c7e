package kubernetes

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

func ports(c *check, w *workload) {
	for n, ctr := range w.all {
		for port := range plan.Sorted(ctr.Ports) {
			if strings.Contains(port, "--") {
				d := c.Errorf(diag.BadFormat, w.At("containers", n, "ports", port), "port name %q has two hyphens in a row, which kubernetes refuses", port)
				d.Help = "call it " + quote(singleHyphens(port))
				d.Docs = "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services"
			}
		}
	}
}

func singleHyphens(s string) string {
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	return s
}

// exposes reports whether a port of the workload is exposed in one of the ways.
func (w *workload) exposes(how ...string) bool {
	for _, ctr := range w.Containers {
		for _, p := range ctr.Ports {
			if slices.Contains(how, p.Expose) {
				return true
			}
		}
	}
	return false
}

// What a path of type Prefix cannot have: validateHTTPIngressPath of
// pkg/apis/networking/validation.
var (
	forbiddenInPath    = []string{"//", "/./", "/../", "%2f", "%2F"}
	forbiddenAtPathEnd = []string{"/..", "/."}
)

// forbiddenPath returns the forbidden part of an Ingress path, or "".
func forbiddenPath(path string) string {
	for _, s := range forbiddenInPath {
		if strings.Contains(path, s) {
			return s
		}
	}
	for _, s := range forbiddenAtPathEnd {
		if strings.HasSuffix(path, s) {
			return s
		}
	}
	return ""
}

func ingresses(c *check, w *workload) {
	const docs = "https://kubernetes.io/docs/concepts/services-networking/ingress/"
	for i, in := range w.Ingress {
		// validateIngressRules of pkg/apis/networking/validation.
		if _, err := netip.ParseAddr(in.Host); err == nil {
			d := c.Errorf(diag.BadFormat, w.At("ingress", i, "host"), "host %q is an address, and an Ingress takes a name", in.Host)
			d.Help = "write the name that people use"
			d.Docs = docs
		}
		if s := forbiddenPath(in.Path); s != "" {
			d := c.Errorf(diag.BadFormat, w.At("ingress", i, "path"), "path %q has %q, which an Ingress cannot match", in.Path, s)
			d.Help = "write the path without it"
			d.Docs = docs
		}
		sameHost(c, w, i)
	}
	// ValidateIngressCreate of pkg/apis/networking/validation.
	const class = "kubernetes.io/ingress.class"
	if a, ok := w.Ext.IngressAnnotations[class]; ok && c.Ext.IngressClass != "" && a != c.Ext.IngressClass {
		d := c.Errorf(diag.Conflict, w.AtExtension("ingressAnnotations", class), "annotation %s is %q, and the tenant's ingressClass is %q", class, a, c.Ext.IngressClass)
		d.Help = "leave the annotation out"
		d.Docs = docs
	}
}

// sameHost compares an entry with those of its host before it. Kubernetes admits two
// certificates, of which the controller uses one.
func sameHost(c *check, w *workload, i int) {
	const docs = "https://kubernetes.io/docs/concepts/services-networking/ingress/"
	in := w.Ingress[i]
	j := slices.IndexFunc(w.Ingress[:i], func(e plan.Ingress) bool { return e.Host == in.Host })
	if j < 0 {
		return
	}
	if first := w.Ingress[j]; first.TLS != in.TLS || first.TLSSecret != in.TLSSecret {
		d := c.Errorf(diag.Unsupported, w.At("ingress", i, "tls"), "an Ingress has one certificate for all paths of a host, and for %q entry %d says otherwise", in.Host, j+1)
		d.Help = "give both entries the same tls, or hosts of their own"
		d.Docs = docs + "#tls"
	}
}

func services(c *check, w *workload) {
	for i, s := range w.Ext.LoadBalancerSourceRanges {
		at := w.AtExtension("loadBalancerSourceRanges", i)
		network, err := netip.ParsePrefix(strings.TrimSpace(s))
		switch {
		case err != nil || network.Addr().Is4In6():
			c.Errorf(diag.BadFormat, at, "%q is not a network", s).Help = "write an address and a length, such as 203.0.113.0/24"
		case network != network.Masked():
			c.Errorf(diag.BadFormat, at, "%q has bits set beyond the length of the network", s).Help = "write " + network.Masked().String()
		}
	}
}

// ingressRows are the rows of entries.
var ingressRows = provider.Table{
	{Field: "workloads.ingress", Level: exact, How: "an Ingress", Effect: inPlace, Source: "the Ingress"},
	{Field: "workloads.ingress.host", Level: exact, How: "a rule's `host`"},
	{Field: "workloads.ingress.path", Level: exact, How: "`path`, of type Prefix"},
	{Field: "workloads.ingress.port", Level: exact, How: "the `backend`: the workload's Service and its port"},
	{Field: "workloads.ingress.tls", When: "true", Level: exact, How: "`tls` with the controller's own certificate"},
	{Field: "workloads.ingress.tls", When: "with a secret", Level: exact, How: "`tls` with `secretName`"},
	{Field: "workloads.ingress.tls", When: "other than that of another path of the host", Level: unsupported, How: "a host has one certificate, whatever the path", Instead: "give them the same tls, or hosts of their own"},
}

// portRows are the rows of ports.
var portRows = provider.Table{
	{Field: "workloads.containers.ports", Level: exact, How: "`ports` of the container and of the workload's Service"},
	{Field: "workloads.containers.ports", When: "of one number, which differ in their protocol", Level: approximated, How: "kubectl apply merges ports by number, and keeps one of the two on an update", Instead: "kubectl apply --server-side"},
	{Field: "workloads.containers.ports", When: "public ones of tcp and udp", Level: approximated, How: "one load balancer, and some clouds take one protocol", Instead: "give one of them a workload of its own"},
	{Field: "workloads.containers.ports.protocol", Level: exact, How: "`protocol`"},
	{Field: "workloads.containers.ports.app", Level: exact, How: "`appProtocol` of the Service's port", Effect: inPlace, Source: "the Services"},
	{Field: "workloads.containers.ports.expose", When: "none", Level: exact, How: "no port of the Service", Effect: inPlace, Source: "the Services"},
	{Field: "workloads.containers.ports.expose", When: "internal", Level: exact, How: "a port of the Service"},
	{Field: "workloads.containers.ports.expose", When: "public", Level: exact, How: "a port of the Service, and of a second one of type LoadBalancer"},
}
