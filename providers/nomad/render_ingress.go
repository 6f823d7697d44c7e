package nomad

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// routes are the tags by which Traefik serves the entries of a port
// (https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/nomad/).
// Traefik's own service has a name for each port, since it would make one of all ports of
// a workload; an underscore, which no name of an author's has, keeps those apart.
func (r *renderer) routes(w *workload, port string) []string {
	if r.Ext.Ingress == nil {
		return nil
	}
	var tags []string
	service := nativeName(r.Plan.ID, w.Name) + "_" + port
	for i, entry := range w.Ingress {
		if entry.Port != port {
			continue
		}
		if tags == nil {
			tags = []string{"traefik.enable=true", "traefik.http.services." + service + ".loadbalancer.passhostheader=true"}
		}
		tags = append(tags, r.Ext.Ingress.route(fmt.Sprintf("traefik.http.routers.%s_%d.", service, i), entry)...)
	}
	return tags
}

// route returns the tags of one entry's router.
//
// A router's priority is the length of its rule, where none is stated, so one for any host of a domain, whose rule is
// long, would win over one for a single host of it. It has a priority below all of those, and among its like the
// longer path wins
// (https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/; checked 2026-11-28).
func (g *gateway) route(router string, entry plan.Ingress) []string {
	tags := []string{router + "rule=" + hostRule(entry.Host) + " && " + pathRule(entry.Path)}
	if strings.HasPrefix(entry.Host, "*.") {
		tags = append(tags, fmt.Sprintf("%spriority=%d", router, min(len(entry.Path), minExactRule-1)))
	}
	if len(g.EntryPoints) > 0 {
		tags = append(tags, router+"entrypoints="+strings.Join(g.EntryPoints, ","))
	}
	if !entry.TLS {
		return tags
	}
	tags = append(tags, router+"tls=true")
	if g.CertResolver != "" {
		tags = append(tags, router+"tls.certresolver="+g.CertResolver)
	}
	return tags
}

// hostRule matches a host; a first label `*` matches any single label.
func hostRule(host string) string {
	parent, ok := strings.CutPrefix(host, "*.")
	if !ok {
		return "Host(" + ruleText(host) + ")"
	}
	return "HostRegexp(" + ruleText(`^[a-z0-9-]+\.`+regexp.QuoteMeta(parent)+"$") + ")"
}

// pathRule matches a path and what is below it, element by element; Traefik's own prefix is one of characters, of
// which /v11 begins with /v1 (pathPrefix in pkg/muxer/http/matcher.go of github.com/traefik/traefik; checked 2026-11-28).
func pathRule(path string) string {
	path = strings.TrimRight(path, "/")
	if path == "" {
		return "PathPrefix(`/`)"
	}
	return "(Path(" + ruleText(path) + ") || PathPrefix(" + ruleText(path+"/") + "))"
}

// ruleText quotes a text for rules, which use Go's syntax.
func ruleText(s string) string {
	if strings.Contains(s, "`") {
		return strconv.Quote(s)
	}
	return "`" + s + "`"
}

// ingressRows are the rows of entries.
var ingressRows = provider.Table{
	{Field: "workloads.ingress", When: "with a gateway in the extension", Level: exact, How: "tags of the service, which Traefik reads"},
	{Field: "workloads.ingress", When: "without a gateway in the extension", Level: unsupported, How: "there is no ingress", Instead: "set extensions.nomad.ingress where the landlord runs a gateway, or make the port public"},
	{Field: "workloads.ingress.host", Level: exact, How: "a router's `Host` rule; a `*` stands for one label"},
	{Field: "workloads.ingress.path", Level: exact, How: "the router's `Path` and `PathPrefix` rules, element by element"},
	{Field: "workloads.ingress.path", When: "with ${NAME}", Level: unsupported, How: "the name would be replaced", Instead: "write the $ as %24"},
	{Field: "workloads.ingress.port", Level: exact, How: "the service whose tags they are"},
	{Field: "workloads.ingress.tls", When: "true", Level: exact, How: "the router's `tls`, with the gateway's own certificate or resolver"},
	{Field: "workloads.ingress.tls", When: "with a secret", Level: unsupported, How: "Traefik takes no certificate from Nomad", Instead: "set tls to true, and a certificate or a resolver of the gateway's own"},
}
