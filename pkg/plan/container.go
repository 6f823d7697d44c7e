package plan

import "iter"

// Role is when a container runs.
type Role string

// The roles of a container.
const (
	Main    Role = "main"
	Init    Role = "init"    // ends before mains start
	Sidecar Role = "sidecar" // runs beside mains, and ends with them
)

// Container is a process and its image.
type Container struct {
	Image      string              `json:"image"`
	Role       Role                `json:"role"`
	Command    []string            `json:"command,omitempty"` // the entrypoint; empty: the image's own
	Args       []string            `json:"args,omitempty"`
	WorkingDir string              `json:"workingDir,omitempty"`
	User       string              `json:"user,omitempty"`
	StopSignal string              `json:"stopSignal,omitempty"` // SIGTERM, …
	Env        map[string]EnvValue `json:"env,omitempty"`
	Ports      map[string]Port     `json:"ports,omitempty"`
	Resources  Resources           `json:"resources,omitzero"`
	Health     *Check              `json:"health,omitempty"`
	Ready      *Check              `json:"ready,omitempty"`
	Startup    *Check              `json:"startup,omitempty"`

	// DependsOn is the state that other containers of the workload must have reached: started,
	// healthy or completed.
	DependsOn map[string]string `json:"dependsOn,omitempty"`

	Mounts   map[string]Mount `json:"mounts,omitempty"` // by absolute path
	Security *Security        `json:"security,omitempty"`

	Accept []string `json:"accept,omitempty"` // codes of accepted warnings about the container: inline-secret
}

// EnvValue is the value of an environment variable, or its source: exactly one of Value,
// Secret, Config (with File), Endpoint (with Format) and Values (with Format) is set.
type EnvValue struct {
	Value    *string   `json:"value,omitempty" spec:"."`
	Secret   string    `json:"secret,omitempty"`
	Config   string    `json:"config,omitempty"`
	File     string    `json:"file,omitempty"`
	Endpoint *Endpoint `json:"endpoint,omitempty"`
	Format   string    `json:"format,omitempty"` // a text with {host} and {port}, or with the names of Values in braces

	// Values are the values in Format; see [EnvValue.Parts].
	Values map[string]EnvSource `json:"values,omitempty"`
}

// EnvSource is one of the values of a composed variable: exactly one of Secret, Config (with
// File) and Endpoint (with Format) is set.
type EnvSource struct {
	Secret   string    `json:"secret,omitempty"`
	Config   string    `json:"config,omitempty"`
	File     string    `json:"file,omitempty"`
	Endpoint *Endpoint `json:"endpoint,omitempty"`
	Format   string    `json:"format,omitempty"` // a text with {host} and {port}
}

// EnvValue returns a variable with only this source.
func (s EnvSource) EnvValue() EnvValue {
	return EnvValue{Secret: s.Secret, Config: s.Config, File: s.File, Endpoint: s.Endpoint, Format: s.Format}
}

// Endpoint is a port of one of the tenant's workloads.
type Endpoint struct {
	Workload string `json:"workload" spec:"."`
	Port     string `json:"port" spec:"."` // the port's name
}

// Port is a port on which a process listens.
type Port struct {
	Number   int    `json:"port"`
	Protocol string `json:"protocol"`      // tcp or udp
	App      string `json:"app,omitempty"` // http, http2 or grpc; empty: not stated
	Expose   string `json:"expose"`        // none, internal or public
}

// Resources are a container's requests and maximums. 0: not set.
type Resources struct {
	CPUMillis    int64 `json:"cpuMillis,omitempty" spec:"cpu,millis"` // thousandths of a processor
	CPUMaxMillis int64 `json:"cpuMaxMillis,omitempty" spec:"cpuMax,millis"`
	MemoryMiB    int64 `json:"memoryMiB,omitempty" spec:"memory,mebibytes"` // 2^20 bytes
	MemoryMaxMiB int64 `json:"memoryMaxMiB,omitempty" spec:"memoryMax,mebibytes"`
	GPU          int   `json:"gpu,omitempty"`
}

// Check is a health check of a container: exactly one of HTTP, TCP, GRPC and Exec is set.
type Check struct {
	HTTP *HTTPCheck `json:"http,omitempty"`
	TCP  *TCPCheck  `json:"tcp,omitempty"`
	GRPC *GRPCCheck `json:"grpc,omitempty"`
	Exec *ExecCheck `json:"exec,omitempty"`

	IntervalSeconds   int64 `json:"intervalSeconds" spec:"interval,seconds,default"`
	TimeoutSeconds    int64 `json:"timeoutSeconds" spec:"timeout,seconds,default"`
	Retries           int   `json:"retries" spec:",default"`
	StartDelaySeconds int64 `json:"startDelaySeconds" spec:"startDelay,seconds,default"`

	// Written are the fields with defaults that an author or a policy wrote, by their names in
	// the spec. See [Check.Wrote].
	Written []string `json:"written,omitempty" spec:"-"`
}

// HTTPCheck requests a page.
type HTTPCheck struct {
	Path string  `json:"path"`
	Port PortRef `json:"port"`
}

// TCPCheck opens a connection.
type TCPCheck struct {
	Port PortRef `json:"port"`
}

// GRPCCheck calls the standard health service.
type GRPCCheck struct {
	Port    PortRef `json:"port"`
	Service string  `json:"service,omitempty"`
}

// ExecCheck runs a command in the container.
type ExecCheck struct {
	Command []string `json:"command"`
}

// How returns the kind of the check: http, tcp, grpc or exec.
func (c *Check) How() string {
	switch {
	case c.HTTP != nil:
		return "http"
	case c.TCP != nil:
		return "tcp"
	case c.GRPC != nil:
		return "grpc"
	}
	return "exec"
}

// Port returns the port of the check; ok is false for an exec check.
func (c *Check) Port() (ref PortRef, ok bool) {
	switch {
	case c.HTTP != nil:
		return c.HTTP.Port, true
	case c.TCP != nil:
		return c.TCP.Port, true
	case c.GRPC != nil:
		return c.GRPC.Port, true
	}
	return PortRef{}, false
}

// Check returns the check in the field health, ready or startup, or nil.
func (c *Container) Check(field string) *Check {
	switch field {
	case "health":
		return c.Health
	case "ready":
		return c.Ready
	case "startup":
		return c.Startup
	}
	return nil
}

// Checks yields the container's checks by field, in order.
func (c *Container) Checks() iter.Seq2[string, *Check] {
	return func(yield func(string, *Check) bool) {
		for _, field := range [...]string{"health", "ready", "startup"} {
			if check := c.Check(field); check != nil && !yield(field, check) {
				return
			}
		}
	}
}

// PortNumber resolves a reference; ok is false if the container has no such port.
func (c *Container) PortNumber(ref PortRef) (number int, ok bool) {
	if ref.Name == "" {
		return ref.Number, true
	}
	p, ok := c.Ports[ref.Name]
	return p.Number, ok
}

// Mount is the source of a mount: exactly one of Volume, Config and Secret is set. With Config
// and no File, the mount is a directory of all its files.
type Mount struct {
	Volume   string `json:"volume,omitempty"`
	Config   string `json:"config,omitempty"`
	File     string `json:"file,omitempty"`
	Secret   string `json:"secret,omitempty"`
	ReadOnly bool   `json:"readOnly,omitempty"`
}

// Security restricts a process. False and empty: the platform's choice.
type Security struct {
	ReadOnlyRootFilesystem bool     `json:"readOnlyRootFilesystem,omitempty"`
	RunAsNonRoot           bool     `json:"runAsNonRoot,omitempty"`
	Privileged             bool     `json:"privileged,omitempty"`
	AddCapabilities        []string `json:"addCapabilities,omitempty" spec:"capabilities.add"`
	DropCapabilities       []string `json:"dropCapabilities,omitempty" spec:"capabilities.drop"`
}
