package sandbox

import "time"

// EndIdleAfter sets how long children wait for work before they are stopped.
func (p *Pool) EndIdleAfter(idle time.Duration) { p.options.Idle = idle }
