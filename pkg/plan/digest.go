package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest returns an identifier of the plan's content, such as sha256:5f70…: two plans have the
// same digest if and only if [Diff] finds no difference. Use it as a key for repeated requests,
// and for records of plans.
//
// It is the SHA-256 of the plan's canonical JSON: [Plan.Canonical]. A field that a later
// release adds is omitted if empty, so that digests stay the same within one [Version].
func (p *Plan) Digest() (string, error) {
	text, err := p.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// Canonical returns the plan's JSON in one form: keys sorted by their bytes, no white space,
// numbers as they are written, no escapes but those that JSON demands. What says where values
// come from (Defaults, Written) is not in it.
func (p *Plan) Canonical() ([]byte, error) {
	v, err := tree(p)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("plan of %s: %w", p.ID, err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
