package lsp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// TestBadMessages sends what is no message, or one that makes no sense, and holds the server to
// the error of it, and to going on.
func TestBadMessages(t *testing.T) {
	framed := func(text string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text) }
	for name, test := range map[string]struct {
		raw  string
		code int // 0: no answer
	}{
		"no JSON":               {framed("{"), -32700},
		"no object":             {framed(`"text"`), -32700},
		"no method":             {framed(`{"jsonrpc": "2.0", "id": 0}`), -32600},
		"an empty batch":        {framed(`[]`), -32600},
		"no length":             {"Content-Type: x\r\n\r\n", -32700},
		"a length below 0":      {"Content-Length: -1\r\n\r\n", -32700},
		"a length of words":     {"Content-Length: many\r\n\r\n", -32700},
		"a header without end":  {strings.Repeat("x", 1<<20) + "\r\n\r\n", -32700},
		"an unknown method":     {framed(`{"jsonrpc": "2.0", "id": 0, "method": "textDocument/nothing"}`), -32601},
		"an unknown message":    {framed(`{"jsonrpc": "2.0", "method": "textDocument/nothing"}`), 0},
		"a method of the wire":  {framed(`{"jsonrpc": "2.0", "id": 0, "method": "rpc.serverInfo"}`), -32601},
		"odd parameters":        {framed(`{"jsonrpc": "2.0", "id": 0, "method": "textDocument/didOpen", "params": {"textDocument": 1}}`), -32602},
		"parameters that are 1": {framed(`{"jsonrpc": "2.0", "id": 0, "method": "textDocument/didOpen", "params": 1}`), -32600},
		"deep parameters":       {framed(`{"jsonrpc": "2.0", "id": 0, "method": "x", "params": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`), -32700},
		"an answer to nothing":  {framed(`{"jsonrpc": "2.0", "id": 0, "result": 1}`), -32600},
		"a second initialize":   {framed(`{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {}}`), -32600},
		"no file":               {framed(`{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "untitled:Untitled-1", "version": 1, "text": "id: a"}}}`), 0},
		"a file never opened":   {framed(`{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///nowhere.yaml", "version": 1}, "contentChanges": [{"text": ""}]}}`), 0},
		"too large":             {fmt.Sprintf("Content-Length: %d\r\n\r\n", maxMessage+1) + strings.Repeat(" ", maxMessage+1), -32700},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, "", Options{})
			if _, err := io.WriteString(c.w, test.raw); err != nil {
				t.Fatal(err)
			}
			if test.code != 0 {
				c.wait("answer", func() bool { return c.answers[0].Error != nil })
				if got := c.answers[0].Error.Code; got != test.code {
					t.Errorf("the answer is error %d (%s), not %d", got, c.answers[0].Error.Message, test.code)
				}
			}
			if m := c.call("shutdown", nil); m.Error != nil {
				t.Errorf("the next message is answered by %v", m.Error)
			}
			if test.code == 0 && c.answers[0].Error != nil {
				t.Errorf("it is answered by %v", c.answers[0].Error)
			}
		})
	}
}

// TestOrder holds the server to what may come when.
func TestOrder(t *testing.T) {
	c := bare(t, "", Options{})
	if m := c.call("textDocument/hover", map[string]any{}); m.Error == nil {
		t.Error("a request of before initialize is answered")
	}
	c.call("initialize", map[string]any{})
	c.call("shutdown", nil)
	if m := c.call("initialize", map[string]any{}); m.Error == nil || m.Error.Code != invalidRequest {
		t.Errorf("a request after shutdown is answered by %v", m.Error)
	}
	c.notify("exit", nil)
	if err := <-c.served; err != nil {
		t.Errorf("the server ends with %v", err)
	}
	c.served <- nil
}

func TestExitWithoutShutdown(t *testing.T) {
	c := connect(t, "", Options{})
	c.notify("exit", nil)
	if err := <-c.served; !errors.Is(err, ErrNoShutdown) {
		t.Errorf("the server ends with %v", err)
	}
	c.served <- nil
}

// TestClientDies ends what the server reads in the middle of a message, and what it writes to.
func TestClientDies(t *testing.T) {
	compiler, err := compilers()
	if err != nil {
		t.Fatal(err)
	}
	for _, sent := range []string{"", "Content-Le", "Content-Length: 100\r\n\r\n{", "Content-Length: 59\r\n\r\n" + `{"jsonrpc":"2.0","id":1,"method":"initialize","params":null}`} {
		ended := make(chan error, 1)
		go func() {
			ended <- Serve(t.Context(), strings.NewReader(sent), brokenPipe{}, Options{Compiler: compiler})
		}()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Errorf("after %q, the server does not end", sent)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }

// FuzzFraming holds the reading of messages to ending, and to its bounds, whatever comes.
func FuzzFraming(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}"))
	f.Add([]byte("Content-Length: 2\n\n{}\r\nContent-Length: 99999999999999999999\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		in := newFraming(bytes.NewReader(raw), io.Discard)
		for range len(raw) + 2 {
			if _, err := in.Recv(); err != nil {
				return
			}
		}
		t.Errorf("%q holds more messages than bytes", raw)
	})
}
