//go:build race

package sandbox

// underRace says that the program was built with the race detector.
const underRace = true
