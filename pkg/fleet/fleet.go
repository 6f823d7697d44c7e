// Package fleet judges all tenants together: what they claim of what others may claim too, and
// what they ask for by group.
//
// [Of] sums up one plan as [Facts]. A [Collector] keeps the facts of a run, or of one shard of
// it, and writes them sorted to a file; a [Reader] reads such a file as a stream. [Judge] merges
// any number of them in memory that does not grow with the number of tenants, and gives one
// [Verdict]: the same whether the facts come from one run or from many shards.
//
//	var c fleet.Collector
//	c.Add(facts)
//	verdict, err := fleet.Judge(c.Reader(), fleet.Options{})
package fleet

import (
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Version is the version of the form that facts are written in. It is raised where an older
// reader would take facts for something else.
const Version = 1

// Tool is the name that facts are written under: a file of another tool's is refused.
const Tool = "cuecompute"

// Amounts are what workloads ask for. Those that a container does not state count as the
// platform's own default where it has one, and else as 0. A daemon counts as one copy.
type Amounts struct {
	Workloads   int64 `json:"workloads,omitempty"`
	Copies      int64 `json:"copies,omitempty"`      // with autoscale, the least
	CPUMillis   int64 `json:"cpuMillis,omitempty"`   // of all copies, in thousandths of a processor
	MemoryMiB   int64 `json:"memoryMiB,omitempty"`   // of all copies, in 2^20 bytes
	StorageMiB  int64 `json:"storageMiB,omitempty"`  // that outlives copies, of all of them
	GPU         int64 `json:"gpu,omitempty"`         // of all copies
	PublicPorts int64 `json:"publicPorts,omitempty"` // of containers, by workload and not by copy
	Hosts       int64 `json:"hosts,omitempty"`       // entries of ingress
	Most        Most  `json:"most,omitzero"`         // in facts that are written: where it is more
}

// Most are the amounts where each workload with autoscale runs its most copies.
type Most struct {
	Copies     int64 `json:"copies"`
	CPUMillis  int64 `json:"cpuMillis"`
	MemoryMiB  int64 `json:"memoryMiB"`
	StorageMiB int64 `json:"storageMiB"`
	GPU        int64 `json:"gpu"`
}

// short leaves out the most where it is no more.
func (a Amounts) short() Amounts {
	if a.Most == a.least() {
		a.Most = Most{}
	}
	return a
}

// long is the inverse of short.
func (a Amounts) long() Amounts {
	if a.Most == (Most{}) {
		a.Most = a.least()
	}
	return a
}

func (a *Amounts) least() Most { return Most{a.Copies, a.CPUMillis, a.MemoryMiB, a.StorageMiB, a.GPU} }

func (a *Amounts) add(b Amounts) {
	a.Workloads += b.Workloads
	a.Copies += b.Copies
	a.CPUMillis += b.CPUMillis
	a.MemoryMiB += b.MemoryMiB
	a.StorageMiB += b.StorageMiB
	a.GPU += b.GPU
	a.PublicPorts += b.PublicPorts
	a.Hosts += b.Hosts
	a.Most.add(b.Most)
}

func (m *Most) add(b Most) {
	m.Copies += b.Copies
	m.CPUMillis += b.CPUMillis
	m.MemoryMiB += b.MemoryMiB
	m.StorageMiB += b.StorageMiB
	m.GPU += b.GPU
}

// Measures are the names of the amounts that a rule may bound, as paths in a group.
func Measures() []string {
	return []string{
		"tenants", "workloads", "copies", "cpuMillis", "memoryMiB", "storageMiB", "gpu", "publicPorts", "hosts",
		"most.copies", "most.cpuMillis", "most.memoryMiB", "most.storageMiB", "most.gpu",
	}
}

// Of returns an amount by its name in [Measures]; tenants is 1.
func (a *Amounts) Of(measure string) int64 {
	switch measure {
	case "tenants":
		return 1
	case "workloads":
		return a.Workloads
	case "copies":
		return a.Copies
	case "cpuMillis":
		return a.CPUMillis
	case "memoryMiB":
		return a.MemoryMiB
	case "storageMiB":
		return a.StorageMiB
	case "gpu":
		return a.GPU
	case "publicPorts":
		return a.PublicPorts
	case "hosts":
		return a.Hosts
	case "most.copies":
		return a.Most.Copies
	case "most.cpuMillis":
		return a.Most.CPUMillis
	case "most.memoryMiB":
		return a.Most.MemoryMiB
	case "most.storageMiB":
		return a.Most.StorageMiB
	case "most.gpu":
		return a.Most.GPU
	}
	return 0
}

// Facts are what the rules over all tenants need to know of one tenant on one provider.
type Facts struct {
	ID       string            `json:"id"`
	Provider string            `json:"provider"`
	At       Place             `json:"at"` // where the id is written
	Labels   map[string]string `json:"labels,omitempty"`
	Amounts
	Namespace string             `json:"namespace,omitempty"`
	NodePools map[string]Amounts `json:"nodePools,omitempty"` // of the workloads whose machines are stated
	Images    []string           `json:"images,omitempty"`    // each once, sorted
	Endpoints []string           `json:"endpoints,omitempty"` // web: api.http, each once, sorted

	// Claims are what other tenants may claim too. They are written apart from the rest.
	Claims []Claim `json:"-"`

	line   []byte   // what is written, if it is
	claims []record // and of the claims
}

// Registries are where the images come from, each once, sorted.
func (f *Facts) Registries() []string {
	var all []string
	for _, image := range f.Images {
		if r := registryOf(image); !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	return all
}

// Place is a range in a file, as facts keep it.
type Place struct {
	File      string `json:"file"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// Range returns the place as diagnostics have it.
func (p Place) Range() diag.Range { return diag.Range(p) }
