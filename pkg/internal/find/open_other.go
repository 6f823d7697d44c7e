//go:build !unix

package find

import "os"

const readOnly = os.O_RDONLY
