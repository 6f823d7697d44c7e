package kubernetes

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// FuzzYAML compares a text with Kubernetes' own parser of the output, as a map's value, as its
// key and in a list.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{
		"", " ", "a", "a: b", "a #b", "a:", "- a", "-", "--", "---", "...", "yes", "NULL", "~", "=", "<<", "1", "1_0", "0x1", "1e3", ".5", "1:30",
		"2001-01-01", "512Mi", "250m", "50%", "m", "%", "--a", "-.inf", "a\nb", "a\n", "a\n\n", "\na", " a\nb", "\ta\nb", "a\n \nb", "a\n\tb\n", "a\nb ",
		"a\r\nb", "a\x00b", "\u0085", "\u2028\n", "\ufeffa\nb", "\U0001F600\n", "\U000E0001", "a\\b\"c'", "@a", "`a", "%a", "!a", "&a", "*a", "{a", "[a", "a,b", "|", ">",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd")
		want := &corev1.ConfigMap{Data: map[string]string{"first": s, "last": s}, Immutable: new(true)}
		if len(s) <= validation.DNS1123SubdomainMaxLength { // no key is longer, as no implicit one of YAML's may be
			want.Data[s] = s
		}
		want.Finalizers = []string{s, "between", s}
		var got corev1.ConfigMap
		text := yamlOf(want)
		if err := yaml.UnmarshalStrict(text, &got); err != nil {
			t.Fatalf("%q: %v in\n%s", s, err, text)
		}
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("%q is read differently (-want +got):\n%s\nfrom\n%s", s, diff, text)
		}
	})
}

// TestYAMLReadsBackEqual reads every kind of object back.
func TestYAMLReadsBackEqual(t *testing.T) {
	for _, p := range realPlans(t) {
		tenant, err := decode(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, made := range makers {
			for _, m := range made(tenant) {
				want := m.manifest
				got := reflect.New(reflect.TypeOf(want).Elem()).Interface()
				text := yamlOf(want)
				if err := yaml.UnmarshalStrict(text, got); err != nil {
					t.Fatalf("%v in\n%s", err, text)
				}
				// Both are written once more by the reader's own library, for which an empty map is none.
				if diff := cmp.Diff(reference(t, want), reference(t, got)); diff != "" {
					t.Errorf("%s is read differently (-want +got):\n%s", want.GetName(), diff)
				}
			}
		}
	}
}

func reference(t *testing.T, object any) string {
	t.Helper()
	b, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// BenchmarkRender is of all real tenants, one after another: its time is that of one.
func BenchmarkRender(b *testing.B) {
	plans, provider := realPlans(b), New()
	bytes, i := 0, 0
	for b.Loop() {
		files, err := provider.Render(b.Context(), plans[i%len(plans)])
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range files {
			bytes += len(f.Data)
		}
		i++
	}
	b.ReportMetric(float64(bytes)/float64(i), "bytes/tenant")
}
