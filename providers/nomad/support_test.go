package nomad

import (
	"regexp"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestSupport(t *testing.T) {
	providertest.Support(t, New(), "testdata", "workloads.containers.ready", "workloads.containers.startup")
}

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"),
		providertest.Unescape(expanded),
		providertest.Tenant("signals.yaml", onSignal),
		providertest.Unseen("workloads.containers.ports.protocol", "every port is forwarded for tcp and udp"),
		providertest.Unseen("extensions.nomad.memoryOversubscription", "Validate reads it: whether memoryMax is kept is the cluster's to say"),
		providertest.Unseen("extensions.nomad.maxKillTimeout", "Validate reads it: it bounds stopGrace"))
}

// onSignal is a tenant for fields that matter only together with others.
const onSignal = `
id: acme
provider: nomad
secrets: {db: {path: acme/db, key: password}}
workloads:
  web:
    replicas: 4
    rollout: {maxUnavailable: 0}
    extensions: {nomad: {secretChange: {mode: signal, signal: SIGHUP}}}
    containers: {app: {image: "ghcr.io/acme/web:1", mounts: {/run/db: {secret: db}}, resources: {cpu: 250m, memory: 512Mi}}}
`

var hclTemplate = regexp.MustCompile(`\$\$\{|%%\{|[$%]\{[^}]*\}`)

// expanded returns a text as Nomad reads it: the driver's configuration is an HCL template
// (helper/pluginutils/hclutils).
func expanded(field, text string) string {
	if field != "workloads.containers.command" && field != "workloads.containers.args" {
		return text
	}
	return hclTemplate.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$${" || found == "%%{" {
			return found[1:]
		}
		return "a variable"
	})
}
