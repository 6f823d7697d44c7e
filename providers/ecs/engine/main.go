// Command engine is what Amazon ECS, EventBridge Scheduler and Application Auto
// Scaling make of a tenant's documents, as far as that can be known without calling
// them. It reads one JSON object a line:
//
//	{"tenant": "acme", "documents": [{"name": "web.create-service.json", "data": "…"}]}
//
// with all documents of a tenant, in the order in which they are to be given, and
// answers each with one:
//
//	{"errors": [{"document": "…", "message": "…"}],
//	 "processes": [{"workload": "acme-web", "container": "app", "command": […], "args": […],
//	                "env": {"K": "v"}, "files": {"/path": "text"}}]}
//
// No errors means admitted. A document is judged by the SDK's own input of its operation,
// strictly, with the SDK's own validation; by the enums' own values; by the bounds of the
// services' models; and by the rules that only the services' documentation has, one a line
// with its source.
//
// A process is what a container runs. ECS expands nothing, so its command, args and env
// are the document's. In place of a secret's value stands `secret:PATH/KEY`, or
// `secret:PATH` of one without a key. An endpoint is the text that the document has: its
// host is TENANT-WORKLOAD, its port the container's. The files are those that the
// container config_writer, which it waits for, has written to the volumes that it
// mounts: its script is run by a shell's interpreter, in memory.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

type request struct {
	Tenant    string     `json:"tenant"`
	Documents []document `json:"documents"`
}

type document struct {
	Name string `json:"name"`
	Data string `json:"data"`
}

type answer struct {
	Errors    []problem `json:"errors"`
	Processes []process `json:"processes"`
}

type problem struct {
	Document string `json:"document"`
	Message  string `json:"message"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
}

// run answers requests until the input ends. A line that is no request is answered
// with an error like any other.
func run(in io.Reader, out io.Writer) error {
	lines, answers := bufio.NewReader(in), json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			if err := answers.Encode(judge(line)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// judge answers a request. A fault of the engine's own is an error of the request.
func judge(line []byte) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{[]problem{{Message: fmt.Sprintf("the engine failed: %v", r)}}, []process{}}
		}
	}()
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return answer{Errors: []problem{{Message: err.Error()}}, Processes: []process{}}
	}
	t := read(req.Documents)
	t.check()
	processes := t.processes()
	return answer{t.problems, processes}
}
