package ecs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	scheduler "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

func TestDocument(t *testing.T) {
	type embedded struct{ B, A string }
	for _, tt := range []struct {
		why   string
		input any
		name  naming
		want  string
	}{
		{"nil and empty members are left out", types.ContainerDefinition{Command: []string{}, DockerLabels: map[string]string{}}, camelCase, `{}`},
		{"a pointer to nothing much is something", types.KeyValuePair{Name: new(""), Value: new("")}, camelCase, `{"name":"","value":""}`},
		{"a pointer to zero is kept, a zero that is the default is not", types.ContainerDefinition{Cpu: 0, Memory: new(int32(0))}, camelCase, `{"memory":0}`},
		{"bools without a pointer are required", types.DeploymentCircuitBreaker{Enable: true}, camelCase, `{"enable":true,"rollback":false}`},
		{"bools behind one are not", types.ContainerDefinition{Essential: new(false), Privileged: nil}, camelCase, `{"essential":false}`},
		{"an empty text in a list is kept", types.ContainerDefinition{Command: []string{"", "a"}}, camelCase, `{"command":["","a"]}`},
		{"members come by name, after what names the whole", types.ContainerDefinition{Image: new("i"), Name: new("n"), Command: []string{"c"}}, camelCase, `{"name":"n","command":["c"],"image":"i"}`},
		{"keys of maps are texts of their own", types.LogConfiguration{LogDriver: "awslogs", Options: map[string]string{"Z": "1", "a": ""}}, camelCase, `{"logDriver":"awslogs","options":{"Z":"1","a":""}}`},
		{"nothing is escaped for HTML", types.KeyValuePair{Value: new("<&>\u00e9\u2028\x01\"\\")}, camelCase, `{"value":"<&>é\u2028\u0001\"\\"}`},
		{"an embedded struct's members are the struct's", struct {
			embedded
			C string
		}{embedded{"b", "a"}, "c"}, camelCase, `{"a":"a","b":"b","c":"c"}`},
		{"only the first letter is lower", types.Volume{EfsVolumeConfiguration: &types.EFSVolumeConfiguration{FileSystemId: new("fs-1")}}, camelCase, `{"efsVolumeConfiguration":{"fileSystemId":"fs-1"}}`},
		{"scheduler mixes both", scheduler.EcsParameters{
			CapacityProviderStrategy: []scheduler.CapacityProviderStrategyItem{{CapacityProvider: new("own"), Weight: 1}},
			NetworkConfiguration:     &scheduler.NetworkConfiguration{AwsvpcConfiguration: &scheduler.AwsVpcConfiguration{Subnets: []string{"s"}}},
		}, schedulerCase, `{"CapacityProviderStrategy":[{"capacityProvider":"own","weight":1}],"NetworkConfiguration":{"awsvpcConfiguration":{"Subnets":["s"]}}}`},
	} {
		if got, err := compact(tt.input, tt.name); err != nil || string(got) != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.why, got, err, tt.want)
		}
	}
	if _, err := compact(struct{ C chan int }{make(chan int)}, camelCase); err == nil {
		t.Error("what has no JSON form is an error")
	}
}
