package compose

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// The types below are the parts of a Compose file that are written here, in the order and with
// the names of the specification (compose-spec.json).

type composeFile struct {
	Name     string              `yaml:"name"`
	Services map[string]*service `yaml:"services"`
	Networks map[string]topLevel `yaml:"networks,omitempty"`
	Volumes  map[string]volume   `yaml:"volumes,omitempty"`
	Configs  map[string]config   `yaml:"configs,omitempty"`
	Secrets  map[string]secret   `yaml:"secrets,omitempty"`
}

type service struct {
	Image           string                `yaml:"image"`
	Platform        string                `yaml:"platform,omitempty"`
	Entrypoint      []text                `yaml:"entrypoint,omitempty"`
	Command         []text                `yaml:"command,omitempty"`
	WorkingDir      text                  `yaml:"working_dir,omitempty"`
	User            text                  `yaml:"user,omitempty"`
	Environment     map[string]text       `yaml:"environment,omitempty"`
	NetworkMode     string                `yaml:"network_mode,omitempty"`
	Networks        map[string]network    `yaml:"networks,omitempty"`
	Ports           []port                `yaml:"ports,omitempty"`
	Volumes         []volumeMount         `yaml:"volumes,omitempty"`
	Configs         []fileMount           `yaml:"configs,omitempty"`
	Secrets         []fileMount           `yaml:"secrets,omitempty"`
	DependsOn       map[string]dependency `yaml:"depends_on,omitempty"`
	HealthCheck     *healthcheck          `yaml:"healthcheck,omitempty"`
	Restart         string                `yaml:"restart,omitempty"`
	StopSignal      string                `yaml:"stop_signal,omitempty"`
	StopGracePeriod string                `yaml:"stop_grace_period,omitempty"`
	ReadOnly        bool                  `yaml:"read_only,omitempty"`
	Privileged      bool                  `yaml:"privileged,omitempty"`
	CapAdd          []string              `yaml:"cap_add,omitempty"`
	CapDrop         []string              `yaml:"cap_drop,omitempty"`
	CPUShares       int64                 `yaml:"cpu_shares,omitempty"`
	MemswapLimit    string                `yaml:"memswap_limit,omitempty"`
	Deploy          *deploy               `yaml:"deploy,omitempty"`
	Labels          map[text]text         `yaml:"labels,omitempty"`
	Profiles        []string              `yaml:"profiles,omitempty"`

	patched `yaml:",inline"`
}

// patched are the parts of a service that only patches write.
type patched struct {
	Annotations       map[string]text   `yaml:"annotations,omitempty"`
	Attach            *bool             `yaml:"attach,omitempty"`
	Cgroup            string            `yaml:"cgroup,omitempty"`
	CgroupParent      string            `yaml:"cgroup_parent,omitempty"`
	CPUSet            string            `yaml:"cpuset,omitempty"`
	DeviceCgroupRules []string          `yaml:"device_cgroup_rules,omitempty"`
	Devices           []string          `yaml:"devices,omitempty"`
	DNS               []string          `yaml:"dns,omitempty"`
	DNSOpt            []string          `yaml:"dns_opt,omitempty"`
	DNSSearch         []string          `yaml:"dns_search,omitempty"`
	DomainName        string            `yaml:"domainname,omitempty"`
	Expose            []string          `yaml:"expose,omitempty"`
	ExtraHosts        []string          `yaml:"extra_hosts,omitempty"`
	GroupAdd          []string          `yaml:"group_add,omitempty"`
	Hostname          text              `yaml:"hostname,omitempty"`
	Init              *bool             `yaml:"init,omitempty"`
	IPC               string            `yaml:"ipc,omitempty"`
	Logging           *logging          `yaml:"logging,omitempty"`
	MemSwappiness     *int              `yaml:"mem_swappiness,omitempty"`
	OOMKillDisable    *bool             `yaml:"oom_kill_disable,omitempty"`
	OOMScoreAdj       *int              `yaml:"oom_score_adj,omitempty"`
	PID               string            `yaml:"pid,omitempty"`
	PidsLimit         *int64            `yaml:"pids_limit,omitempty"`
	PullPolicy        string            `yaml:"pull_policy,omitempty"`
	Runtime           string            `yaml:"runtime,omitempty"`
	SecurityOpt       []string          `yaml:"security_opt,omitempty"`
	ShmSize           string            `yaml:"shm_size,omitempty"`
	StdinOpen         *bool             `yaml:"stdin_open,omitempty"`
	StorageOpt        map[string]text   `yaml:"storage_opt,omitempty"`
	Sysctls           map[string]text   `yaml:"sysctls,omitempty"`
	Tmpfs             []text            `yaml:"tmpfs,omitempty"`
	TTY               *bool             `yaml:"tty,omitempty"`
	Ulimits           map[string]ulimit `yaml:"ulimits,omitempty"`
	UsernsMode        string            `yaml:"userns_mode,omitempty"`
	UTS               string            `yaml:"uts,omitempty"`
}

type logging struct {
	Driver  string          `yaml:"driver,omitempty"`
	Options map[string]text `yaml:"options,omitempty"`
}

type ulimit struct {
	Soft int64 `yaml:"soft"`
	Hard int64 `yaml:"hard"`
}

// network is a service's connection to a network.
type network struct {
	Aliases     []string `yaml:"aliases,omitempty"`
	IPv4Address string   `yaml:"ipv4_address,omitempty"`
	IPv6Address string   `yaml:"ipv6_address,omitempty"`
	MacAddress  string   `yaml:"mac_address,omitempty"`
	Priority    int      `yaml:"priority,omitempty"`
}

// topLevel is a network of the project, which only patches write.
type topLevel struct {
	Driver     string          `yaml:"driver,omitempty"`
	DriverOpts map[string]text `yaml:"driver_opts,omitempty"`
	External   bool            `yaml:"external,omitempty"`
	Internal   bool            `yaml:"internal,omitempty"`
	Attachable bool            `yaml:"attachable,omitempty"`
	EnableIPv6 bool            `yaml:"enable_ipv6,omitempty"`
	IPAM       *ipam           `yaml:"ipam,omitempty"`
	Labels     map[string]text `yaml:"labels,omitempty"`
}

type ipam struct {
	Driver string   `yaml:"driver,omitempty"`
	Config []subnet `yaml:"config,omitempty"`
}

type subnet struct {
	Subnet  string `yaml:"subnet,omitempty"`
	IPRange string `yaml:"ip_range,omitempty"`
	Gateway string `yaml:"gateway,omitempty"`
}

type port struct {
	Name      string `yaml:"name"`
	Target    int    `yaml:"target"`
	Published string `yaml:"published"`
	HostIP    string `yaml:"host_ip"`
	Protocol  string `yaml:"protocol"`
}

type volumeMount struct {
	Type     string `yaml:"type"`
	Source   string `yaml:"source,omitempty"`
	Target   text   `yaml:"target"`
	ReadOnly bool   `yaml:"read_only,omitempty"`

	// What only patches write.
	Bind   *bindOptions   `yaml:"bind,omitempty"`
	Volume *volumeOptions `yaml:"volume,omitempty"`
	Tmpfs  *tmpfsOptions  `yaml:"tmpfs,omitempty"`
}

type bindOptions struct {
	Propagation    string `yaml:"propagation,omitempty"`
	CreateHostPath *bool  `yaml:"create_host_path,omitempty"`
	SELinux        string `yaml:"selinux,omitempty"`
}

type volumeOptions struct {
	NoCopy  bool   `yaml:"nocopy,omitempty"`
	Subpath string `yaml:"subpath,omitempty"`
}

type tmpfsOptions struct {
	Size string `yaml:"size,omitempty"`
	Mode int    `yaml:"mode,omitempty"`
}

type fileMount struct {
	Source string `yaml:"source"`
	Target text   `yaml:"target"`
}

type dependency struct {
	Condition string `yaml:"condition"`
}

type healthcheck struct {
	Test        []text `yaml:"test"`
	Interval    string `yaml:"interval"`
	Timeout     string `yaml:"timeout"`
	Retries     int    `yaml:"retries"`
	StartPeriod string `yaml:"start_period"`

	StartInterval string `yaml:"start_interval,omitempty"` // only for patches
}

type deploy struct {
	Replicas  *int       `yaml:"replicas,omitempty"`
	Resources *resources `yaml:"resources,omitempty"`
}

type resources struct {
	Limits       *amount `yaml:"limits,omitempty"`
	Reservations *amount `yaml:"reservations,omitempty"`
}

type amount struct {
	CPUs    string   `yaml:"cpus,omitempty"`
	Memory  string   `yaml:"memory,omitempty"`
	Devices []device `yaml:"devices,omitempty"`
}

type device struct {
	Driver       string   `yaml:"driver"`
	Count        int      `yaml:"count"`
	Capabilities []string `yaml:"capabilities"`
}

type volume struct {
	DriverOpts map[string]string `yaml:"driver_opts,omitempty"`

	// What only patches write.
	Driver   string          `yaml:"driver,omitempty"`
	External bool            `yaml:"external,omitempty"`
	Labels   map[string]text `yaml:"labels,omitempty"`
}

type config struct {
	Content text `yaml:"content"`
}

type secret struct {
	Environment string `yaml:"environment"`
}

// text is a text of a Compose file, in which ${NAME} is replaced.
type text string

// literal is a text that nothing is replaced in: every byte of it arrives
// (compose-go, template.DefaultPattern).
func literal(s string) text { return text(strings.ReplaceAll(s, "$", "$$")) }

// UnmarshalJSON accepts a number or a bool as text, as Compose does.
func (t *text) UnmarshalJSON(b []byte) error {
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	switch v.(type) {
	case string, bool, json.Number:
		*t = text(fmt.Sprint(v))
		return nil
	}
	return errors.New("it is a list or a struct")
}

func literals(list []string) []text {
	var texts []text
	for _, s := range list {
		texts = append(texts, literal(s))
	}
	return texts
}

// MarshalYAML writes several lines as a literal block if every reader reads the same text from
// it, and otherwise on one line.
func (t text) MarshalYAML() (any, error) {
	s := string(t)
	switch {
	case isBlock(s):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.LiteralStyle}, nil
	case s == "=", // YAML 1.1 has a type for it (yaml.org/type/value.html), and other readers refuse it
		strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}, nil
	}
	return s, nil
}

// isBlock reports whether a text of several lines can be a literal block: its first line shows
// the indentation, and no line consists of or ends with spaces.
func isBlock(s string) bool {
	if !strings.Contains(s, "\n") || strings.ContainsRune(" \t\n", rune(s[0])) {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != strings.TrimRight(line, " \t") {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) })
}

// encode writes a Compose file.
func (f *composeFile) encode() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("compose file %s: %w", f.Name, err)
	}
	return b.Bytes(), e.Close()
}
