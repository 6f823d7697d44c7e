//go:build unix

package find

import (
	"os"
	"syscall"
)

// readOnly is how files are opened. O_NONBLOCK keeps the opening of a named pipe from waiting
// for a writer; [Disk.contents] then refuses the pipe, since it is not a regular file.
const readOnly = os.O_RDONLY | syscall.O_NONBLOCK
