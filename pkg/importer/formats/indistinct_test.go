package formats_test

// indistinct are the fields that a platform's documents do not tell apart, by the format.
var indistinct = map[string][]reason{
	"compose": {
		{"secrets", "a variable of the machine has one name, and no key"},
		{"config", "a file that is read into a variable is the variable's text"},
		{"workloads.*.ingress", "an ingress is a port of the machine"},
		{"workloads.*.rollout", "containers are replaced in one way"},
		{"workloads.*.autoscale", "a file states a number of copies"},
		{"workloads.*.replicas", "one copy has the machine's ports and volumes"},
		{"workloads.*.restart", "a container of one run and one of a service are started again alike"},
		{"workloads.*.placement", "there is one machine"},
		{"workloads.*.volumes", "volumes have no size and no class, and those on disk stay"},
		{"workloads.*.containers.*.ports", "services reach each port of others, and only ports of the machine are stated"},
		{"workloads.*.containers.*.env", "a variable is a text, whatever it is made of"},
		{"workloads.*.containers.*.health", "one check, which is a command"},
		{"workloads.*.containers.*.ready", "one check, which is a command"},
		{"workloads.*.containers.*.startup", "one check, which is a command"},
		{"workloads.*.containers.*.role", "a sidecar is a container beside others"},
		{"workloads.*.containers.*.dependsOn", "others wait for an init container anyway"},
		{"workloads.*.containers.*.mounts", "a directory of files is each of its files"},
		{"workloads.*.containers.*.security.runAsNonRoot", "the image or the user says so"},
		{"workloads.*.containers.*.security.readOnlyRootFilesystem", "files are copied into the root file system"},
	},
	"kubernetes": {
		{"secrets", "a Secret has a name and a key, and the tenant's word for it is in no object"},
		{"workloads.*.containers.*.env.*.secret", "a Secret has a name and a key, and the tenant's word for it is in no object"},
		{"workloads.*.containers.*.mounts.*.secret", "a Secret has a name and a key, and the tenant's word for it is in no object"},
		{"workloads.*.ingress.*.tlsSecret", "a Secret has a name and a key, and the tenant's word for it is in no object"},
		{"workloads.*.extension.fsGroup", "a process gets the group of its persistent volumes anyway"},
		{"workloads.*.containers.*.startup", "a check that others wait for is a startup probe too"},
		{"workloads.*.containers.*.role", "a container that others wait for is an init container"},
		{"workloads.*.containers.*.dependsOn", "the order of init containers is all that is stated"},
	},
}
