package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// task: RegisterTaskDefinition, and the quotas of task definitions.
func (f *findings) task(task *ecs.RegisterTaskDefinitionInput, data string) {
	f.want(nameText.MatchString(deref(task.Family)), "the family %q has not 1 to 255 letters, digits, _ and -", deref(task.Family))
	var text bytes.Buffer
	if json.Compact(&text, []byte(data)) == nil {
		f.want(text.Len() <= 64*1024, "the task definition has %d bytes: 65536 at most", text.Len()) // quota "task definition size"
	}
	f.tags(task.Tags)
	f.want(len(task.ContainerDefinitions) <= 10, "there are %d containers: 10 at most", len(task.ContainerDefinitions)) // quota "containers per task definition"
	fargate := len(task.RequiresCompatibilities) > 0 && task.RequiresCompatibilities[0] == types.CompatibilityFargate
	essential := false
	var names, ports, numbers []string
	for _, c := range task.ContainerDefinitions {
		names = append(names, deref(c.Name))
		essential = essential || c.Essential == nil || *c.Essential
		for _, p := range c.PortMappings {
			ports = append(ports, deref(p.Name))
			numbers = append(numbers, strconv.Itoa(int(deref(p.ContainerPort)))+"/"+string(p.Protocol))
		}
	}
	f.want(essential, "no container is essential") // ContainerDefinition: essential
	f.unique("container", names...)
	f.unique("port mapping", ports...) // PortMapping: name
	f.unique("port", numbers...)       // containers of a task share an interface in network mode awsvpc
	windows := task.RuntimePlatform != nil && strings.HasPrefix(string(task.RuntimePlatform.OperatingSystemFamily), "WINDOWS")
	for _, arn := range []*string{task.ExecutionRoleArn, task.TaskRoleArn} {
		f.want(arn == nil || roleText.MatchString(*arn) || roleNameText.MatchString(*arn), "%q is no role", deref(arn))
	}
	f.size(task, fargate, windows)
	f.volumes(task, fargate, windows)
	f.dependencies(task)
	for i := range task.ContainerDefinitions {
		f.container(task, &task.ContainerDefinitions[i], fargate, windows)
	}
}

// sold are the sizes of tasks on Fargate: cpu units, and memory from, to and by so
// many MiB (DG "Task definition parameters", task size).
var sold = []struct{ cpu, from, to, by int64 }{
	{256, 512, 1024, 512}, {256, 2048, 2048, 1}, {512, 1024, 4096, 1024}, {1024, 2048, 8192, 1024}, {2048, 4096, 16384, 1024},
	{4096, 8192, 30720, 1024}, {8192, 16384, 61440, 4096}, {16384, 32768, 122880, 8192},
	{32768, 61440, 122880, 61440}, {32768, 249856, 249856, 1},
}

// size: RegisterTaskDefinition: cpu, memory; ContainerDefinition: cpu, memory,
// memoryReservation; EphemeralStorage.
func (f *findings) size(task *ecs.RegisterTaskDefinitionInput, fargate, windows bool) {
	cpu := f.amount("cpu", task.Cpu)
	memory := f.amount("memory", task.Memory)
	if fargate {
		f.want(task.NetworkMode == types.NetworkModeAwsvpc, "on Fargate the network mode is awsvpc")
		found := false
		for _, s := range sold {
			in := cpu == s.cpu && memory >= s.from && memory <= s.to && (memory-s.from)%s.by == 0
			found = found || in && (!windows || cpu >= 1024 && cpu <= 4096) // DG "Invalid CPU or memory error"
		}
		f.want(found, "Fargate has no task of %d cpu units and %d MiB", cpu, memory)
	} else {
		f.want(task.Cpu == nil || cpu >= 128 && cpu <= 196608, "the task's cpu is %d: 128 to 196608", cpu)
		f.want(!windows || task.Cpu == nil && task.Memory == nil, "Windows containers on EC2 have no size of the whole task")
	}
	var asked, reserved int64
	for _, c := range task.ContainerDefinitions {
		asked += int64(c.Cpu)
		limit, soft := int64(deref(c.Memory)), int64(deref(c.MemoryReservation))
		f.want(c.Memory == nil || limit >= 6, "container %s has %d MiB: 6 at least", *c.Name, limit)
		f.want(c.MemoryReservation == nil || soft >= 6, "container %s asks for %d MiB: 6 at least", *c.Name, soft)
		f.want(c.Memory == nil || limit > soft, "the memory of container %s is not more than its reservation", *c.Name)
		f.want(task.Memory == nil || limit <= memory, "container %s has more memory than the task", *c.Name)
		f.want(task.Memory != nil || limit+soft > 0, "neither the task nor container %s has memory", *c.Name)
		if soft == 0 {
			soft = limit
		}
		reserved += soft
	}
	f.want(task.Cpu == nil || asked <= cpu, "the containers ask for %d cpu units, the task has %d", asked, cpu)
	f.want(task.Memory == nil || reserved <= memory, "the containers ask for %d MiB, the task has %d", reserved, memory)
	if s := task.EphemeralStorage; s != nil {
		f.want(fargate, "only a task on Fargate has ephemeral storage of its own")
		within(f, "ephemeralStorage", &s.SizeInGiB, 21, 200)
	}
	if p := task.RuntimePlatform; p != nil {
		f.want(!windows || p.CpuArchitecture != types.CPUArchitectureArm64, "there is no Windows on ARM64") // RuntimePlatform
	}
}

// amount reads a task's size, which is a whole number as text.
func (f *findings) amount(what string, text *string) int64 {
	if text == nil {
		return 0
	}
	n, err := strconv.ParseInt(*text, 10, 64)
	f.want(err == nil && n > 0, "%s %q is no whole number", what, *text)
	return n
}

var (
	accessPointText = regexp.MustCompile(`^fsap-[0-9A-Za-z]+$`) // EFSAuthorizationConfig
	fileSystemText  = regexp.MustCompile(`^fs-[0-9A-Za-z]+$`)   // EFSVolumeConfiguration
)

// volumes: Volume, EFSVolumeConfiguration, MountPoint.
func (f *findings) volumes(task *ecs.RegisterTaskDefinitionInput, fargate, windows bool) {
	var names []string
	known := map[string]bool{}
	for _, v := range task.Volumes {
		name := deref(v.Name)
		names = append(names, name)
		known[name] = true
		f.want(nameText.MatchString(name), "%q is no volume's name", name)
		f.want(!windows || !fargate, "Windows containers on Fargate have no volumes") // DG "Fargate task ephemeral storage"
		e := v.EfsVolumeConfiguration
		if e == nil {
			continue
		}
		f.want(!windows, "Windows containers have no EFS")
		f.want(fileSystemText.MatchString(deref(e.FileSystemId)), "%q is no file system", deref(e.FileSystemId))
		within(f, "transitEncryptionPort", e.TransitEncryptionPort, 0, 65535)
		if a := e.AuthorizationConfig; a != nil {
			encrypted := e.TransitEncryption == types.EFSTransitEncryptionEnabled
			f.want(encrypted || a.AccessPointId == nil && a.Iam != types.EFSAuthorizationConfigIAMEnabled, "an access point and IAM authorization need transit encryption")
			if a.AccessPointId != nil {
				f.want(accessPointText.MatchString(*a.AccessPointId), "%q is no access point", *a.AccessPointId)
				f.want(e.RootDirectory == nil || *e.RootDirectory == "/", "an access point has a root directory of its own")
			}
			f.want(a.Iam != types.EFSAuthorizationConfigIAMEnabled || task.TaskRoleArn != nil, "IAM authorization needs a task role")
		}
	}
	f.unique("volume", names...)
	for _, c := range task.ContainerDefinitions {
		var paths []string
		for _, m := range c.MountPoints {
			paths = append(paths, deref(m.ContainerPath))
			f.want(known[deref(m.SourceVolume)], "container %s mounts the volume %q, which there is not", *c.Name, deref(m.SourceVolume))
		}
		if c.LinuxParameters != nil {
			for _, m := range c.LinuxParameters.Tmpfs {
				paths = append(paths, deref(m.ContainerPath))
				f.want(m.Size > 0, "a tmpfs of container %s has no size", *c.Name)
			}
		}
		for _, path := range paths {
			f.want(strings.HasPrefix(path, "/") || windows, "container %s mounts %q, which is no absolute path", *c.Name, path)
		}
		f.unique("mount of container "+*c.Name, paths...)
	}
}

// dependencies: ContainerDependency.
func (f *findings) dependencies(task *ecs.RegisterTaskDefinitionInput) {
	byName := map[string]*types.ContainerDefinition{}
	for i, c := range task.ContainerDefinitions {
		byName[*c.Name] = &task.ContainerDefinitions[i]
	}
	for name, c := range byName {
		var on []string
		for _, d := range c.DependsOn {
			other := byName[deref(d.ContainerName)]
			on = append(on, deref(d.ContainerName))
			if other == nil {
				f.want(false, "container %s depends on %q, which there is not", name, deref(d.ContainerName))
				continue
			}
			switch d.Condition {
			case types.ContainerConditionComplete, types.ContainerConditionSuccess:
				f.want(other.Essential != nil && !*other.Essential, "container %s waits for the end of %s, which is essential", name, *other.Name)
			case types.ContainerConditionHealthy:
				f.want(other.HealthCheck != nil, "container %s waits for the health of %s, which has no health check", name, *other.Name)
			}
		}
		f.unique("dependency of container "+name, on...)
		f.want(!reaches(byName, c, name, map[string]bool{}), "container %s depends on itself", name)
	}
}

func reaches(byName map[string]*types.ContainerDefinition, from *types.ContainerDefinition, to string, seen map[string]bool) bool {
	for _, d := range from.DependsOn {
		other := deref(d.ContainerName)
		if other == to {
			return true
		}
		if c := byName[other]; c != nil && !seen[other] {
			seen[other] = true
			if reaches(byName, c, to, seen) {
				return true
			}
		}
	}
	return false
}
