package nomad

import (
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// addServices adds a service for each exposed port, which all have the workload's name
// and are told apart by a tag with the port's; and services without a port for checks.
//
// Services with a port belong to the group, so that a container that ends and starts again keeps its place in the
// catalog, and those who found it there are left alone. A check that starts a container again belongs to the
// container's task, so that it starts that one only, and counts from the task's own start
// (client/allocrunner/group_service_hook.go and taskrunner/service_hook.go; checked 2026-11-28).
func (r *renderer) addServices(w *workload, net *network) {
	byLabel := map[string]*api.Service{}
	for cname, container := range plan.Sorted(w.Containers) {
		var own []*api.Service
		for pname := range plan.Sorted(container.Ports) {
			label, ok := net.labels[pname]
			if !ok {
				continue
			}
			s := byLabel[label]
			if s == nil {
				s = r.service(w, label)
				byLabel[label] = s
				net.add(cname, s)
			}
			s.Tags = slices.Concat(s.Tags, []string{pname}, w.Ext.ServiceTags[pname], r.routes(w, pname))
			if !slices.Contains(own, s) {
				own = append(own, s)
			}
		}
		r.addChecks(w, cname, container, own, net)
	}
	for _, s := range byLabel {
		r.hide(s)
	}
}

// service is a service of a workload, with the label of its port, empty without a port.
func (r *renderer) service(w *workload, label string) *api.Service {
	return &api.Service{Name: nativeName(r.Plan.ID, w.Name), PortLabel: label, Provider: r.Ext.ServiceProvider}
}

// hide keeps a service that serves no ingress from the gateway, which otherwise serves all that it finds
// (https://doc.traefik.io/traefik/reference/install-configuration/providers/overview/#exposedbydefault-and-traefikenable;
// checked 2026-11-28). Tags of the author's own have the last word.
func (r *renderer) hide(s *api.Service) {
	decided := slices.ContainsFunc(s.Tags, func(tag string) bool { return strings.HasPrefix(tag, "traefik.enable=") })
	if r.Ext.Ingress != nil && !decided {
		s.Tags = append(s.Tags, "traefik.enable=false")
	}
}

// add puts a service into the group, or, on Windows, into the task that serves it.
func (net *network) add(container string, s *api.Service) {
	if net.inGroup {
		net.group = append(net.group, s)
	} else {
		net.tasks[container] = append(net.tasks[container], s)
	}
}

// addChecks adds a container's checks. One that starts the container again stands on a service without a port, so that
// it is its task's; only one that asks the group's own address has to be the group's. One that says whether a copy is
// ready stands on a service with a port. Only Consul leaves out what is not ready, service by service, so there it
// stands on each; where the author states none, what starts the container again says so too.
func (r *renderer) addChecks(w *workload, name string, container plan.Container, own []*api.Service, net *network) {
	consul := r.Ext.ServiceProvider == "consul"
	portless := map[bool]*api.Service{} // of the task, and of the group
	without := func(check api.ServiceCheck) {
		ofGroup := check.AddressMode == "alloc"
		s := portless[ofGroup]
		if s == nil {
			s = r.service(w, "")
			r.hide(s)
			portless[ofGroup] = s
			if ofGroup {
				net.group = append(net.group, s)
			} else {
				net.tasks[name] = append(net.tasks[name], s)
			}
		}
		s.Checks = append(s.Checks, check)
	}
	for field, check := range container.Checks() {
		if field == "startup" && container.Health != nil {
			continue // its time is part of the grace of health
		}
		native := r.checkOf(name, field, container, check, net)
		if field != "ready" || len(own) == 0 {
			without(native)
		}
		if field != "ready" && (!consul || container.Ready != nil) {
			continue
		}
		native.CheckRestart = nil
		if native.Type == "script" && net.inGroup {
			native.TaskName = name
		}
		on := own
		if !consul && len(own) > 0 {
			at := max(0, slices.IndexFunc(own, func(s *api.Service) bool { return s.PortLabel == native.PortLabel }))
			on = own[at : at+1]
		}
		for _, s := range on {
			s.Checks = append(s.Checks, native)
		}
	}
}

// checkOf is a check in Nomad's terms. One that fails starts the container again, unless it only says whether the
// container is ready (the check_restart block).
//
// Until a check has been asked, its status counts as a failure, so failures count only once it has been
// (UniversalCheckWatcher in client/serviceregistration/watcher.go; the first time is after half an interval of
// Nomad's own, and within one of Consul's, RandomStagger in agent/checks/check.go; checked 2026-11-28). Consul counts
// failures itself, except those of a script, and then one is enough.
func (r *renderer) checkOf(name, field string, container plan.Container, check *plan.Check, net *network) api.ServiceCheck {
	c := api.ServiceCheck{
		Name:     name + "-" + field,
		Interval: seconds(check.IntervalSeconds).duration(),
		Timeout:  seconds(check.TimeoutSeconds).duration(),
	}
	switch {
	case check.HTTP != nil:
		c.Type, c.Path = "http", check.HTTP.Path
	case check.TCP != nil:
		c.Type = "tcp"
	case check.GRPC != nil:
		c.Type, c.GRPCService = "grpc", check.GRPC.Service
	default:
		c.Type, c.Command, c.Args = "script", check.Exec.Command[0], check.Exec.Command[1:]
	}
	if ref, ok := check.Port(); ok {
		c.PortLabel, c.AddressMode = net.checkPort(container, ref)
	}
	limit, asked := check.Retries, check.IntervalSeconds+check.TimeoutSeconds
	if r.Ext.ServiceProvider == "consul" && check.Exec == nil {
		c.FailuresBeforeCritical = check.Retries
		limit, asked = 1, check.IntervalSeconds*int64(check.Retries)+check.TimeoutSeconds
	}
	if field != "ready" {
		after := grace(container)
		if field == "startup" {
			after = seconds(check.StartDelaySeconds)
		}
		c.CheckRestart = &api.CheckRestart{Limit: limit, Grace: new((after + seconds(asked)).duration())}
	}
	return c
}
