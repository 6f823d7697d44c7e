// Package ecs compiles tenants to Amazon ECS: task definitions with their services,
// one-off tasks and schedules.
package ecs

import (
	"context"
	"embed"
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// providerName is what authors write in `provider`, and the key of the extensions.
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
	return &Provider{provider.NewRecorder(providerName, effect).WithDocuments(provider.ByWorkload((*Provider)(nil).Render))}
}

// Info describes the provider.
func (p *Provider) Info() provider.Info {
	return provider.Info{
		Name: providerName,
		Doc:  "Amazon ECS: a task definition for each workload, with its service, RunTask input or EventBridge schedule",
		URL:  docs + "Welcome.html",
		Schema: provider.Schema{
			ImportPath: "github.com/cuecompute/cuecompute/providers/ecs",
			Files:      schemaFiles,
			Compiled:   precompiled,
		},
		Support: support,
		Starter: starter,
	}
}

// tenantRules look at the tenant as a whole, workloadRules at one workload. What each
// is about, and where the platform says so, stands at the rule.
var (
	tenantRules = []func(*check){
		tags,
		subnets,
		publicAddress,
		logDriver,
		keptLogs,
		executionRole,
		secretPlaces,
		fileSystems,
		scheduleRole,
		creationOrder,
	}
	workloadRules = []func(*check, *workload){
		containerCount,
		definitionSize,
		mountedTexts,
		images,
		endings,
		dependencies,
		restarts,
		copies,
		autoscale,
		schedule,
		startRetries,
		clocks,
		rollout,
		stopGrace,
		stopSignals,
		containerResources,
		unstatedMemory,
		gpus,
		taskSize,
		checks,
		gracePeriod,
		publicPorts,
		ingress,
		targetGroups,
		endpoints,
		ephemeralVolumes,
		persistentVolumes,
		workloadFileSystems,
		configMounts,
		secretMounts,
		nestedMounts,
		users,
		volumeOwners,
		capabilities,
		privileged,
		platform,
		capacity,
		windows,
		executeCommand,
	}
)

// Validate returns what ECS would refuse or do otherwise than written.
func (*Provider) Validate(ctx context.Context, p *plan.Plan) (diag.List, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t, diags, err := newTenant(p)
	if err != nil {
		return nil, err
	}
	c := &check{t, diags}
	for _, rule := range tenantRules {
		rule(c)
	}
	for _, w := range c.workloads {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, rule := range workloadRules {
			rule(c, w)
		}
	}
	return c.List, nil
}

// tenant is one tenant with its extension decoded.
type tenant struct {
	plan      *plan.Plan
	ext       *tenantExtension
	secrets   map[string]plan.Secret
	workloads []*workload // by name

	// served holds the workloads that an endpoint of the tenant leads to.
	served map[string]bool
}

// workload is one workload of the tenant with its extension.
type workload struct {
	plan.Workload
	name string
	ext  *workloadExtension
}

// check is one tenant with what its rules found.
type check struct {
	*tenant
	diag.List
}

// What decodes extensions.
var (
	tenantExtensions   = plan.Extensions[tenantExtension]{Defaults: func() tenantExtension { return tenantExtension{LaunchType: fargate} }}
	workloadExtensions plan.Extensions[workloadExtension]
)

// newTenant decodes a plan. The diagnostics are of secrets that the tenant lacks.
func newTenant(p *plan.Plan) (*tenant, diag.List, error) {
	t := &tenant{plan: p, served: map[string]bool{}}
	var err error
	if t.ext, err = tenantExtensions.Decode(p.Extension); err != nil {
		return nil, nil, fmt.Errorf("extensions.%s: %w", providerName, err)
	}
	var diags diag.List
	t.secrets, diags = provider.Secrets(p, t.ext.Secrets)
	for wname, w := range plan.Sorted(p.Workloads) {
		decoded := &workload{Workload: w, name: wname}
		if decoded.ext, err = workloadExtensions.Decode(w.Extension); err != nil {
			return nil, nil, fmt.Errorf("workloads.%s.extensions.%s: %w", wname, providerName, err)
		}
		t.workloads = append(t.workloads, decoded)
		for _, to := range endpointsOf(w) {
			t.served[to.Workload] = true
		}
	}
	return t, diags, nil
}

// endpointsOf lists the endpoints that the workload's containers look for.
func endpointsOf(w plan.Workload) []*plan.Endpoint {
	var all []*plan.Endpoint
	for _, container := range plan.Sorted(w.Containers) {
		for _, value := range plan.Sorted(container.Env) {
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

func (t *tenant) fargate() bool { return t.ext.LaunchType == fargate }

// at is a path in the tenant's extension.
func (c *check) at(elems ...any) diag.Path { return diag.At("extensions", providerName).To(elems...) }

// at is a path in the workload.
func (w *workload) at(elems ...any) diag.Path { return diag.At("workloads", w.name).To(elems...) }

// extAt is a path in the workload's extension.
func (w *workload) extAt(elems ...any) diag.Path {
	return w.at("extensions", providerName).To(elems...)
}

// container is a path in one of the workload's containers.
func (w *workload) container(cname string, elems ...any) diag.Path {
	return w.at("containers", cname).To(elems...)
}

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

// unsupported reports what the platform has no such thing for, and the way out.
func (c *check) unsupported(path diag.Path, docs, help, format string, args ...any) {
	d := c.Errorf(diag.Unsupported, path, format, args...)
	d.Help, d.Docs = help, docs
}

// report reports an error, its fix, and the page that says so.
func (c *check) report(code diag.Code, path diag.Path, docs, help, format string, args ...any) {
	d := c.Errorf(code, path, format, args...)
	d.Help, d.Docs = help, docs
}

// approximate warns that the platform does something near a concept.
func (c *check) approximate(concept diag.Concept, path diag.Path, docs, help, format string, args ...any) {
	d := c.Approximate(concept, path, format, args...)
	d.Help, d.Docs = help, docs
}
