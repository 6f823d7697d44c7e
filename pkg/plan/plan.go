// Package plan defines the compiled plan: a concrete tenant as Go data, with every default
// filled in and every quantity a number with its unit in its name. It is all that providers see
// of a spec.
//
// # Stability
//
// Within a [Version], fields keep their names, units and meanings, in Go and in JSON. A field that
// comes is left out of the JSON where it is empty, and empty means what held before it came: plans
// recorded earlier stay what they were, and keep their digests; readers pass over fields that they
// do not know. A field goes, or changes its meaning, only with another Version, and a reader of an
// older one then refuses the plan with [ErrVersion].
package plan

import (
	"fmt"
	"maps"
	"strings"
)

// Version is the version of the plan's JSON form. It changes if an older reader would misread a
// plan; adding fields does not change it.
const Version = 1

// Plan is one tenant for one provider. Maps are keyed by the author's names; use [Sorted] to
// walk them in stable order. A plan is immutable.
type Plan struct {
	Version   int                          `json:"version" spec:"-"`
	ID        string                       `json:"id"`
	Provider  string                       `json:"provider" spec:"-"`
	Labels    map[string]string            `json:"labels,omitempty"`
	Secrets   map[string]Secret            `json:"secrets,omitempty"`
	Config    map[string]map[string]string `json:"config,omitempty"`  // name → file name → text
	Volumes   map[string]Persistent        `json:"volumes,omitempty"` // shared by workloads
	Workloads map[string]Workload          `json:"workloads"`

	// Defaults are the platform's amounts for fields that the author does not set, by their
	// paths in the spec: workloads.web.containers.app.resources.memory is 300Mi.
	Defaults map[string]string `json:"defaults,omitempty" spec:"-"`

	// Extension is the provider's own part of the tenant: extensions.<provider>. The core does
	// not read it; providers decode it with [Extension.Decode], or with [Extensions], which
	// caches.
	Extension Extension `json:"extension,omitzero" spec:"extensions"`
}

// Secret is the location of a secret's value in the platform's own store. Key is empty if the
// location has a single value.
type Secret struct {
	Path string `json:"path"`
	Key  string `json:"key,omitempty"`
}

// Kind is how a workload runs.
type Kind string

// The kinds of workload.
const (
	Service Kind = "service" // for ever
	Job     Kind = "job"     // once, to completion
	Cron    Kind = "cron"    // on a schedule
	Daemon  Kind = "daemon"  // for ever, one copy on every machine
)

// Workload is a unit of deployment, scaling and restart.
type Workload struct {
	Kind        Kind   `json:"kind"`
	Schedule    string `json:"schedule,omitempty"`                    // cron expression of five fields; Cron only
	Timezone    string `json:"timezone,omitempty" spec:",default"`    // IANA name; Cron only
	Concurrency string `json:"concurrency,omitempty" spec:",default"` // allow, forbid or replace; Cron only

	// Replicas is the number of copies; with Autoscale, the initial number.
	Replicas  int        `json:"replicas" spec:",default"`
	Autoscale *Autoscale `json:"autoscale,omitempty"`

	Containers map[string]Container `json:"containers"`
	Volumes    map[string]Volume    `json:"volumes,omitempty"`
	Ingress    []Ingress            `json:"ingress,omitempty"`
	Rollout    *Rollout             `json:"rollout,omitempty"`
	Restart    Restart              `json:"restart" spec:",default"`

	TimeoutSeconds int64 `json:"timeoutSeconds,omitempty" spec:"timeout,positiveSeconds"` // of a run of a Job or Cron; 0: no limit

	StopGraceSeconds int64      `json:"stopGraceSeconds" spec:"stopGrace,seconds,default"` // from the stop signal to the kill
	Placement        *Placement `json:"placement,omitempty"`
	Accept           []string   `json:"accept,omitempty"` // concepts whose approximation is accepted

	// Written are the fields with defaults that an author or a policy wrote, by their names in
	// the spec. See [Workload.Wrote].
	Written []string `json:"written,omitempty" spec:"-"`

	// Extension is the provider's own part of the workload.
	Extension Extension `json:"extension,omitzero" spec:"extensions"`
}

// Ports returns the ports of all the workload's containers; their names are unique in a
// workload.
func (w *Workload) Ports() map[string]Port {
	ports := map[string]Port{}
	for _, c := range w.Containers {
		maps.Copy(ports, c.Ports)
	}
	return ports
}

// Port returns the port of that name.
func (w *Workload) Port(name string) (Port, bool) {
	for _, c := range w.Containers {
		if p, ok := c.Ports[name]; ok {
			return p, true
		}
	}
	return Port{}, false
}

// Ends reports whether workloads of the kind run to completion: jobs and cron.
func (k Kind) Ends() bool { return k == Job || k == Cron }

// MostReplicas returns the maximum number of copies.
func (w *Workload) MostReplicas() int {
	if w.Autoscale != nil {
		return w.Autoscale.Max
	}
	return w.Replicas
}

// Persists reports whether the workload has its own storage that outlives its copies.
func (w *Workload) Persists() bool {
	for _, v := range w.Volumes {
		if v.Persistent != nil {
			return true
		}
	}
	return false
}

// Shares reports whether the workload has the tenant's volume of that name, or any if the name
// is empty.
func (w *Workload) Shares(name string) bool {
	for _, v := range w.Volumes {
		if v.Shared != "" && (name == "" || v.Shared == name) {
			return true
		}
	}
	return false
}

// Windows reports whether copies run on Windows.
func (w *Workload) Windows() bool { return w.Placement != nil && w.Placement.OS == "windows" }

// Reads reports whether a container of the workload has a variable or a mount for which the
// function returns true; nil matches none.
func (w *Workload) Reads(env func(EnvValue) bool, mount func(Mount) bool) bool {
	for _, c := range w.Containers {
		for _, e := range c.Sources() {
			if env != nil && env(e) {
				return true
			}
		}
		for _, m := range c.Mounts {
			if mount != nil && mount(m) {
				return true
			}
		}
	}
	return false
}

// MountsOf returns the number of paths at which the workload's containers mount a volume.
func (w *Workload) MountsOf(volume string) int {
	n := 0
	for _, c := range w.Containers {
		for _, m := range c.Mounts {
			if m.Volume == volume {
				n++
			}
		}
	}
	return n
}

// Writes reports whether a container of the workload may write to a volume.
func (w *Workload) Writes(volume string) bool {
	for _, c := range w.Containers {
		for _, m := range c.Mounts {
			if m.Volume == volume && !m.ReadOnly {
				return true
			}
		}
	}
	return false
}

// Autoscale keeps the mean utilisation of Min to Max copies near a percentage of their
// requests: of cpu, of memory or, if both are set, of the one that needs more copies.
type Autoscale struct {
	Min        int `json:"min"`
	Max        int `json:"max"`
	CPUPercent int `json:"cpuPercent,omitempty" spec:"cpu"`

	MemoryPercent int `json:"memoryPercent,omitempty" spec:"memory"`
}

// Targets formats the targets: 80% cpu and 75% memory.
func (a *Autoscale) Targets() string {
	var all []string
	if a.CPUPercent > 0 {
		all = append(all, fmt.Sprintf("%d%% cpu", a.CPUPercent))
	}
	if a.MemoryPercent > 0 {
		all = append(all, fmt.Sprintf("%d%% memory", a.MemoryPercent))
	}
	return strings.Join(all, " and ")
}

// Volume is storage for containers: exactly one field is set.
type Volume struct {
	Persistent *Persistent `json:"persistent,omitempty"`
	Ephemeral  *Ephemeral  `json:"ephemeral,omitempty"`
	Shared     string      `json:"shared,omitempty"` // one of the tenant's volumes
}

// InMemory reports whether the volume is ephemeral and kept in memory.
func (v Volume) InMemory() bool { return v.Ephemeral != nil && v.Ephemeral.Medium == "memory" }

// Persistent storage outlives the copy. Each replica has its own volume of a workload; a volume
// of the tenant is shared.
type Persistent struct {
	SizeMiB int64  `json:"sizeMiB" spec:"size,mebibytes"`
	Class   string `json:"class,omitempty"`
}

// Ephemeral storage ends with the copy. SizeMiB is 0 if not set; Medium is disk or memory.
type Ephemeral struct {
	SizeMiB int64  `json:"sizeMiB,omitempty" spec:"size,mebibytes"`
	Medium  string `json:"medium"`
}

// Ingress is one public HTTP entry. TLSSecret implies TLS.
type Ingress struct {
	Host      string `json:"host"`
	Path      string `json:"path"`
	Port      string `json:"port"` // a port's name, of one of the workload's containers
	TLS       bool   `json:"tls,omitempty"`
	TLSSecret string `json:"tlsSecret,omitempty" spec:"tls.secret"`
}

// Rollout is how an update replaces copies. Nil and 0: the platform's choice.
type Rollout struct {
	MaxUnavailable         *Count `json:"maxUnavailable,omitempty"`
	MaxSurge               *Count `json:"maxSurge,omitempty"`
	HealthyDeadlineSeconds int64  `json:"healthyDeadlineSeconds,omitempty" spec:"healthyDeadline,positiveSeconds"`
	Rollback               bool   `json:"rollback,omitempty"`
}

// RestartPolicy is when a stopped container is started again.
type RestartPolicy string

// The restart policies.
const (
	RestartAlways    RestartPolicy = "always"
	RestartOnFailure RestartPolicy = "on-failure"
	RestartNever     RestartPolicy = "never"
)

// Restart is a policy, and the number of attempts; nil Attempts: the platform's choice.
type Restart struct {
	Policy   RestartPolicy `json:"policy"`
	Attempts *int          `json:"attempts,omitempty"`
}

// Placement is where copies may run. Empty: anywhere.
type Placement struct {
	Arch   string `json:"arch,omitempty"` // amd64 or arm64
	OS     string `json:"os,omitempty"`   // linux or windows
	Spread bool   `json:"spread,omitempty"`
}
