package ecs

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// patch is extension.cue's #Patch.
type patch struct {
	TaskDefinition provider.Patch            `json:"taskDefinition"`
	Containers     map[string]provider.Patch `json:"containers"`
	Service        provider.Patch            `json:"service"`
}

// cliName returns the name of an ECS field in the AWS CLI.
func cliName(f reflect.StructField) (string, bool) {
	switch {
	case f.Anonymous && f.Name != "noSmithyDocumentSerde":
		return "", true
	case !f.IsExported():
		return "", false
	}
	return camelCase("", f.Name), false
}

// listKey is the member by which elements of a list are merged; other lists are replaced.
func listKey(f reflect.StructField) string {
	switch f.Type {
	case reflect.TypeFor[[]types.Volume](), reflect.TypeFor[[]types.KeyValuePair](), reflect.TypeFor[[]types.Ulimit]():
		return "name"
	case reflect.TypeFor[[]types.MountPoint]():
		return "containerPath"
	}
	return ""
}

// wordsOf are the words that the SDK lists for a type, or nil.
func wordsOf(t reflect.Type) []string {
	m, ok := t.MethodByName("Values")
	if !ok || m.Type.NumOut() != 1 || m.Type.Out(0).Kind() != reflect.Slice {
		return nil
	}
	var all []string
	for list := m.Func.Call([]reflect.Value{reflect.Zero(t)})[0]; len(all) < list.Len(); {
		all = append(all, list.Index(len(all)).String())
	}
	return all
}

// What to do instead of a patch.
const (
	isName      = "names are made of the tenant's id and the workload's name"
	isSecret    = "declare it under secrets, and refer to it by env"
	isSize      = "set resources of the container"
	ofTenant    = " of the tenant's extensions.ecs"
	ofWorkload  = " of the workload's extensions.ecs"
	isPlacement = "set placement of the workload"
)

// What no patch may touch of a task definition, a container and a service.
var (
	nativeTask = provider.Native{Name: "task definition", Field: cliName, Key: listKey, Words: wordsOf, Docs: api + "API_RegisterTaskDefinition.html", Kept: map[string]string{
		"family": isName, "containerDefinitions": "patch containers by their names", "networkMode": "every task has an address of its own",
		"requiresCompatibilities": "set launchType" + ofTenant, "cpu": "set cpu" + ofWorkload, "memory": "set memory" + ofWorkload,
		"executionRoleArn": "set executionRoleArn" + ofTenant, "taskRoleArn": "set taskRoleArn" + ofWorkload, "tags": "set labels of the tenant",
		"runtimePlatform": isPlacement, "ephemeralStorage": "set ephemeralStorage" + ofWorkload,
		"volumes.efsVolumeConfiguration":                                      "set volumes" + ofWorkload,
		"volumes.fsxWindowsFileServerVolumeConfiguration.authorizationConfig": isSecret,
	}}
	nativeContainer = provider.Native{Name: "container", Field: cliName, Key: listKey, Words: wordsOf, Docs: api + "API_ContainerDefinition.html", Kept: map[string]string{
		"name": isName, "image": "set image of the container", "essential": "set role of the container",
		"secrets": isSecret, "repositoryCredentials": isSecret, "logConfiguration.secretOptions": isSecret,
		"portMappings": "set ports of the container", "dependsOn": "set dependsOn of the container", "healthCheck": "set health of the container",
		"cpu": isSize, "memory": isSize, "memoryReservation": isSize, "user": "set user of the container",
		"entryPoint": "set command of the container", "command": "set args of the container", "workingDirectory": "set workingDir of the container",
		"privileged": "set security.privileged of the container", "readonlyRootFilesystem": "set security.readOnlyRootFilesystem of the container",
		"linuxParameters.capabilities": "set security.capabilities of the container", "stopTimeout": "set stopGrace of the workload",
	}}
	nativeService = provider.Native{Name: "service", Field: cliName, Key: listKey, Words: wordsOf, Docs: api + "API_CreateService.html", Kept: map[string]string{
		"serviceName": isName, "taskDefinition": isName, "cluster": "set cluster" + ofTenant, "launchType": "set launchType" + ofTenant,
		"networkConfiguration": "set subnets and securityGroups" + ofTenant, "desiredCount": "set replicas or autoscale of the workload",
		"schedulingStrategy": "set kind of the workload", "loadBalancers": "set targetGroups" + ofWorkload, "tags": "set labels of the tenant",
		"serviceConnectConfiguration": "set ports and endpoints of the containers", "enableExecuteCommand": "set enableExecuteCommand" + ofWorkload,
		"capacityProviderStrategy": "set capacityProviders" + ofWorkload, "platformVersion": "set platformVersion" + ofWorkload,
		"placementConstraints": "set placementConstraints" + ofWorkload, "placementStrategy": "set placementStrategy" + ofWorkload,
		"healthCheckGracePeriodSeconds": "set healthCheckGracePeriodSeconds" + ofWorkload,
	}}
)

// patches checks a workload's patch against its rendered inputs.
func patches(c *check, w *workload) {
	p := w.Ext.Patch
	if p == nil {
		return
	}
	def := c.taskDefinition(w)
	nativeTask.Check(&c.List, w.AtExtension("patch", "taskDefinition"), p.TaskDefinition, &def)
	for name, of := range plan.Sorted(p.Containers) {
		at := w.AtExtension("patch", "containers", name)
		if container := containerOf(def, name); container != nil && w.Containers[name].Image != "" {
			nativeContainer.Check(&c.List, at, of, container)
			continue
		}
		c.report(diag.UnknownName, at, "", "it has: "+strings.Join(slices.Sorted(maps.Keys(w.Containers)), ", "), "workload %q has no container %q", w.Name, name)
	}
	switch {
	case p.Service == nil:
	case w.Kind.Ends():
		c.report(diag.Conflict, w.AtExtension("patch", "service"), "", "leave it out", "a %s has no service to patch", w.Kind)
	default:
		s := c.service(w)
		nativeService.Check(&c.List, w.AtExtension("patch", "service"), p.Service, &s)
	}
}

func containerOf(def registerTaskDefinition, name string) *types.ContainerDefinition {
	for i := range def.ContainerDefinitions {
		if d := &def.ContainerDefinitions[i]; d.Name != nil && *d.Name == name {
			return d
		}
	}
	return nil
}

// patchedTask returns a workload's task definition with its patch. Validate has checked it.
func (r *renderer) patchedTask(w *workload) registerTaskDefinition {
	def, p := r.taskDefinition(w), w.Ext.Patch
	if p == nil {
		return def
	}
	nativeTask.Apply(&def, p.TaskDefinition)
	for name, of := range plan.Sorted(p.Containers) {
		if container := containerOf(def, name); container != nil {
			nativeContainer.Apply(container, of)
		}
	}
	return def
}

// patchedService returns a workload's service with its patch.
func (r *renderer) patchedService(w *workload) createService {
	s := r.tenant.service(w)
	if p := w.Ext.Patch; p != nil {
		nativeService.Apply(&s, p.Service)
	}
	return s
}

// patchedEffect is of a change of a patch: a service takes a new revision of its task definition
// copy by copy, and most of its own fields while it runs.
//
// Source: API reference, UpdateService, which says of each parameter whether it triggers a new
// deployment, and has no role; checked 2026-11-29.
func patchedEffect(c provider.Changed) provider.Effect {
	path := c.Path[min(4, len(c.Path)):] // after workloads.NAME.extension.patch
	switch {
	case path.Within("service.role"), path.Within("service.deploymentController"):
		return replacement
	case path.Within("service.serviceRegistries"), path.Within("service.volumeConfigurations"), path.Within("service.vpcLatticeConfigurations"):
		return revision.EffectOf(c)
	case path.Within("service"):
		return inPlace
	}
	return revision.EffectOf(c)
}
