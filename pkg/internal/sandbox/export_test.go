package sandbox

import "time"

// EndIdleAfter sets how long children wait for work before they are ended.
func (p *Pool) EndIdleAfter(idle time.Duration) { p.idle = idle }
