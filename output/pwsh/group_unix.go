//go:build unix

package pwsh

import (
	"os/exec"
	"syscall"
)

// group makes the process the head of a group of its own, so that what it starts ends
// with it.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
