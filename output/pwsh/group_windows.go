package pwsh

import (
	"os/exec"
	"strconv"
)

// group ends the process with all that it started, which Windows does by its tree.
func group(cmd *exec.Cmd) {
	cmd.Cancel = func() error {
		return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
	}
}
