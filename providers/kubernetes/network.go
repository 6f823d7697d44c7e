package kubernetes

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
)

// ports are named on containers: IsValidPortName of k8s.io/apimachinery,
// pkg/util/validation, of which the schema asks all but this.
func ports(c *check, w *workload) {
	for n, ctr := range w.all {
		for port := range plan.Sorted(ctr.Ports) {
			if strings.Contains(port, "--") {
				d := c.Errorf(diag.BadFormat, w.at("containers", n, "ports", port), "port name %q has two hyphens in a row, which kubernetes refuses", port)
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

// forbiddenPath returns the part that a path of an Ingress cannot have; "": none.
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
			d := c.Errorf(diag.BadFormat, w.at("ingress", i, "host"), "host %q is an address, and an Ingress takes a name", in.Host)
			d.Help = "write the name that people use"
			d.Docs = docs
		}
		if s := forbiddenPath(in.Path); s != "" {
			d := c.Errorf(diag.BadFormat, w.at("ingress", i, "path"), "path %q has %q, which an Ingress cannot match", in.Path, s)
			d.Help = "write the path without it"
			d.Docs = docs
		}
		sameHost(c, w, i)
	}
	// ValidateIngressCreate of pkg/apis/networking/validation.
	const class = "kubernetes.io/ingress.class"
	if a, ok := w.ext.IngressAnnotations[class]; ok && c.ext.IngressClass != "" && a != c.ext.IngressClass {
		d := c.Errorf(diag.Conflict, w.atExtension("ingressAnnotations", class), "annotation %s is %q, and the tenant's ingressClass is %q", class, a, c.ext.IngressClass)
		d.Help = "leave the annotation out"
		d.Docs = docs
	}
}

// sameHost compares an entry with those of its host before it. Kubernetes admits two
// certificates, and it is the controller's to choose which of them it heeds.
func sameHost(c *check, w *workload, i int) {
	const docs = "https://kubernetes.io/docs/concepts/services-networking/ingress/"
	in := w.Ingress[i]
	j := slices.IndexFunc(w.Ingress[:i], func(e plan.Ingress) bool { return e.Host == in.Host })
	if j < 0 {
		return
	}
	if first := w.Ingress[j]; first.TLS != in.TLS || first.TLSSecret != in.TLSSecret {
		d := c.Errorf(diag.Unsupported, w.at("ingress", i, "tls"), "an Ingress has one certificate for all paths of a host, and for %q entry %d says otherwise", in.Host, j+1)
		d.Help = "give both entries the same tls, or hosts of their own"
		d.Docs = docs + "#tls"
	}
}

// services: validateService of pkg/apis/core/validation, and parseCIDR of
// k8s.io/apimachinery, pkg/util/validation.
func services(c *check, w *workload) {
	for i, s := range w.ext.LoadBalancerSourceRanges {
		at := w.atExtension("loadBalancerSourceRanges", i)
		network, err := netip.ParsePrefix(strings.TrimSpace(s))
		switch {
		case err != nil || network.Addr().Is4In6():
			c.Errorf(diag.BadFormat, at, "%q is not a network", s).Help = "write an address and a length, such as 203.0.113.0/24"
		case network != network.Masked():
			c.Errorf(diag.BadFormat, at, "%q has bits set beyond the length of the network", s).Help = "write " + network.Masked().String()
		}
	}
}
