package compose

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// The types below are the parts of a Compose file that are written here, in the order and
// by the names of the specification (compose-spec.json).

type composeFile struct {
	Name     string              `yaml:"name"`
	Services map[string]*service `yaml:"services"`
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
}

type network struct {
	Aliases []string `yaml:"aliases,omitempty"`
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
	Source   string `yaml:"source"`
	Target   text   `yaml:"target"`
	ReadOnly bool   `yaml:"read_only,omitempty"`
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

func literals(list []string) []text {
	var texts []text
	for _, s := range list {
		texts = append(texts, literal(s))
	}
	return texts
}

// MarshalYAML writes several lines as a literal block where every reader takes that for
// the same text, and on one line otherwise.
func (t text) MarshalYAML() (any, error) {
	s := string(t)
	switch {
	case isBlock(s):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.LiteralStyle}, nil
	case s == "=", // which YAML 1.1 has a type for (yaml.org/type/value.html), and other readers refuse
		strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}, nil
	}
	return s, nil
}

// isBlock reports whether a text of several lines can stand as it is: its first line tells
// the indentation, and no line is of spaces alone or ends with them.
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
