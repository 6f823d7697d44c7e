// Command engine judges rendered Nomad documents by Nomad's own code, and says what the
// process of each container would see. It is a filter: for each line of JSON on standard
// input it answers one on standard output.
//
//	{"tenant":"acme","documents":[{"name":"web.nomad.json","data":"…"}]}
//	{"errors":[{"document":"…","message":"…"}],"processes":[{"workload":"web","container":"app","command":[…],"args":[…],"env":{…},"files":{…}}]}
//
// No errors means that a server would take the documents. A job is read strictly as the
// type of github.com/hashicorp/nomad/api that this Nomad, 1.6.2, is built with, made into
// the server's own, and validated; driver configurations are decoded by their own
// schemas. What later versions added or changed is in later.go, by their documentation.
//
// Processes are told from the documents by Nomad's own expansion: client/taskenv for the
// environment, HCL for the driver's configuration, consul-template for templates, and
// go-envparse for those that set the environment. What a template would look up has a
// stand-in: a secret is secret:PATH/KEY, and an endpoint has the host TAG.SERVICE and the
// port that the service's own container listens on.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
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

// process is what the process of one container sees.
type process struct {
	Workload  string            `json:"workload"`
	Container string            `json:"container"`
	Command   []string          `json:"command"`
	Args      []string          `json:"args"`
	Env       map[string]string `json:"env"`
	Files     map[string]string `json:"files"`
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			reply(out, line)
		}
		if err != nil {
			return
		}
	}
}

// reply answers one line at once, so that a reader may ask again.
func reply(out *bufio.Writer, line string) {
	// an answer is texts alone, which are never refused
	b, _ := json.Marshal(judge(line))
	out.Write(append(b, '\n'))
	out.Flush()
}

// judge answers one request; whatever its documents are, it does not end the program.
func judge(line string) (a answer) {
	a = answer{Errors: []problem{}, Processes: []process{}}
	var r request
	defer func() {
		if p := recover(); p != nil {
			a.fail("", fmt.Errorf("panic: %v", p))
		}
	}()
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		a.fail("", err)
		return a
	}
	t := tenant{services: map[string]int{}}
	for _, d := range r.Documents {
		a.fail(d.Name, t.read(d)...)
	}
	for _, j := range t.jobs {
		a.fail(j.document, admit(j)...)
	}
	for _, j := range t.jobs {
		processes, problems := t.processes(j)
		a.Processes = append(a.Processes, processes...)
		a.fail(j.document, problems...)
	}
	return a
}

func (a *answer) fail(document string, problems ...error) {
	for _, err := range problems {
		a.Errors = append(a.Errors, problem{document, err.Error()})
	}
}
