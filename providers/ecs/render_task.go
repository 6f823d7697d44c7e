package ecs

import (
	"cmp"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// taskDefinition is the task that the workload's copies are (API reference,
// RegisterTaskDefinition).
func (t *tenant) taskDefinition(w *workload) registerTaskDefinition {
	files := t.configFiles(w)
	def := registerTaskDefinition{
		Family:                  t.native(w.Name),
		ContainerDefinitions:    t.containerDefinitions(w, files),
		EphemeralStorage:        t.ephemeralStorage(w),
		ExecutionRoleArn:        t.Ext.ExecutionRoleArn,
		NetworkMode:             types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.Compatibility(t.Ext.LaunchType)},
		RuntimePlatform:         runtimePlatform(w),
		Tags:                    t.tags(),
		TaskRoleArn:             cmp.Or(w.Ext.TaskRoleArn, t.Ext.TaskRoleArn),
		Volumes:                 append(t.volumes(w), files.volumes()...),
	}
	task, _ := t.task(w)
	if task.cpu != 0 {
		def.Cpu = strconv.FormatInt(task.cpu, 10)
	}
	if task.memoryMiB != 0 {
		def.Memory = strconv.FormatInt(task.memoryMiB, 10)
	}
	return def
}

func (t *tenant) tags() []types.Tag {
	return tagsOf(t.Plan.Labels, func(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} })
}

// runtimePlatform is what the images are built for, where anything is said of it:
// ECS takes the rest to be LINUX and X86_64 (API reference, RuntimePlatform).
func runtimePlatform(w *workload) *types.RuntimePlatform {
	var p types.RuntimePlatform
	if w.Placement != nil {
		switch w.Placement.Arch {
		case "amd64":
			p.CpuArchitecture = types.CPUArchitectureX8664
		case "arm64":
			p.CpuArchitecture = types.CPUArchitectureArm64
		}
		if w.Placement.OS == "linux" {
			p.OperatingSystemFamily = types.OSFamilyLinux
		}
	}
	if family := w.Ext.OperatingSystemFamily; family != "" {
		p.OperatingSystemFamily = types.OSFamily(family)
	}
	if p == (types.RuntimePlatform{}) {
		return nil
	}
	return &p
}

// ephemeralStorage is the disk that is asked for, by the extension or by the sizes of
// the volumes on it; nil where what a task has without asking is enough.
func (t *tenant) ephemeralStorage(w *workload) *types.EphemeralStorage {
	switch wanted := w.diskGiB(); {
	case w.Ext.EphemeralStorage != nil:
		return &types.EphemeralStorage{SizeInGiB: int32(w.Ext.EphemeralStorage.SizeInGiB)}
	case t.fargate() && wanted > freeStorageGiB:
		return &types.EphemeralStorage{SizeInGiB: int32(wanted)}
	}
	return nil
}

// volumes are the task's: an ephemeral one without more is a directory that ends with
// the task. One in memory is a container's own.
func (t *tenant) volumes(w *workload) []types.Volume {
	var volumes []types.Volume
	for vname, v := range plan.Sorted(w.Volumes) {
		switch {
		case v.Persistent != nil, v.Shared != "":
			source, _ := t.fileSystem(w, vname)
			volumes = append(volumes, types.Volume{Name: &vname, EfsVolumeConfiguration: source.configuration()})
		case v.Ephemeral.Medium != "memory":
			volumes = append(volumes, types.Volume{Name: &vname})
		}
	}
	return volumes
}

func (e efs) configuration() *types.EFSVolumeConfiguration {
	c := &types.EFSVolumeConfiguration{
		FileSystemId:      &e.FileSystemID,
		RootDirectory:     stated(e.RootDirectory),
		TransitEncryption: types.EFSTransitEncryptionEnabled,
	}
	if !e.encrypted() {
		c.TransitEncryption = types.EFSTransitEncryptionDisabled
	}
	if e.TransitEncryptionPort != 0 {
		c.TransitEncryptionPort = new(int32(e.TransitEncryptionPort))
	}
	if a := e.Authorization; a != nil && *a != (efsAuthorization{}) {
		c.AuthorizationConfig = &types.EFSAuthorizationConfig{AccessPointId: stated(a.AccessPointID), Iam: types.EFSAuthorizationConfigIAM(a.IAM)}
	}
	return c
}
