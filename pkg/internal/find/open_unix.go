//go:build unix

package find

import (
	"os"
	"syscall"
)

// readOnly is the flag for opening files. O_NONBLOCK keeps the opening of a named pipe from
// waiting for a writer; [Disk.contents] then refuses the pipe, because it is not a regular
// file.
const readOnly = os.O_RDONLY | syscall.O_NONBLOCK
