// Package ecs compiles tenants to Amazon ECS: task definitions with their services,
// one-off tasks and schedules.
package ecs

import (
	"context"
	"embed"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// providerName is the value of `provider`, and the key of the extensions.
const providerName = "ecs"

//go:embed *.cue
var schemaFiles embed.FS

//go:embed tenant.shape
var precompiled string

//go:embed starter.yaml
var starter []byte

// Provider is Amazon ECS. It calls nothing: its lifecycle is recorded in memory.
type Provider struct{ *provider.Recorder }

var _ provider.Renderer = (*Provider)(nil)
var _ provider.Defaulter = (*Provider)(nil)

// New makes the provider.
func New() *Provider {
	return &Provider{provider.NewRecorder(providerName, table.Effect).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider.
func (*Provider) Info() provider.Info { return info }

// info is made once, because Info is called for each tenant.
var info = provider.Info{
	Name: providerName,
	Doc:  "Amazon ECS: a task definition for each workload, with its service, RunTask input or EventBridge schedule",
	URL:  docs + "Welcome.html",
	Schema: provider.Schema{
		ImportPath: "github.com/cuecompute/cuecompute/providers/ecs",
		Files:      schemaFiles,
		Compiled:   precompiled,
	},
	Support: table.Support(),
	Rules:   rules.List(),
	Starter: starter,
}

// Validate returns what ECS would refuse or do otherwise than written.
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	c := &check{tenant: t, List: t.DanglingSecrets()}
	err = rules.Validate(ctx, c, t.Workloads)
	return c.List, err
}

// tenant is a plan for ECS.
type tenant struct {
	*provider.DecodedTenant[tenantExtension, *workload]

	// served holds the workloads whose endpoints the tenant uses.
	served map[string]bool
}

// workload is one workload of the tenant.
type workload struct {
	provider.DecodedWorkload[workloadExtension]
}

func decode(p *plan.Plan) (*tenant, error) {
	t := &tenant{served: map[string]bool{}}
	var err error
	t.DecodedTenant, err = provider.Decode(&extensions, p, func(w provider.DecodedWorkload[workloadExtension]) *workload {
		for _, to := range endpointsOf(w.Workload) {
			t.served[to.Workload] = true
		}
		return &workload{w}
	})
	return t, err
}

// endpointsOf returns the endpoints that the workload's containers use.
func endpointsOf(w plan.Workload) []*plan.Endpoint {
	var all []*plan.Endpoint
	for _, container := range plan.Sorted(w.Containers) {
		for _, value := range container.Sources() {
			if value.Endpoint != nil {
				all = append(all, value.Endpoint)
			}
		}
	}
	return all
}

// The launch types.
const (
	fargate = "FARGATE"
	ec2     = "EC2"
)

func (t *tenant) fargate() bool { return t.Ext.LaunchType == fargate }

// Pages of the platform's documentation that several rules cite.
const (
	docs = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
	api  = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"

	fargateDocs    = docs + "fargate-tasks-services.html"
	taskDocs       = docs + "task_definition_parameters.html"
	quotaDocs      = docs + "service-quotas.html"
	containerDocs  = api + "API_ContainerDefinition.html"
	serviceDocs    = api + "API_CreateService.html"
	runTaskDocs    = api + "API_RunTask.html"
	connectDocs    = docs + "service-connect.html"
	sensitiveDocs  = docs + "specifying-sensitive-data.html"
	deploymentDocs = api + "API_DeploymentConfiguration.html"
)

// unsupported reports what the platform does not support, with the alternative.
func (c *check) unsupported(path diag.Path, docs, help, format string, args ...any) {
	d := c.Errorf(diag.Unsupported, path, format, args...)
	d.Help, d.Docs = help, docs
}

// report reports an error with its fix and the page of the rule.
func (c *check) report(code diag.Code, path diag.Path, docs, help, format string, args ...any) {
	d := c.Errorf(code, path, format, args...)
	d.Help, d.Docs = help, docs
}

// approximate warns that the platform approximates a concept.
func (c *check) approximate(concept diag.Concept, path diag.Path, docs, help, format string, args ...any) {
	d := c.Approximate(concept, path, format, args...)
	d.Help, d.Docs = help, docs
}
