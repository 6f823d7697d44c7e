package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// Version is the version of the report's JSON form. Fields may be added to it within a version;
// none is taken away or changes its meaning.
const Version = 1

// Report is the report's JSON form, what `vet --format json` prints, for programs that read one.
type Report struct {
	Version     int       `json:"version"`
	Diagnostics diag.List `json:"diagnostics"`
	Summary     Summary   `json:"summary"`
}

// jsonWriter writes one object, diagnostic by diagnostic.
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

// opening is the beginning of every report.
var opening = "{\n  \"version\": " + strconv.Itoa(Version) + ",\n  \"diagnostics\": ["

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

// encode writes JSON on one line, without escaping < and >.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return EscapeJSON(bytes.TrimRight(b.Bytes(), "\n")), nil
}
