package ecs

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// native returns the name of the workload's task definition, service, schedule and scaling
// policy, and the host name of its endpoints.
func (t *tenant) native(wname string) string { return t.Plan.ID + "-" + wname }

// discoveryName is what a port of a workload is called in the namespace. No name of an
// author's has an underscore, so those of one tenant cannot meet; what is too long is
// told apart by its hash.
func (t *tenant) discoveryName(wname, pname string) string {
	name := t.native(wname) + "_" + pname
	if len(name) <= maxDiscoveryName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	suffix := "_" + hex.EncodeToString(sum[:4])
	return name[:maxDiscoveryName-len(suffix)] + suffix
}

// clusterARN is a parsed ARN of a cluster.
type clusterARN struct{ partition, region, account, name string }

// clusterARN returns the parts of the cluster's ARN; ok is false where the extension
// has the short name, or none.
func (t *tenant) clusterARN() (arn clusterARN, ok bool) {
	parts := strings.Split(t.Ext.Cluster, ":")
	if len(parts) != 6 || parts[0] != "arn" {
		return clusterARN{}, false
	}
	return clusterARN{parts[1], parts[3], parts[4], strings.TrimPrefix(parts[5], "cluster/")}, true
}

// region returns the cluster's region, "" if its ARN is not set.
func (t *tenant) region() string {
	arn, _ := t.clusterARN()
	return arn.region
}

// partition returns the AWS partition of an ARN.
func partition(arn string) string {
	_, rest, _ := strings.Cut(arn, ":")
	partition, _, _ := strings.Cut(rest, ":")
	return cmp.Or(partition, "aws")
}

// clusterName is the cluster's short name: ECS takes the one called default where none
// is stated (API reference, CreateService: cluster).
func (t *tenant) clusterName() string {
	if arn, ok := t.clusterARN(); ok {
		return arn.name
	}
	return cmp.Or(t.Ext.Cluster, "default")
}

// Names returns what is unique on the platform: task definitions in an account's
// region, services in a cluster, and in a namespace the names that endpoints are found
// by. Schedules are in a group of their tenant's.
func (*Provider) Names(p *plan.Plan) ([]provider.NativeName, error) {
	t, err := decode(p)
	if err != nil {
		return nil, err
	}
	place := ""
	if arn, ok := t.clusterARN(); ok {
		place = " of " + arn.account + " in " + arn.region
	}
	var names []provider.NativeName
	for _, w := range t.Workloads {
		add := func(scope string, name string) {
			names = append(names, provider.NativeName{Scope: scope, Name: name, Path: diag.At("workloads", w.Name)})
		}
		add("task definition"+place, t.native(w.Name))
		if !w.Kind.Ends() {
			add("service of cluster "+t.clusterName()+place, t.native(w.Name))
		}
		for _, s := range t.connectServices(w) {
			add("service connect name of namespace "+cmp.Or(t.Ext.Namespace, "of cluster "+t.clusterName())+place, *s.DiscoveryName)
		}
	}
	return names, nil
}

// tenantRows are the rows of the tenant itself.
var tenantRows = provider.Table{
	{Field: "id", Level: exact, How: "the schedules' group, and the prefix of every native name"},
	{Field: "labels", Level: exact, How: "tags of the task definition, the service and its tasks, the schedule's group and the scalable target", Effect: inPlace, Source: "tags of what exists"},
	{Field: "secrets", Level: exact, How: "`secrets[].valueFrom`: a Secrets Manager ARN, or the ARN or name of an SSM parameter", Effect: provider.OnReaders(revision)},
	{Field: "secrets.path", Level: exact, How: "the ARN or name in `valueFrom`; a parameter's name of several parts begins with a slash"},
	{Field: "secrets.key", When: "of a Secrets Manager ARN", Level: exact, How: "the key after the ARN"},
	{Field: "secrets.key", When: "of an SSM parameter", Level: unsupported, How: "a parameter holds one value", Instead: "use a Secrets Manager secret, or a parameter for each value"},
	{Field: "volumes", Level: exact, How: "a directory of the Amazon EFS file system that extensions.ecs.volumes names", Effect: none},
	{Field: "volumes", When: "two in one directory", Level: unsupported, How: "they would be one", Instead: "give each a directory or an access point of its own"},
	{Field: "volumes.size", Level: approximated, How: "the file system has room for whatever is written"},
	{Field: "volumes.class", Level: approximated, How: "the file system has its own kind of storage", Instead: "choose the file system by extensions.ecs.volumes"},
	{Field: "config", Level: exact, How: "text in the task definition, as env or as files", Effect: provider.OnReaders(revision)},
}
