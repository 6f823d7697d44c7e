package kubernetes

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// claim requests storage; mode is who may write to it.
func claim(p *plan.Persistent, mode corev1.PersistentVolumeAccessMode) corev1.PersistentVolumeClaimSpec {
	spec := corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{mode},
		Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: mebibytes(p.SizeMiB)}},
	}
	if p.Class != "" {
		spec.StorageClassName = &p.Class
	}
	return spec
}

// sharedClaims returns the claims of the tenant's volumes, including unused ones: their data
// outlives every workload.
func (t *tenant) sharedClaims() []made {
	var all []made
	for n, v := range plan.Sorted(t.Plan.Volumes) {
		all = append(all, made{manifest: &corev1.PersistentVolumeClaim{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
			ObjectMeta: t.meta(sharedClaimName(t.Plan.ID, n), t.labels(), nil),
			Spec:       claim(&v, corev1.ReadWriteMany),
		}})
	}
	return all
}

// claims returns those of a job or cron, which outlive its runs; a StatefulSet makes its own.
func (w *workload) claims() []manifest {
	if !w.Kind.Ends() {
		return nil
	}
	var all []manifest
	for n, v := range plan.Sorted(w.Volumes) {
		if v.Persistent != nil {
			all = append(all, &corev1.PersistentVolumeClaim{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
				ObjectMeta: w.meta(w.claimName(n), nil),
				Spec:       claim(v.Persistent, corev1.ReadWriteOnce),
			})
		}
	}
	return all
}

// podVolumes returns the workload's own volumes, except those that a StatefulSet claims for
// each copy, and one for each mounted configuration and secret.
func (w *workload) podVolumes() []corev1.Volume {
	var all []corev1.Volume
	for n, v := range plan.Sorted(w.Volumes) {
		switch {
		case v.Ephemeral != nil:
			all = append(all, corev1.Volume{Name: n, VolumeSource: corev1.VolumeSource{EmptyDir: emptyDir(v.Ephemeral)}})
		case v.Shared != "":
			all = append(all, claimedVolume(n, sharedClaimName(w.tenant.Plan.ID, v.Shared)))
		case w.Kind.Ends():
			all = append(all, claimedVolume(n, w.claimName(n)))
		}
	}
	configs, secrets := w.mounted()
	for n := range plan.Sorted(configs) {
		all = append(all, corev1.Volume{Name: w.volumeName("config", n), VolumeSource: corev1.VolumeSource{
			ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: nativeName(w.tenant.Plan.ID, n)}},
		}})
	}
	for n := range plan.Sorted(secrets) {
		s := w.tenant.Secrets[n]
		all = append(all, corev1.Volume{Name: w.volumeName("secret", n), VolumeSource: corev1.VolumeSource{
			Secret: &corev1.SecretVolumeSource{SecretName: s.Path, Items: []corev1.KeyToPath{{Key: s.Key, Path: s.Key}}},
		}})
	}
	return all
}

// claimedVolume returns a pod's volume for a claim.
func claimedVolume(name, claim string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim},
	}}
}

func emptyDir(e *plan.Ephemeral) *corev1.EmptyDirVolumeSource {
	dir := &corev1.EmptyDirVolumeSource{}
	if e.Medium == "memory" {
		dir.Medium = corev1.StorageMediumMemory
	}
	if e.SizeMiB > 0 {
		dir.SizeLimit = new(mebibytes(e.SizeMiB))
	}
	return dir
}

// mounted returns the configurations and secrets that a container mounts.
func (w *workload) mounted() (configs, secrets map[string]bool) {
	configs, secrets = map[string]bool{}, map[string]bool{}
	for _, ctr := range w.Containers {
		for _, m := range ctr.Mounts {
			switch {
			case m.Config != "":
				configs[m.Config] = true
			case m.Secret != "":
				secrets[m.Secret] = true
			}
		}
	}
	return configs, secrets
}

// volumeName returns the name of the volume for a configuration or a secret. It differs from
// the author's volumes.
func (w *workload) volumeName(what, n string) string {
	v := shortened(what + "-" + n)
	if _, taken := w.Volumes[v]; taken {
		return shortened(v + "-" + hash(v))
	}
	return v
}

// mounts returns a container's mounts; a single file is a sub-path of its volume.
func (w *workload) mounts(ctr plan.Container) []corev1.VolumeMount {
	var all []corev1.VolumeMount
	for path, m := range plan.Sorted(ctr.Mounts) {
		v := corev1.VolumeMount{Name: m.Volume, ReadOnly: m.ReadOnly, MountPath: path}
		switch {
		case m.Config != "":
			v.Name, v.SubPath = w.volumeName("config", m.Config), m.File
		case m.Secret != "":
			v.Name, v.SubPath = w.volumeName("secret", m.Secret), w.tenant.Secrets[m.Secret].Key
		}
		all = append(all, v)
	}
	return all
}
