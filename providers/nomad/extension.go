package nomad

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// tenantExtension is extension.cue's #TenantExtension.
type tenantExtension struct {
	Namespace              string                 `json:"namespace"`
	Region                 string                 `json:"region"`
	Datacenters            []string               `json:"datacenters"`
	NodePool               string                 `json:"nodePool"`
	ServiceProvider        string                 `json:"serviceProvider"`
	MHzPerCore             int64                  `json:"mhzPerCore"`
	MemoryOversubscription bool                   `json:"memoryOversubscription"`
	MaxKillTimeout         seconds                `json:"maxKillTimeout"`
	Vault                  *vault                 `json:"vault"`
	Ingress                *gateway               `json:"ingress"`
	Registries             map[string]registry    `json:"registries"`
	Volumes                map[string]volume      `json:"volumes"`
	Secrets                map[string]plan.Secret `json:"secrets"`
}

type registry struct {
	Username string `json:"username"`
	Password struct {
		Secret string `json:"secret"`
	} `json:"password"`
}

type vault struct {
	Role      string `json:"role"`
	Cluster   string `json:"cluster"`
	Namespace string `json:"namespace"`
	KV        int    `json:"kv"`
}

type gateway struct {
	Gateway      string   `json:"gateway"`
	EntryPoints  []string `json:"entryPoints"`
	CertResolver string   `json:"certResolver"`
}

// workloadExtension is extension.cue's #WorkloadExtension.
type workloadExtension struct {
	Driver string `json:"driver"`

	ImagePullTimeout *seconds            `json:"imagePullTimeout"` // the clients' own if nil
	NodePool         string              `json:"nodePool"`
	Priority         int                 `json:"priority"`
	Constraints      []constraint        `json:"constraints"`
	Affinities       []affinity          `json:"affinities"`
	Spreads          []spread            `json:"spreads"`
	Meta             map[string]string   `json:"meta"`
	Network          string              `json:"network"`
	ServiceTags      map[string][]string `json:"serviceTags"`
	ReserveCores     bool                `json:"reserveCores"`
	GPUDevice        string              `json:"gpuDevice"`
	Volumes          map[string]volume   `json:"volumes"`
	Restart          restartPace         `json:"restart"`
	Update           updatePace          `json:"update"`
	ShutdownDelay    *seconds            `json:"shutdownDelay"` // see shutdownDelay if nil
	SecretChange     secretChange        `json:"secretChange"`
	HostNetworks     map[string]string   `json:"hostNetworks"` // by port name
	Patch            *patch              `json:"patch"`
}

type constraint struct {
	Attribute string `json:"attribute"`
	Operator  string `json:"operator"` // = if empty
	Value     string `json:"value"`
}

// operator returns the comparison operator.
func (c constraint) operator() string {
	if c.Operator == "" {
		return "="
	}
	return c.Operator
}

type affinity struct {
	constraint
	Weight *int `json:"weight"` // 50 if nil
}

type spread struct {
	Attribute string         `json:"attribute"`
	Weight    *int           `json:"weight"` // 50 if nil
	Targets   map[string]int `json:"targets"`
}

type volume struct {
	Type       string `json:"type"` // host if empty
	AccessMode string `json:"accessMode"`
	Source     string `json:"source"`
}

type restartPace struct {
	Interval *seconds `json:"interval"`
	Delay    *seconds `json:"delay"`
	Mode     string   `json:"mode"` // by the restart policy if empty
}

// secretChange is what a container does when a secret that it reads changes.
type secretChange struct {
	Mode   string   `json:"mode"`   // restart if empty
	Signal string   `json:"signal"` // for mode signal
	Splay  *seconds `json:"splay"`  // Nomad's own if nil
}

// of converts it for a template. A running process's variables cannot change, so a signal is
// for files only (structs.Template.Validate).
func (s secretChange) of(t *api.Template) {
	if s.Splay != nil {
		t.Splay = new(s.Splay.duration())
	}
	switch {
	case s.Mode == "signal" && t.Envvars == nil:
		t.ChangeMode, t.ChangeSignal = new("signal"), new(s.Signal)
	case s.Mode == "noop":
		t.ChangeMode = new("noop")
	}
}

type updatePace struct {
	MinHealthyTime   *seconds `json:"minHealthyTime"`
	ProgressDeadline *seconds `json:"progressDeadline"`
}

// seconds is a #Duration.
type seconds int64

// UnmarshalJSON parses a #Duration.
func (s *seconds) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	*s = seconds(d / time.Second)
	return nil
}

// String formats the duration as an author would: `90s`, `5m`.
func (s seconds) String() string {
	switch {
	case s != 0 && s%3600 == 0:
		return fmt.Sprintf("%dh", s/3600)
	case s != 0 && s%60 == 0:
		return fmt.Sprintf("%dm", s/60)
	}
	return fmt.Sprintf("%ds", int64(s))
}

// extensions decodes both with their defaults.
var extensions = provider.Extensions[tenantExtension, workloadExtension]{
	Tenant: plan.Extensions[tenantExtension]{Defaults: func() tenantExtension {
		return tenantExtension{
			Namespace:       "default",
			Region:          "global",
			Datacenters:     []string{"*"},
			NodePool:        "default",
			ServiceProvider: "nomad",
			MHzPerCore:      1000,
			MaxKillTimeout:  maxKillTimeout,
		}
	}},
	Workload: plan.Extensions[workloadExtension]{Defaults: func() workloadExtension {
		return workloadExtension{Driver: "docker", Priority: 50, Network: "bridge", GPUDevice: "nvidia/gpu"}
	}},
	Secrets: func(x *tenantExtension) map[string]plan.Secret { return x.Secrets },
}

// tenant is a plan for Nomad, and workload one of its workloads.
type (
	tenant   = provider.DecodedTenant[tenantExtension, *workload]
	workload struct {
		provider.DecodedWorkload[workloadExtension]
	}
)

func decode(p *plan.Plan) (*tenant, error) {
	return provider.Decode(&extensions, p, func(w provider.DecodedWorkload[workloadExtension]) *workload { return &workload{w} })
}
