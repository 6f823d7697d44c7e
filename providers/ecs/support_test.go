package ecs

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestSupport(t *testing.T) {
	providertest.Support(t, New(), "testdata", "workloads.containers.health", "workloads.containers.ready", "workloads.containers.startup")
}

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"),
		providertest.Tenant("machines.yaml", machines),
		providertest.Policy(`tenant: extensions: ecs: subnets: *["subnet-0a1b2c3d"] | [...string]`))
}

// machines is a tenant on EC2, for fields that matter only together with others.
const machines = `
id: acme
provider: ecs
extensions:
  ecs:
    launchType: EC2
    cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/main"
    executionRoleArn: "arn:aws:iam::123456789012:role/acme-execution"
    volumes: {data: {efs: {fileSystemId: fs-0a1b2c3d}}, media: {efs: fs-0a1b2c3d4e}, other: {efs: fs-0a1b2c3d4f}}
volumes: {media: {size: 10Gi}, other: {size: 10Gi}}
secrets: {db: {path: /acme/db}, tls: {path: /acme/tls}}
workloads:
  api: {extensions: {ecs: {memory: 512}}, containers: {app: {image: "ghcr.io/acme/api:1", ports: {http: 9000}}}}
  web:
    extensions: {ecs: {memory: 512, targetGroups: {http: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0a1b2c3d4e5f6789"}}}
    volumes: {data: {persistent: {size: 1Gi}}, media: {shared: media}}
    ingress: [{host: acme.example.com, port: http}]
    containers:
      app:
        image: ghcr.io/acme/web:1
        ports: {http: 8080}
        env: {API: {endpoint: api.http}, DB: {secret: db}, TLS: {secret: tls}}
        mounts: {/data: {volume: data}, /media: {volume: media}}
`
