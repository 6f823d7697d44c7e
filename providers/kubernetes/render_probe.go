package kubernetes

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// probe converts a check to a probe; nil to nil.
func probe(ctr plan.Container, check *plan.Check) *corev1.Probe {
	if check == nil {
		return nil
	}
	p := &corev1.Probe{
		InitialDelaySeconds: int32(check.StartDelaySeconds),
		TimeoutSeconds:      int32(check.TimeoutSeconds),
		PeriodSeconds:       int32(check.IntervalSeconds),
		FailureThreshold:    int32(check.Retries),
	}
	switch {
	case check.HTTP != nil:
		p.HTTPGet = &corev1.HTTPGetAction{Path: check.HTTP.Path, Port: portRef(check.HTTP.Port)}
	case check.TCP != nil:
		p.TCPSocket = &corev1.TCPSocketAction{Port: portRef(check.TCP.Port)}
	case check.GRPC != nil:
		number, _ := ctr.PortNumber(check.GRPC.Port) // a gRPC probe needs a number
		p.GRPC = &corev1.GRPCAction{Port: int32(number)}
		if check.GRPC.Service != "" {
			p.GRPC.Service = &check.GRPC.Service
		}
	default:
		// The kubelet expands it: runProbe of pkg/kubelet/prober.
		p.Exec = &corev1.ExecAction{Command: escapeAll(check.Exec.Command)}
	}
	return p
}

func portRef(r plan.PortRef) intstr.IntOrString {
	if r.Name != "" {
		return intstr.FromString(r.Name)
	}
	return intstr.FromInt32(int32(r.Number))
}

// startup returns the container's own startup check or, if containers wait until it is healthy,
// the check for that. A readiness check restarts nothing, however often it fails.
func (w *workload) startup(n string) *corev1.Probe {
	ctr := w.Containers[n]
	if ctr.Startup != nil || w.stage(n) != sidecarStage || !w.awaited(n) {
		return probe(ctr, ctr.Startup)
	}
	check := gate(ctr)
	p := probe(ctr, check)
	if check != nil && check == ctr.Ready {
		p.FailureThreshold = maxInt32
	}
	return p
}

// awaited reports whether a container waits until n is healthy.
func (w *workload) awaited(n string) bool {
	for _, ctr := range w.Containers {
		if ctr.DependsOn[n] == healthy {
			return true
		}
	}
	return false
}
