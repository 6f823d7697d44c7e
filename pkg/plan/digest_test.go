package plan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// TestDigestIsThatOfDiff: plans have the same digest if and only if they do not differ.
func TestDigestIsThatOfDiff(t *testing.T) {
	all := realPlans(t)
	digests := map[string]*plan.Plan{}
	for i := range all {
		p := &all[i]
		digest, err := p.Digest()
		if err != nil {
			t.Fatal(err)
		}
		if q, taken := digests[digest]; taken {
			if changes, err := plan.Diff(p, q); err != nil || len(changes) > 0 {
				t.Errorf("%s and %s have one digest, and differ: %v (%v)", p.ID, q.ID, changes, err)
			}
		}
		digests[digest] = p
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again plan.Plan
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		for name, w := range again.Workloads {
			w.Written = append(w.Written, "replicas")
			again.Workloads[name] = w
		}
		again.Defaults = map[string]string{"workloads.web.replicas": "1"}
		if same, err := again.Digest(); err != nil || same != digest {
			t.Errorf("%s: the digest depends on where values come from: %s, %s (%v)", p.ID, digest, same, err)
		}
		for name, w := range again.Workloads {
			w.Replicas += 7
			again.Workloads[name] = w
		}
		if other, err := again.Digest(); err != nil || other == digest {
			t.Errorf("%s with other replicas has the same digest (%v)", p.ID, err)
		}
	}
	if len(digests) < len(all)*9/10 {
		t.Errorf("%d digests of %d plans", len(digests), len(all))
	}
}

// TestCanonical shows the digest's input, so that programs in other languages can compute it.
func TestCanonical(t *testing.T) {
	p := &plan.Plan{Version: 1, ID: "acme", Provider: "nomad",
		Labels:    map[string]string{"ü": "<&>", "a": "\u007f\"\n"},
		Workloads: map[string]plan.Workload{},
		Defaults:  map[string]string{"workloads.web.replicas": "1"},
	}
	if err := json.Unmarshal([]byte(`{"z": 1.50, "a": [1e3, 123456789012345678901234567890]}`), &p.Extension); err != nil {
		t.Fatal(err)
	}
	got, err := p.Canonical()
	want := `{"extension":{"a":[1e3,123456789012345678901234567890],"z":1.50},"id":"acme",` +
		`"labels":{"a":"` + "\u007f" + `\"\n","ü":"<&>"},"provider":"nomad","version":1,"workloads":{}}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	p.Extension = "{"
	if _, err := p.Digest(); err == nil || !strings.Contains(err.Error(), "acme") {
		t.Errorf("a plan that has no JSON form has a digest (%v)", err)
	}
}

func ExamplePlan_Digest() {
	p := &plan.Plan{Version: plan.Version, ID: "acme", Provider: "nomad", Workloads: map[string]plan.Workload{
		"web": {Kind: plan.Service, Replicas: 2, Containers: map[string]plan.Container{"app": {Image: "nginx:1.29"}}},
	}}
	digest, err := p.Digest()
	fmt.Println(digest, err)
	// Output: sha256:d17b3a4f738f4da9b73901f55513e38fc5ce789baf900d4853c7983eee184747 <nil>
}
