//go:build !unix

package load

import "os"

const readOnly = os.O_RDONLY
