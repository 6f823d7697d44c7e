//go:build !unix

package load

import "os"

const readOnly = os.O_RDONLY

func openFile(name string) (handle, error) { return opened(os.OpenFile(name, readOnly, 0)) }
