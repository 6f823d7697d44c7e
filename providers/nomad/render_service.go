package nomad

import (
	"slices"

	"github.com/hashicorp/nomad/api"

	"github.com/cuecompute/cuecompute/pkg/plan"
)

// addServices adds a service for each exposed port, which all have the workload's name
// and are told apart by a tag with the port's; and one without a port for the checks of
// containers that expose none.
func (r *renderer) addServices(w workload, net *network) {
	byLabel := map[string]*api.Service{}
	service := func(container, label string) *api.Service {
		s := byLabel[label]
		if s == nil || label == "" && !net.inGroup {
			s = &api.Service{Name: nativeName(r.plan.ID, w.name), PortLabel: label, Provider: r.ext.ServiceProvider}
			byLabel[label] = s
			net.add(container, s)
		}
		return s
	}
	for cname, container := range plan.Sorted(w.Containers) {
		var own []*api.Service
		for pname := range plan.Sorted(container.Ports) {
			label, ok := net.labels[pname]
			if !ok {
				continue
			}
			s := service(cname, label)
			s.Tags = slices.Concat(s.Tags, []string{pname}, w.ext.ServiceTags[pname], r.routes(w, pname))
			if !slices.Contains(own, s) {
				own = append(own, s)
			}
		}
		if len(own) == 0 && (container.Health != nil || container.Ready != nil || container.Startup != nil) {
			own = append(own, service(cname, ""))
		}
		r.addChecks(cname, container, own, net)
	}
}

// add puts a service into the group or the task that serves it.
func (net *network) add(container string, s *api.Service) {
	if net.inGroup {
		net.group = append(net.group, s)
	} else {
		net.tasks[container] = append(net.tasks[container], s)
	}
}

// addChecks adds a container's checks to its services. Only Consul leaves out what is not
// ready, service by service, so there the check of that is on each; a check counts once
// for all else.
func (r *renderer) addChecks(name string, container plan.Container, own []*api.Service, net *network) {
	for field, check := range container.Checks() {
		if field == "startup" && container.Health != nil {
			continue // its time is in the grace of health
		}
		native := r.checkOf(name, field, container, check, net)
		on := own[:1]
		if field == "ready" && r.ext.ServiceProvider == "consul" {
			on = own
		} else if i := slices.IndexFunc(own, func(s *api.Service) bool { return s.PortLabel == native.PortLabel }); i >= 0 {
			on = own[i : i+1]
		}
		for _, s := range on {
			s.Checks = append(s.Checks, native)
		}
	}
}

// checkOf is a check in Nomad's terms. One that fails restarts the container, unless it
// only says whether the container is ready (the check_restart block).
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
		if net.inGroup {
			c.TaskName = name
		}
	}
	if ref, ok := check.Port(); ok {
		c.PortLabel, c.AddressMode = net.checkPort(container, ref)
	}
	switch {
	case field != "ready":
		after := grace(container)
		if field == "startup" {
			after = seconds(check.StartDelaySeconds)
		}
		c.CheckRestart = &api.CheckRestart{Limit: check.Retries, Grace: new(after.duration())}
	case r.ext.ServiceProvider == "consul" && check.Exec == nil:
		c.FailuresBeforeCritical = check.Retries
	}
	return c
}
