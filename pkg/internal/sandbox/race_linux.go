//go:build race

package sandbox

// underRace is whether the program was built with the race detector.
const underRace = true
