package kubernetes

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/provider/providertest"
)

func TestSupport(t *testing.T) { providertest.Support(t, New(), "testdata") }

func TestProvider(t *testing.T) {
	providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"), providertest.Unescape(kubelet))
}

var kubeletReference = regexp.MustCompile(`\$\$|\$\([^)]*\)`)

// kubelet returns a text as the kubelet expands it
// (third_party/forked/golang/expansion/expand.go).
func kubelet(field, text string) string {
	if !strings.HasPrefix(field, "workloads.containers.") || strings.HasSuffix(field, ".grpc.service") {
		return text
	}
	return kubeletReference.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		return "a variable"
	})
}
