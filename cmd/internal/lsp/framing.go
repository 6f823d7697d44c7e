package lsp

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxMessage is how many bytes a message may have. Of a longer one, nothing is kept.
const maxMessage = 64 << 20

// maxHeader is how many bytes a line of a header may have.
const maxHeader = 4 << 10

// malformed stands for a message that cannot be read: the client gets the error of one that
// is no JSON, and the next message is read.
var malformed = []byte("{")

// framing reads and writes messages as the protocol frames them: lines of a header with the
// length, an empty line, and so many bytes. It keeps to bounds, and survives what is no
// message.
type framing struct {
	r *bufio.Reader
	w io.Writer
	c io.Closer // of what is read; may be nil
}

func newFraming(r io.Reader, w io.Writer) *framing {
	c, _ := r.(io.Closer)
	return &framing{bufio.NewReaderSize(r, maxHeader), w, c}
}

// Send writes a message.
func (f *framing) Send(message []byte) error {
	_, err := f.w.Write(append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(message)), message...))
	return err
}

// Recv reads a message.
func (f *framing) Recv() ([]byte, error) {
	length, err := f.header()
	switch {
	case err != nil:
		return nil, err
	case length < 0:
		return malformed, nil
	case length > maxMessage:
		if _, err := io.CopyN(io.Discard, f.r, length); err != nil {
			return nil, err
		}
		return malformed, nil
	}
	// What a client says that it will send is no reason to reserve as much.
	var message bytes.Buffer
	if _, err := io.CopyN(&message, f.r, length); err != nil {
		return nil, err
	}
	return message.Bytes(), nil
}

// header reads the lines before a message, and returns its length; -1 where they do not say.
func (f *framing) header() (length int64, err error) {
	length = -1
	for begun := false; ; begun = true {
		line, err := f.r.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			continue // the rest of it is no line of a header either
		}
		if err != nil {
			return 0, err
		}
		text := strings.TrimSpace(string(line))
		if text == "" {
			if begun {
				return length, nil
			}
			continue
		}
		name, value, _ := strings.Cut(text, ":")
		if strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil || length < 0 {
				length = -1
			}
		}
	}
}

// Close ends the reading.
func (f *framing) Close() error {
	if f.c == nil {
		return nil
	}
	return f.c.Close()
}
