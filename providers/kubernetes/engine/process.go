package main

import (
	"fmt"
	"maps"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// server are the variables that the kubelet expands by in every pod, whatever
// enableServiceLinks: getServiceEnvVarMap of pkg/kubelet.
var server = map[string]string{
	"KUBERNETES_SERVICE_HOST":       "10.0.0.1",
	"KUBERNETES_SERVICE_PORT":       "443",
	"KUBERNETES_SERVICE_PORT_HTTPS": "443",
	"KUBERNETES_PORT":               "tcp://10.0.0.1:443",
}

// start returns what a pod's containers see.
func (c *cluster) start(w workloadPod) ([]process, []error) {
	var all []process
	var errs []error
	for _, ctr := range slices.Concat(w.pod.Spec.InitContainers, w.pod.Spec.Containers) {
		env, err := c.env(ctr)
		if err != nil {
			errs = append(errs, fmt.Errorf("container %s: %w", ctr.Name, err))
			continue
		}
		files, err := c.files(w.pod, ctr)
		if err != nil {
			errs = append(errs, fmt.Errorf("container %s: %w", ctr.Name, err))
			continue
		}
		p := process{
			Workload:  w.workload,
			Container: ctr.Name,
			Command:   expand(ctr.Command, env),
			Args:      expand(ctr.Args, env),
			Env:       env,
			Files:     files,
			Checks:    map[string][]string{},
		}
		for check, probe := range map[string]*corev1.Probe{"health": ctr.LivenessProbe, "ready": ctr.ReadinessProbe, "startup": ctr.StartupProbe} {
			if probe != nil && probe.Exec != nil {
				p.Checks[check] = expand(probe.Exec.Command, static(ctr))
			}
		}
		all = append(all, p)
	}
	return all, errs
}

// env: makeEnvironmentVariables of pkg/kubelet.
func (c *cluster) env(ctr corev1.Container) (map[string]string, error) {
	env := map[string]string{}
	mapping := expansion.MappingFuncFor(env, server)
	for _, v := range ctr.Env {
		switch from := v.ValueFrom; {
		case from == nil:
			env[v.Name] = expansion.Expand(v.Value, mapping)
		case from.SecretKeyRef != nil:
			env[v.Name] = "secret:" + from.SecretKeyRef.Name + "/" + from.SecretKeyRef.Key
		case from.ConfigMapKeyRef != nil:
			text, ok := c.configs[from.ConfigMapKeyRef.Name][from.ConfigMapKeyRef.Key]
			if !ok {
				return nil, fmt.Errorf("no key %s in ConfigMap %s", from.ConfigMapKeyRef.Key, from.ConfigMapKeyRef.Name)
			}
			env[v.Name] = text
		default:
			return nil, fmt.Errorf("variable %s comes from elsewhere", v.Name)
		}
	}
	return env, nil
}

// expand: ExpandContainerCommandAndArgs of pkg/kubelet/container.
func expand(texts []string, env map[string]string) []string {
	all := make([]string, 0, len(texts))
	for _, s := range texts {
		all = append(all, expansion.Expand(s, expansion.MappingFuncFor(env)))
	}
	return all
}

// static are the variables by which the commands of probes are expanded:
// ExpandContainerCommandOnlyStatic of pkg/kubelet/container.
func static(ctr corev1.Container) map[string]string {
	env := map[string]string{}
	for _, v := range ctr.Env {
		env[v.Name] = v.Value
	}
	return env
}

// files are those of configurations and secrets, by the path at which they stand.
func (c *cluster) files(pod *corev1.Pod, ctr corev1.Container) (map[string]string, error) {
	files := map[string]string{}
	for _, m := range ctr.VolumeMounts {
		i := slices.IndexFunc(pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name })
		if i < 0 {
			return nil, fmt.Errorf("no volume %s", m.Name)
		}
		held, err := c.held(pod.Spec.Volumes[i])
		switch {
		case err != nil:
			return nil, err
		case held == nil:
			continue
		case m.SubPath == "":
			for name, text := range held {
				files[path.Join(m.MountPath, name)] = text
			}
			continue
		}
		text, ok := held[m.SubPath]
		if !ok {
			return nil, fmt.Errorf("volume %s has no file %s", m.Name, m.SubPath)
		}
		files[m.MountPath] = text
	}
	return files, nil
}

// held are the files of a volume; nil where it begins empty.
func (c *cluster) held(v corev1.Volume) (map[string]string, error) {
	switch {
	case v.ConfigMap != nil:
		data, ok := c.configs[v.ConfigMap.Name]
		if !ok {
			return nil, fmt.Errorf("no ConfigMap %s", v.ConfigMap.Name)
		}
		return maps.Clone(data), nil
	case v.Secret != nil:
		held := map[string]string{}
		for _, item := range v.Secret.Items {
			held[item.Path] = "secret:" + v.Secret.SecretName + "/" + item.Key
		}
		return held, nil
	}
	return nil, nil
}
