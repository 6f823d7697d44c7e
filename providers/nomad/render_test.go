package nomad

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// tenants are the plans of the tenants of testdata that are Nomad's.
func tenants(t *testing.T) []*plan.Plan {
	t.Helper()
	reg, err := provider.NewRegistry(New())
	if err != nil {
		t.Fatal(err)
	}
	plans, diags, err := compile.Compile(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, compile.Input{
		Paths:     []string{"../../testdata/tenants/nomad"},
		Providers: reg.Names(),
	})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, len(diags))
	}
	return plans
}

// What a document leaves out is read back as what it was.
func TestDocumentIsWhole(t *testing.T) {
	for _, p := range tenants(t) {
		decoded, err := decode(p)
		if err != nil {
			t.Fatal(err)
		}
		r := &renderer{decoded}
		for _, w := range decoded.Workloads {
			job := r.job(w)
			whole, err := json.Marshal(jobFile{job})
			if err != nil {
				t.Fatal(err)
			}
			var want, got jobFile
			if err := json.Unmarshal(whole, &want); err != nil {
				t.Fatal(err)
			}
			d := json.NewDecoder(bytes.NewReader(document("", jobFile{job}).Data))
			d.DisallowUnknownFields()
			if err := d.Decode(&got); err != nil {
				t.Fatal(err)
			}
			want.Job.Canonicalize()
			got.Job.Canonicalize()
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s of %s (-job +read back):\n%s", w.Name, p.ID, diff)
			}
		}
	}
}

func TestNames(t *testing.T) {
	var got []string
	for _, p := range tenants(t) {
		if p.ID != "postroom" && p.ID != "telemetry" {
			continue
		}
		names, err := New().Names(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			got = append(got, n.Path.String()+": "+n.Scope+": "+n.Name)
		}
	}
	want := []string{
		"workloads.mx: job of namespace mail in region global: postroom-mx",
		"workloads.mx: service of consul: postroom-mx",
		"workloads.broker: job of namespace vehicles in region eu: telemetry-broker",
		"workloads.store: job of namespace vehicles in region eu: telemetry-store",
		"workloads.store.volumes.data: volume of namespace vehicles in region eu: telemetry-store-data",
		"workloads.writer: job of namespace vehicles in region eu: telemetry-writer",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
