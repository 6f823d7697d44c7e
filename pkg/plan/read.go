package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrVersion is the error of a plan of a version that is not known here.
var ErrVersion = errors.New("plan of another version")

// UnmarshalJSON reads a plan's JSON form, of this version or an earlier one. A later one, and
// what states none, is ErrVersion; fields that are not known, which later releases may have
// added, are passed over.
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

// Read reads the next plan of a stream: see [Plan.UnmarshalJSON]. At its end the error is
// io.EOF.
func Read(from *json.Decoder) (*Plan, error) {
	p := &Plan{}
	if err := from.Decode(p); err != nil {
		return nil, err
	}
	return p, nil
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
