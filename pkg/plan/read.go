package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrVersion is the error for a plan of an unknown version.
var ErrVersion = errors.New("plan of another version")

// UnmarshalJSON decodes a plan's JSON form, of this version or an earlier one. A later version,
// or none, is ErrVersion; unknown fields, which later releases may have added, are ignored.
func (p *Plan) UnmarshalJSON(text []byte) error {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return err
	}
	if head.Version < 1 || head.Version > Version {
		return fmt.Errorf("%w: %d, and known are 1 to %d", ErrVersion, head.Version, Version)
	}
	type fields Plan
	return json.Unmarshal(text, (*fields)(p))
}

// Read decodes the next plan of a stream: see [Plan.UnmarshalJSON]. At the end the error is
// io.EOF.
func Read(from *json.Decoder) (*Plan, error) {
	p := &Plan{}
	if err := from.Decode(p); err != nil {
		return nil, err
	}
	return p, nil
}

// ReadAll decodes a stream of plans, as the command plan writes it.
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
