package fleet

import (
	"cmp"
	"slices"
	"strings"
)

// Share is what the tenants of a group ask for together. Amounts are those of [Amounts].
type Share struct {
	Tenants     int64   `json:"tenants"`
	Workloads   int64   `json:"workloads"`
	Copies      int64   `json:"copies"`
	CPUMillis   int64   `json:"cpuMillis"`
	MemoryMiB   int64   `json:"memoryMiB"`
	StorageMiB  int64   `json:"storageMiB"`
	GPU         int64   `json:"gpu"`
	PublicPorts int64   `json:"publicPorts"`
	Hosts       int64   `json:"hosts"`
	Most        Most    `json:"most"`
	Percent     Percent `json:"percent"`

	Providers  []string `json:"providers"` // of its tenants, each once, sorted
	NodePools  []string `json:"nodePools"`
	Registries []string `json:"registries"`

	biggest map[string][]biggest // by measure
}

// Percent is the part of all tenants' amounts, rounded up.
type Percent struct {
	Tenants    int64 `json:"tenants"`
	Copies     int64 `json:"copies"`
	CPUMillis  int64 `json:"cpuMillis"`
	MemoryMiB  int64 `json:"memoryMiB"`
	StorageMiB int64 `json:"storageMiB"`
	GPU        int64 `json:"gpu"`
}

// Shares are what all tenants ask for, and what those of each group do: what the field fleet
// of a policy constrains.
type Shares struct {
	Total     Share                        `json:"total"`
	By        map[string]map[string]*Share `json:"by"` // by label, then by its value
	Provider  map[string]*Share            `json:"provider"`
	Namespace map[string]*Share            `json:"namespace"` // by provider and namespace: kubernetes/acme
	NodePool  map[string]*Share            `json:"nodePool"`  // by provider and node pool: nomad/gpu
	Registry  map[string]*Share            `json:"registry"`  // of tenants that take an image from it
}

// Dimensions are what shares are summed up by beside labels.
func Dimensions() []string { return []string{"provider", "namespace", "nodePool", "registry"} }

// Of returns the shares of a dimension.
func (s *Shares) Of(dimension string) map[string]*Share {
	switch dimension {
	case "provider":
		return s.Provider
	case "namespace":
		return s.Namespace
	case "nodePool":
		return s.NodePool
	case "registry":
		return s.Registry
	}
	return nil
}

// boundMeasures are what a bound may be of.
func boundMeasures() []string {
	return append(Measures(), "percent.tenants", "percent.copies", "percent.cpuMillis", "percent.memoryMiB", "percent.storageMiB", "percent.gpu")
}

// Amount returns an amount by its name in [Measures], or a part such as percent.memoryMiB.
func (s *Share) Amount(measure string) int64 {
	a := Amounts{s.Workloads, s.Copies, s.CPUMillis, s.MemoryMiB, s.StorageMiB, s.GPU, s.PublicPorts, s.Hosts, s.Most}
	switch measure {
	case "tenants":
		return s.Tenants
	case "percent.tenants":
		return s.Percent.Tenants
	case "percent.copies":
		return s.Percent.Copies
	case "percent.cpuMillis":
		return s.Percent.CPUMillis
	case "percent.memoryMiB":
		return s.Percent.MemoryMiB
	case "percent.storageMiB":
		return s.Percent.StorageMiB
	case "percent.gpu":
		return s.Percent.GPU
	}
	return a.Of(measure)
}

func (s *Share) add(a Amounts) {
	s.Workloads += a.Workloads
	s.Copies += a.Copies
	s.CPUMillis += a.CPUMillis
	s.MemoryMiB += a.MemoryMiB
	s.StorageMiB += a.StorageMiB
	s.GPU += a.GPU
	s.PublicPorts += a.PublicPorts
	s.Hosts += a.Hosts
	s.Most.add(a.Most)
}

// percentOf sets the part that the share has of all.
func (s *Share) percentOf(all *Share) {
	part := func(n, of int64) int64 {
		if of <= 0 {
			return 0
		}
		return int64((float64(n)*100 + float64(of) - 1) / float64(of))
	}
	s.Percent = Percent{
		part(s.Tenants, all.Tenants), part(s.Copies, all.Copies), part(s.CPUMillis, all.CPUMillis),
		part(s.MemoryMiB, all.MemoryMiB), part(s.StorageMiB, all.StorageMiB), part(s.GPU, all.GPU),
	}
}

// biggest is a tenant that has much of a share.
type biggest struct {
	id     string
	at     Place
	amount int64
}

// shownBiggest is how many tenants of a group are named where its rule is broken.
const shownBiggest = 3

// note keeps the tenants that have the most of a measure.
func (s *Share) note(measure string, b biggest) {
	all := s.biggest[measure]
	if len(all) == shownBiggest && all[shownBiggest-1].amount >= b.amount {
		return // of those that have as much, the first by their ids
	}
	if s.biggest == nil {
		s.biggest = map[string][]biggest{}
	}
	all = append(all, b)
	slices.SortStableFunc(all, func(a, b biggest) int { return cmp.Compare(b.amount, a.amount) })
	s.biggest[measure] = all[:min(len(all), shownBiggest)]
}

// include adds texts to a sorted list, each once.
func include(list []string, more ...string) []string {
	for _, text := range more {
		if i, ok := slices.BinarySearch(list, text); !ok && text != "" {
			list = slices.Insert(list, i, text)
		}
	}
	return list
}

// sums sum up all facts, one id after another.
type sums struct {
	labels   []string        // that shares are summed up by
	measures []string        // whose biggest tenants are kept
	ruled    map[string]bool // labels that the rules count by
	shares   Shares
	counted  map[*Share]Amounts // of the tenant that is added, on all of its providers
}

func newSums(o Options) *sums {
	s := &sums{counted: map[*Share]Amounts{}, ruled: map[string]bool{}}
	s.shares.By = map[string]map[string]*Share{}
	by := o.By
	if o.Rules != nil {
		by = append(slices.Clone(by), o.Rules.By()...)
		for _, m := range Measures() {
			if o.Rules.Mentions(m) || m == "tenants" && mentionsOne(o.Rules, "providers", "nodePools", "registries") {
				s.measures = append(s.measures, m)
			}
		}
	}
	for _, name := range by {
		switch name {
		case "provider":
			s.shares.Provider = map[string]*Share{}
		case "namespace":
			s.shares.Namespace = map[string]*Share{}
		case "nodePool":
			s.shares.NodePool = map[string]*Share{}
		case "registry":
			s.shares.Registry = map[string]*Share{}
		default:
			label := strings.TrimPrefix(name, "labels.")
			if s.shares.By[label] == nil {
				s.labels = append(s.labels, label)
				s.ruled[label] = o.Rules != nil && o.Rules.Label(label).File != ""
				s.shares.By[label] = map[string]*Share{}
			}
		}
	}
	return s
}

func mentionsOne(rules Rules, names ...string) bool {
	return slices.ContainsFunc(names, rules.Mentions)
}

// tenant adds the facts of one tenant, on each of its providers.
func (s *sums) tenant(all []Facts) {
	clear(s.counted)
	for i := range all {
		f := &all[i]
		s.to(&s.shares.Total, f, f.Amounts)
		for _, label := range s.labels {
			value, ok := f.Labels[label]
			if ok || !s.ruled[label] {
				s.in(s.shares.By[label], value, f, f.Amounts)
			} // a tenant without it is reported
		}
		s.in(s.shares.Provider, f.Provider, f, f.Amounts)
		if f.Namespace != "" {
			s.in(s.shares.Namespace, f.Provider+"/"+f.Namespace, f, f.Amounts)
		}
		for pool, amounts := range f.NodePools {
			s.in(s.shares.NodePool, f.Provider+"/"+pool, f, amounts)
		}
		if s.shares.Registry != nil {
			for _, r := range f.Registries() {
				s.in(s.shares.Registry, r, f, f.Amounts)
			}
		}
	}
	for share, own := range s.counted {
		for _, m := range s.measures {
			share.note(m, biggest{all[0].ID, all[0].At, own.Of(m)})
		}
	}
}

func (s *sums) in(group map[string]*Share, key string, f *Facts, a Amounts) {
	if group == nil {
		return
	}
	share := group[key]
	if share == nil {
		share = &Share{}
		group[key] = share
	}
	s.to(share, f, a)
}

func (s *sums) to(share *Share, f *Facts, a Amounts) {
	own, counted := s.counted[share]
	if !counted {
		share.Tenants++
	}
	own.add(a)
	s.counted[share] = own
	share.add(a)
	share.Providers = include(share.Providers, f.Provider)
	share.Registries = include(share.Registries, f.Registries()...)
	for pool := range f.NodePools {
		share.NodePools = include(share.NodePools, pool)
	}
}

// done returns the shares, with what part of the whole each is.
func (s *sums) done() *Shares {
	total := &s.shares.Total
	total.percentOf(total)
	for _, group := range s.shares.groups() {
		for _, share := range group {
			share.percentOf(total)
		}
	}
	return &s.shares
}

func (s *Shares) groups() []map[string]*Share {
	all := []map[string]*Share{s.Provider, s.Namespace, s.NodePool, s.Registry}
	for _, by := range s.By {
		all = append(all, by)
	}
	return all
}
