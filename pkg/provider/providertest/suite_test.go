package providertest

import (
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
)

// lenient takes whatever the core takes.
type lenient struct{ elsewhere }

func (lenient) Info() provider.Info {
	i := elsewhere{}.Info()
	i.Name, i.Schema.ImportPath = "lenient", "example.com/lenient"
	i.Schema.Files = cueFiles("lenient")
	return i
}

// TestOwnTenants: the suite's tenants are specs that nothing but a provider can refuse.
func TestOwnTenants(t *testing.T) {
	s, err := newSuite(t.Context(), func() provider.Provider { return lenient{} }, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.info = lenient{}.Info()
	all, err := s.compile(s.specs)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range all {
		if len(c.tenants) != 1 {
			t.Errorf("%s is refused:%s", s.specs[i].name, listed(c.diags))
		}
	}
	if len(all) < 10 {
		t.Errorf("only %d tenants", len(all))
	}
}
