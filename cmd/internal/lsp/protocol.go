package lsp

import "encoding/json"

// The types of the Language Server Protocol 3.17 that this server speaks
// (https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification,
// checked 2026-11-29).

type (
	// position counts lines and UTF-16 code units from 0.
	position struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}

	span struct {
		Start position `json:"start"`
		End   position `json:"end"`
	}

	location struct {
		URI   string `json:"uri"`
		Range span   `json:"range"`
	}

	textEdit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}

	documentID struct {
		URI     string `json:"uri"`
		Version *int   `json:"version,omitempty"`
	}

	// at is what most requests are about.
	at struct {
		TextDocument documentID `json:"textDocument"`
		Position     position   `json:"position"`
	}

	initializeParams struct {
		RootURI          string `json:"rootUri"`
		RootPath         string `json:"rootPath"`
		WorkspaceFolders []struct {
			URI string `json:"uri"`
		} `json:"workspaceFolders"`
		Capabilities struct {
			Workspace struct {
				DidChangeWatchedFiles struct {
					DynamicRegistration bool `json:"dynamicRegistration"`
				} `json:"didChangeWatchedFiles"`
			} `json:"workspace"`
			TextDocument struct {
				Completion struct {
					CompletionItem struct {
						SnippetSupport bool `json:"snippetSupport"`
					} `json:"completionItem"`
				} `json:"completion"`
			} `json:"textDocument"`
		} `json:"capabilities"`
	}

	initializeResult struct {
		Capabilities map[string]any    `json:"capabilities"`
		ServerInfo   map[string]string `json:"serverInfo"`
	}

	didOpenParams struct {
		TextDocument struct {
			URI     string `json:"uri"`
			Version int    `json:"version"`
			Text    string `json:"text"`
		} `json:"textDocument"`
	}

	didChangeParams struct {
		TextDocument   documentID `json:"textDocument"`
		ContentChanges []struct {
			Range *span  `json:"range"`
			Text  string `json:"text"`
		} `json:"contentChanges"`
	}

	documentParams struct {
		TextDocument documentID `json:"textDocument"`
	}

	foldersParams struct {
		Event struct {
			Added, Removed []struct {
				URI string `json:"uri"`
			}
		} `json:"event"`
	}

	cancelParams struct {
		ID json.RawMessage `json:"id"`
	}

	publishParams struct {
		URI         string       `json:"uri"`
		Version     *int         `json:"version,omitempty"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}

	diagnostic struct {
		Range       span      `json:"range"`
		Severity    int       `json:"severity"`
		Code        string    `json:"code"`
		Description *href     `json:"codeDescription,omitempty"`
		Source      string    `json:"source"`
		Message     string    `json:"message"`
		Related     []related `json:"relatedInformation,omitempty"`
	}

	href struct {
		Href string `json:"href"`
	}

	related struct {
		Location location `json:"location"`
		Message  string   `json:"message"`
	}
)

// The severities of diagnostics.
const (
	severityError   = 1
	severityWarning = 2
	severityHint    = 4
)

// Error codes of the protocol beyond JSON-RPC's own.
const (
	notInitialized   = -32002
	requestCancelled = -32800
	contentModified  = -32801
	requestFailed    = -32803
	invalidRequest   = -32600
	invalidParams    = -32602
	internalError    = -32603
)
