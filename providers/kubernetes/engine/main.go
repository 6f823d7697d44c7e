// Command engine is the admission of Kubernetes 1.37 as a filter: the API server's own
// decoding, defaulting and validation, and the kubelet's own expansion, with the feature
// gates at their defaults. It reads one tenant a line from standard input, as JSON,
//
//	{"tenant":"acme","documents":[{"name":"acme-web.deployment.yaml","data":"…"}]}
//
// and answers each with one line on standard output:
//
//	{"errors":[{"document":"…","message":"…"}],
//	 "warnings":[{"document":"…","message":"…"}],
//	 "processes":[{"workload":"acme-web","container":"app","command":["…"],"args":["…"],
//	   "env":{"K":"v"},"files":{"/path":"text"},"checks":{"health":["…"]}}]}
//
// No errors means that the server admits all of the documents, keeps every field of them,
// and admits what their controllers make of them: the Jobs of CronJobs, the claims of
// StatefulSets, and pods. Warnings are what the server says to whoever applies them.
//
// A process is what a container gets to see. Workload is the name of the object that makes
// the pods. Command and args are empty where the image's own are left. Checks are the
// commands of exec probes, as health, ready and startup. The value of a secret is
// secret:NAME/KEY. An endpoint has the name of its Service, which is TENANT-WORKLOAD, and
// the port's number: {host}:{port} becomes acme-api:9000.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/kubernetes/pkg/capabilities"
)

type request struct {
	Tenant    string     `json:"tenant"`
	Documents []document `json:"documents"`
}

type document struct {
	Name string `json:"name"`
	Data string `json:"data"`
}

type response struct {
	Errors    []problem `json:"errors"`
	Warnings  []problem `json:"warnings"`
	Processes []process `json:"processes"`
}

// problem is what the server says of a document; Document is empty where it is of the
// whole request.
type problem struct {
	Document string `json:"document"`
	Message  string `json:"message"`
}

type process struct {
	Workload  string              `json:"workload"`
	Container string              `json:"container"`
	Command   []string            `json:"command"`
	Args      []string            `json:"args"`
	Env       map[string]string   `json:"env"`
	Files     map[string]string   `json:"files"`
	Checks    map[string][]string `json:"checks"`
}

func main() {
	// As clusters are set up; the server's own default forbids privileged containers.
	capabilities.Setup(true, 0)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
}

// serve answers line after line, whatever is in them, until there are no more.
func serve(r io.Reader, w io.Writer) error {
	in, out := bufio.NewReader(r), bufio.NewWriter(w)
	for {
		line, readErr := in.ReadBytes('\n')
		if len(line) > 0 {
			b, err := json.Marshal(answer(line))
			if err != nil {
				return err
			}
			out.Write(append(b, '\n'))
			if err := out.Flush(); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(readErr, io.EOF):
			return nil
		case readErr != nil:
			return readErr
		}
	}
}

// answer judges one line. A panic of the server's code is a verdict too.
func answer(line []byte) (res response) {
	res = response{Errors: []problem{}, Warnings: []problem{}, Processes: []process{}}
	defer func() {
		if p := recover(); p != nil {
			res.Errors = append(res.Errors, problem{Message: fmt.Sprintf("panic: %v", p)})
		}
	}()
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		res.Errors = append(res.Errors, problem{Message: "request: " + err.Error()})
		return res
	}
	judge(req, &res)
	return res
}

// judge admits the documents in their order, and then tells what the pods see.
func judge(req request, res *response) {
	c := &cluster{configs: map[string]map[string]string{}, objects: map[string]string{}}
	var templates []template
	for _, doc := range req.Documents {
		refuse := func(message string) {
			res.Errors = append(res.Errors, problem{doc.Name, message})
		}
		object, err := c.apply(doc)
		for _, w := range c.warned() {
			res.Warnings = append(res.Warnings, problem{doc.Name, w})
		}
		if err != nil {
			refuse(err.Error())
			continue
		}
		made, errs := c.control(object)
		for _, err := range errs {
			refuse(err.Error())
		}
		for _, t := range made {
			templates = append(templates, template{doc.Name, t})
		}
	}
	for _, t := range templates {
		processes, errs := c.start(t.pod)
		for _, err := range errs {
			res.Errors = append(res.Errors, problem{t.document, err.Error()})
		}
		res.Processes = append(res.Processes, processes...)
	}
}

// template is a pod that an admitted document makes.
type template struct {
	document string
	pod      workloadPod
}
