package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// jsonWriter writes one object as its diagnostics come.
type jsonWriter struct {
	w     io.Writer
	begun bool
}

func newJSON(w io.Writer, _ Options) Writer { return &jsonWriter{w: w} }

func (j *jsonWriter) Add(u Unit) error {
	for _, d := range u.Diagnostics {
		d.Group = groupOf(d)
		b, err := encode(d)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(j.w, j.separator()); err != nil {
			return err
		}
		if _, err := j.w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// opening is how every report begins; its version changes with the meaning of what
// follows.
const opening = "{\n  \"version\": 1,\n  \"diagnostics\": ["

func (j *jsonWriter) separator() string {
	if j.begun {
		return ",\n    "
	}
	j.begun = true
	return opening + "\n    "
}

func (j *jsonWriter) Close(s Summary) error {
	b, err := encode(s)
	if err != nil {
		return err
	}
	head := opening
	if j.begun {
		head = "\n  "
	}
	_, err = io.WriteString(j.w, head+"],\n  \"summary\": "+string(b)+"\n}\n")
	return err
}

// encode writes JSON on one line, with < and > as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return EscapeJSON(bytes.TrimRight(b.Bytes(), "\n")), nil
}
