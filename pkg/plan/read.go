package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrVersion is the error of a plan of a version that is not known here.
var ErrVersion = errors.New("plan of another version")

// Read reads a plan's JSON form, of this version or an earlier one. A later one is
// ErrVersion; fields that are not known, which later releases may have added, are passed
// over. At the end of a stream of plans the error is io.EOF.
func Read(from *json.Decoder) (*Plan, error) {
	var raw json.RawMessage
	if err := from.Decode(&raw); err != nil {
		return nil, err
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	if head.Version < 1 || head.Version > Version {
		return nil, fmt.Errorf("%w: %d, and known are 1 to %d", ErrVersion, head.Version, Version)
	}
	p := &Plan{}
	return p, json.Unmarshal(raw, p)
}

// ReadAll reads a stream of plans, as the command plan writes it.
func ReadAll(r io.Reader) ([]*Plan, error) {
	d := json.NewDecoder(r)
	var plans []*Plan
	for {
		p, err := Read(d)
		if errors.Is(err, io.EOF) {
			return plans, nil
		}
		if err != nil {
			return plans, err
		}
		plans = append(plans, p)
	}
}
