package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// ask sends one document through the filter.
func ask(t *testing.T, text string) answer {
	t.Helper()
	line, err := json.Marshal(request{"acme", []document{{"compose.yaml", text}}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(bytes.NewReader(append(line, '\n')), &out); err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"name: acme\nservices: {a.b: {image: x, replica: 2}}":                                                                       "services.a.b.replica",
		"name: Acme\nservices: {a.b: {image: x}}":                                                                                   "would be called",
		"services: {a.b: {}}":                                                                                                       "neither an image nor a build context",
		"services: {a.b: {image: x, depends_on: {c: {condition: service_started}}}}":                                                "undefined service",
		"services: {a.b: {image: x, volumes: [{type: volume, source: v, target: /v}]}}":                                             "undefined volume",
		"services: {a.b: {image: x, environment: {A: '${'}}}":                                                                       "invalid interpolation",
		"services: {a.b: {image: x, network_mode: 'service:c'}}":                                                                    "undefined service",
		"services: {a.b: {image: x, ports: [{target: 80, published: '80', host_ip: nobody}]}}":                                      "invalid ip address",
		"services: {a.b: {image: x, deploy: {replicas: 2}, network_mode: 'service:c'}, c: {image: x}}":                              "one network",
		"services: {a.b: {image: x, ports: ['80:80']}, c: {image: x, ports: ['80:81']}}":                                            "already allocated",
		"services: {a.b: {image: x, healthcheck: {test: [CMD, x], interval: 0s}}}":                                                  "less than 1ms",
		"services: {a.b: {image: x, depends_on: {c: {condition: service_healthy}}}, c: {image: x}}":                                 "no healthcheck",
		"services: {a.b: {image: x, depends_on: {c: {condition: service_completed_successfully}}}, c: {image: x, restart: always}}": "never completes",
		"services: {a.b: {image: x, deploy: {resources: {limits: {memory: 5m}}}}}":                                                  "memory limit",
		"services: {a.b: {image: x, deploy: {resources: {limits: {cpus: '0.009'}}}}}":                                               "range of cpus",
		"services: {a.b: {image: x, deploy: {resources: {limits: {memory: 8m}, reservations: {memory: 9m}}}}}":                      "less than memory reservation",
		"services: {a.b: {image: x, labels: {com.docker.compose.project: x}}}":                                                      "overwritten",
		"services: {a.b: {image: x, read_only: true, configs: [c]}}\nconfigs: {c: {content: x}}":                                    "read-only service",
		"services: {a.b: {image: x, stop_signal: SIGNAL}}":                                                                          "invalid signal",
		"services: {a.b: {image: x, cap_add: [SYS_ADMN]}}":                                                                          "invalid capability",
		"services: {a.b: {image: x, network_mode: 'service:a.b'}}":                                                                  "cycle",
	} {
		a := ask(t, text)
		if len(a.Errors) == 0 || !strings.Contains(a.Errors[0].Message, want) {
			t.Errorf("%s: %v, not %q", text, a.Errors, want)
		}
	}
}

func TestProcesses(t *testing.T) {
	a := ask(t, `
services:
  web:
    image: pause
  web.app:
    image: x
    entrypoint: [/app]
    command: ["$$HOME", "a  b"]
    environment: {PRICE: "$$5", DB: "${DB:?no secret}"}
    configs: [{source: app, target: /etc/app}, {source: empty, target: /etc/empty}]
    secrets: [{source: tls, target: /run/tls}]
configs: {app: {content: "a = $$1\n"}, empty: {content: ""}}
secrets: {tls: {environment: TLS}}
`)
	got, _ := json.Marshal(a)
	want := `{"errors":[],"processes":[{"workload":"web","container":"app","command":["/app"],"args":["$HOME","a  b"],` +
		`"env":{"DB":"secret:DB","PRICE":"$5"},"files":{"/etc/app":"a = $1\n","/run/tls":"secret:TLS"}}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestStaysUp: whatever a line holds, the next one is answered.
func TestStaysUp(t *testing.T) {
	var out bytes.Buffer
	if err := run(strings.NewReader("nonsense\n{}\n"), &out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("%d answers to 2 lines", n)
	}
}
