package cli

import (
	"testing"
	"testing/fstest"
)

// TestMachineMemory takes the least of what the machine and its container say.
func TestMachineMemory(t *testing.T) {
	t.Parallel()
	const machine = "MemTotal:       24676432 kB\nMemFree:        1 kB\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"no files":             {nil, fallbackMemory},
		"a machine":            {map[string]string{"proc/meminfo": machine}, 24676432 << 10},
		"a container":          {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "536870912\n"}, 512 << 20},
		"an unbound container": {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "max\n"}, 24676432 << 10},
		"an old container": {map[string]string{"proc/meminfo": machine,
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n"}, 1 << 30},
		"an old unbound container": {map[string]string{"proc/meminfo": machine,
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 24676432 << 10},
		"an unknown form": {map[string]string{"proc/meminfo": "MemTotal: much\n"}, fallbackMemory},
	} {
		root := fstest.MapFS{}
		for path, text := range c.files {
			root[path] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := machineMemory(root); got != c.want {
			t.Errorf("%s: %d bytes, want %d", name, got, c.want)
		}
	}
}
