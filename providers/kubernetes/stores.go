package kubernetes

import (
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

var storeKey = lazyregexp.New(`^[-._a-zA-Z0-9]+$`)

// isStoreKey matches a key of a ConfigMap or Secret: IsConfigMapKey of k8s.io/apimachinery,
// pkg/util/validation.
func isStoreKey(s string) bool {
	return len(s) <= maxSubdomain && storeKey.MatchString(s) && s != "." && !strings.HasPrefix(s, "..")
}

func secrets(c *check) {
	for n, keyed := range plan.Sorted(usedSecrets(c.Plan)) {
		s, ok := c.Secrets[n]
		if !ok {
			continue
		}
		if !isSubdomain(s.Path) {
			d := c.Errorf(diag.BadFormat, c.atSecret(n, "path"), "%q is not the name of a Kubernetes Secret", s.Path)
			d.Help = "a Secret's name is lower-case letters, digits, `-` and `.`; where the tenant moves between platforms, set extensions.kubernetes.secrets." + n
		}
		switch {
		case !keyed:
		case s.Key == "":
			d := c.Errorf(diag.MissingField, c.atSecret(n, "key"), "secret %q has no key, and a Kubernetes Secret keeps every value under one", n)
			d.Help = "set key to the entry of the Secret that holds the value"
			d.Docs = "https://kubernetes.io/docs/concepts/configuration/secret/"
		case !isStoreKey(s.Key):
			d := c.Errorf(diag.BadFormat, c.atSecret(n, "key"), "%q is not a key of a Kubernetes Secret", s.Key)
			d.Help = "a key is letters, digits, `-`, `_` and `.`, at most 253, and does not start with `..`"
		}
	}
}

// usedSecrets returns the secrets that workloads use; true if a single value is used, which
// needs a key.
func usedSecrets(p *plan.Plan) map[string]bool {
	used := map[string]bool{}
	for _, w := range p.Workloads {
		for _, ctr := range w.Containers {
			for _, e := range ctr.Sources() {
				if e.Secret != "" {
					used[e.Secret] = true
				}
			}
			for _, m := range ctr.Mounts {
				if m.Secret != "" {
					used[m.Secret] = true
				}
			}
		}
		for _, in := range w.Ingress {
			if in.TLSSecret != "" && !used[in.TLSSecret] {
				used[in.TLSSecret] = false
			}
		}
	}
	return used
}

// atSecret returns the position of a secret's field: in the override, if there is one.
func (c *check) atSecret(n, field string) diag.Path {
	if o, ok := c.Ext.Secrets[n]; ok && (field == "path" && o.Path != "" || field == "key" && o.Key != "") {
		return c.AtExtension("secrets", n, field)
	}
	return diag.At("secrets", n, field)
}

func configs(c *check) {
	const docs = "https://kubernetes.io/docs/concepts/configuration/configmap/"
	for n, files := range plan.Sorted(c.Plan.Config) {
		size := 0
		for file, text := range plan.Sorted(files) {
			size += len(text)
			if !isStoreKey(file) {
				d := c.Errorf(diag.BadFormat, diag.At("config", n, file), "%q is not a key of a ConfigMap", file)
				d.Help = "a file name does not start with `..` on kubernetes"
				d.Docs = docs
			}
		}
		if size > maxConfigMapBytes {
			d := c.Errorf(diag.OutOfBounds, diag.At("config", n), "config %q has %d bytes, and a ConfigMap holds at most %d", n, size, maxConfigMapBytes)
			d.Help = "split it into several, or put the files into the image"
			d.Docs = docs
		}
	}
}

// tenantRows are the rows of the tenant itself.
var tenantRows = provider.Table{
	{Field: "id", Level: exact, How: "the prefix of every object's name, and the label `app.kubernetes.io/part-of`"},
	{Field: "labels", Level: exact, How: "labels of every object and of the pods, but for the claims that a StatefulSet makes, whose labels are immutable", Effect: pods, Source: "not of claims, whose template is immutable"},
	{Field: "secrets", Level: exact, How: "a Secret of the namespace, by reference", Effect: provider.EffectFunc(secretUsers)},
	{Field: "secrets.path", Level: exact, How: "the Secret's name"},
	{Field: "secrets.key", Level: exact, How: "its key"},
	{Field: "volumes", Level: exact, How: "a PersistentVolumeClaim of mode ReadWriteMany", Effect: provider.EffectFunc(sharedClaim)},
	{Field: "volumes", When: "without a class", Level: approximated, How: "a claim of the cluster's default, of which is not known whether it provides ReadWriteMany", Instead: "state the class"},
	{Field: "volumes.size", Level: exact, How: "the claim's request for `storage`"},
	{Field: "volumes.class", Level: exact, How: "`storageClassName`, of one that provides ReadWriteMany"},
	{Field: "config", Level: exact, How: "a ConfigMap; a change of it replaces the pods that read it", Effect: provider.EffectFunc(configUsers)},
}
