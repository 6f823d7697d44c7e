package kubernetes

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

func (w *workload) podTemplate() corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: w.labels(), Annotations: w.podAnnotations()},
		Spec:       w.podSpec(),
	}
}

func (w *workload) podSpec() corev1.PodSpec {
	spec := corev1.PodSpec{
		Volumes:                       w.podVolumes(),
		TerminationGracePeriodSeconds: &w.StopGraceSeconds,
		NodeSelector:                  w.nodeSelector(),
		// Without it, the server keeps the name of a removed account, from its deprecated alias
		// (SetDefaults_PodSpec of pkg/apis/core/v1).
		ServiceAccountName:           cmp.Or(w.serviceAccountName(), "default"),
		AutomountServiceAccountToken: w.Ext.AutomountServiceAccountToken,
		SecurityContext:              w.podSecurity(),
		PriorityClassName:            w.Ext.PriorityClass,
		// Variables such as ACME_API_PORT, that no author wrote.
		// https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
		EnableServiceLinks:        new(false),
		TopologySpreadConstraints: w.spread(),
	}
	if policy := w.restartPolicy(); policy != corev1.RestartPolicyAlways {
		spec.RestartPolicy = policy
	}
	if w.Ext.RuntimeClass != "" {
		spec.RuntimeClassName = &w.Ext.RuntimeClass
	}
	if w.Placement != nil && w.Placement.OS != "" {
		spec.OS = &corev1.PodOS{Name: corev1.OSName(w.Placement.OS)}
	}
	for _, s := range w.tenant.Ext.ImagePullSecrets {
		spec.ImagePullSecrets = append(spec.ImagePullSecrets, corev1.LocalObjectReference{Name: s})
	}
	for _, t := range w.Ext.Tolerations {
		spec.Tolerations = append(spec.Tolerations, corev1.Toleration{
			Key:               t.Key,
			Operator:          corev1.TolerationOperator(t.Operator),
			Value:             t.Value,
			Effect:            corev1.TaintEffect(t.Effect),
			TolerationSeconds: t.TolerationSeconds,
		})
	}
	for _, n := range w.order() {
		if w.stage(n) == mainStage {
			spec.Containers = append(spec.Containers, w.container(n))
		} else {
			spec.InitContainers = append(spec.InitContainers, w.container(n))
		}
	}
	return spec
}

// configHash is the annotation by which pods follow the configuration that they read:
// the name that Helm charts give it.
// https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments
const configHash = "checksum/config"

// podAnnotations returns the author's annotations, and the hash of the configuration.
func (w *workload) podAnnotations() map[string]string {
	read := w.configs()
	if len(read) == 0 {
		return w.Ext.PodAnnotations
	}
	h := sha256.New()
	write := func(s string) { h.Write(append([]byte(s), 0)) }
	for n := range plan.Sorted(read) {
		write(n)
		for file, text := range plan.Sorted(w.tenant.Plan.Config[n]) {
			write(file)
			write(text)
		}
	}
	m := map[string]string{configHash: hex.EncodeToString(h.Sum(nil))}
	maps.Copy(m, w.Ext.PodAnnotations)
	return m
}

// configs returns the configurations that the workload's containers read.
func (w *workload) configs() map[string]bool {
	read := map[string]bool{}
	for _, ctr := range w.Containers {
		for _, e := range ctr.Sources() {
			if e.Config != "" {
				read[e.Config] = true
			}
		}
		for _, m := range ctr.Mounts {
			if m.Config != "" {
				read[m.Config] = true
			}
		}
	}
	return read
}

func (w *workload) nodeSelector() map[string]string {
	if w.Placement == nil || w.Placement.Arch == "" && w.Placement.OS == "" {
		return w.Ext.NodeSelector
	}
	m := map[string]string{}
	if w.Placement.Arch != "" {
		m[archLabel] = w.Placement.Arch
	}
	if w.Placement.OS != "" {
		m[osLabel] = w.Placement.OS
	}
	maps.Copy(m, w.Ext.NodeSelector)
	return m
}

// spread returns the extension's constraints, or keeps copies apart if possible: on different
// nodes, and in different zones.
func (w *workload) spread() []corev1.TopologySpreadConstraint {
	constraints := w.Ext.TopologySpreadConstraints
	if constraints == nil && w.Placement != nil && w.Placement.Spread {
		constraints = []topologySpreadConstraint{
			{TopologyKey: corev1.LabelHostname, MaxSkew: 1, WhenUnsatisfiable: string(corev1.ScheduleAnyway)},
			{TopologyKey: corev1.LabelTopologyZone, MaxSkew: 1, WhenUnsatisfiable: string(corev1.ScheduleAnyway)},
		}
	}
	var all []corev1.TopologySpreadConstraint
	for _, c := range constraints {
		all = append(all, corev1.TopologySpreadConstraint{
			MaxSkew:           c.MaxSkew,
			TopologyKey:       c.TopologyKey,
			WhenUnsatisfiable: corev1.UnsatisfiableConstraintAction(c.WhenUnsatisfiable),
			LabelSelector:     w.selector(),
		})
	}
	return all
}

// podSecurity sets the extension's group for the volumes, or that of a process that writes to
// persistent ones.
func (w *workload) podSecurity() *corev1.PodSecurityContext {
	group, owned := w.volumeGroup()
	if !owned && w.Ext.FSGroup == nil && w.Ext.SeccompProfile == "" {
		return nil
	}
	s := &corev1.PodSecurityContext{FSGroup: w.Ext.FSGroup}
	if owned {
		s.FSGroup = &group
		// A large volume's files are not traversed at each start.
		s.FSGroupChangePolicy = new(corev1.FSGroupChangeOnRootMismatch)
	}
	if w.Ext.SeccompProfile != "" {
		s.SeccompProfile = &corev1.SeccompProfile{Type: corev1.SeccompProfileType(w.Ext.SeccompProfile)}
	}
	return s
}
