//go:build !unix

package main

// takeLimits has nothing to do: no signal speaks of a limit.
func takeLimits() {}
