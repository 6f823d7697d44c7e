// Command engine judges rendered Compose files by the loader of docker compose, and says
// what the process of each container would see. It is a filter: for each line of JSON on
// standard input it answers one on standard output.
//
//	{"tenant":"acme","documents":[{"name":"compose.yaml","data":"…"}]}
//	{"errors":[{"document":"…","message":"…"}],"processes":[{"workload":"web","container":"app","command":[…],"args":[…],"env":{…},"files":{…}}]}
//
// No errors means admitted: the file has the form of the specification, its variables can
// be replaced, and what it refers to is there (github.com/compose-spec/compose-go/v2/loader), and
// the real client takes it (docker compose config, github.com/docker/compose/v5/cmd).
// What only docker compose up and the daemon look at is in daemon.go, by their code.
//
// Processes are told from the file as loaded, after all variables were replaced. In place
// of a secret's value stands secret:VARIABLE.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/sirupsen/logrus"
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
	logrus.AddHook(warnings{})
	logrus.SetOutput(io.Discard)
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
}

// run answers requests until the input ends. A line that is no request is answered with
// an error like any other.
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
		return answer{[]problem{{Message: err.Error()}}, []process{}}
	}
	a = answer{[]problem{}, []process{}}
	for _, d := range req.Documents {
		project, errs := load(d)
		if project != nil {
			errs = append(errs, refusals(project)...)
			a.Processes = append(a.Processes, processes(project)...)
		}
		for _, err := range errs {
			a.Errors = append(a.Errors, problem{d.Name, err.Error()})
		}
	}
	return a
}
