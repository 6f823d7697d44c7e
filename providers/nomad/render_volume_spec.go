package nomad

import (
	"fmt"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// volumeSpec is a volume as `nomad volume create` reads it
// (https://developer.hashicorp.com/nomad/docs/other-specifications/volume).
type volumeSpec struct {
	ID          string             `json:"id"` // of a CSI volume; Nomad makes that of a host volume
	Name        string             `json:"name"`
	Namespace   string             `json:"namespace"`
	Type        string             `json:"type"`
	PluginID    string             `json:"plugin_id"`
	NodePool    string             `json:"node_pool"` // of a host volume
	CapacityMin string             `json:"capacity_min"`
	CapacityMax string             `json:"capacity_max"`
	Capability  []volumeCapability `json:"capability"`
	Constraint  []volumeConstraint `json:"constraint"` // of a host volume: which machines
}

type volumeCapability struct {
	AccessMode     string `json:"access_mode"`
	AttachmentMode string `json:"attachment_mode"`
}

type volumeConstraint struct {
	Attribute string `json:"attribute"`
	Operator  string `json:"operator"`
	Value     string `json:"value"`
}

// volumeSpecFile is a volume of one copy.
type volumeSpecFile struct {
	file string
	spec volumeSpec
}

// volumeSpecs are the persistent volumes of all copies of a workload. Each has the size
// that the author states, no less and no more. Those of the host are alike, as the server
// makes each on another machine, and are made for every way in which a workload may claim them.
func (r *renderer) volumeSpecs(w *workload) []volumeSpecFile {
	var out []volumeSpecFile
	for name, v := range plan.Sorted(w.Volumes) {
		if v.Persistent == nil {
			continue
		}
		native, size := w.Ext.Volumes[name], fmt.Sprintf("%dMiB", v.Persistent.SizeMiB)
		spec := volumeSpec{
			Namespace:   r.Ext.Namespace,
			Type:        "host",
			PluginID:    v.Persistent.Class,
			CapacityMin: size,
			CapacityMax: size,
			Capability:  []volumeCapability{{oneWriter, fileSystem}, {manyWriters, fileSystem}},
		}
		if native.Type == "csi" {
			spec.Type, spec.Capability = "csi", []volumeCapability{{native.csiAccess(), fileSystem}}
		} else {
			if spec.PluginID == "" {
				spec.PluginID = mkdirPlugin
			}
			spec.NodePool = nodePool(r.tenant, w)
			spec.Constraint = volumeConstraints(w)
		}
		for i := range w.MostReplicas() {
			spec.Name = volumeSource(r.Plan.ID, w, name)
			if native.Type == "csi" {
				spec.Name += fmt.Sprintf("[%d]", i)
				spec.ID = spec.Name
			}
			out = append(out, volumeSpecFile{fmt.Sprintf("%s.%d", name, i), spec})
		}
	}
	return out
}

// volumeConstraints put a host volume on a machine where the workload may run.
func volumeConstraints(w *workload) []volumeConstraint {
	var out []volumeConstraint
	for _, c := range constraintsOf(w) {
		if c.Operand != "distinct_hosts" && c.Operand != "distinct_property" { // of copies, not of machines
			out = append(out, volumeConstraint{c.LTarget, c.Operand, c.RTarget})
		}
	}
	return out
}
