package bleve

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// A folder of the engine holds
//
//	owner      locked by the process that has the engine open
//	CURRENT    the name of the copy that answers, on one line
//	1.7/       a copy of documents: their shape, and a number
//
// Copies that CURRENT does not name are left over from a rebuild and are cleared
// away. CURRENT is replaced by one rename, so a crash leaves the old copy or the
// new one, whole.
type folder struct {
	path  string
	owner *bbolt.DB
}

const (
	ownerFile   = "owner"
	currentFile = "CURRENT"
)

// lockTimeout is the least that the lock takes: it is not waited for.
const lockTimeout = time.Millisecond

// openFolder takes a folder for its own, and makes it if it is not there. It
// fails with ErrOwned at once where another has it.
func openFolder(path string) (*folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the search index: %w", err)
	}
	owner, err := bbolt.Open(filepath.Join(path, ownerFile), 0o600, &bbolt.Options{Timeout: lockTimeout})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, fmt.Errorf("%s: %w", path, ErrOwned)
	case err != nil:
		return nil, fmt.Errorf("lock the folder of the search index: %w", err)
	}
	return &folder{path: path, owner: owner}, nil
}

func (f *folder) close() error { return f.owner.Close() }

func (f *folder) current() (string, error) {
	text, err := os.ReadFile(filepath.Join(f.path, currentFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read which search index is current: %w", err)
	}
	name := strings.TrimSpace(string(text))
	if shape, _ := parseName(name); shape == "" {
		return "", fmt.Errorf("%s in %s names no copy of a search index: %q", currentFile, f.path, name)
	}
	return name, nil
}

// setCurrent makes a copy the one that answers, durably.
func (f *folder) setCurrent(name string) error {
	fresh := filepath.Join(f.path, currentFile+".new")
	err := writeSynced(fresh, name+"\n")
	if err == nil {
		err = os.Rename(fresh, filepath.Join(f.path, currentFile))
	}
	if err == nil {
		err = syncFolder(f.path)
	}
	if err != nil {
		return fmt.Errorf("make a search index current: %w", err)
	}
	return nil
}

func writeSynced(path, text string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncFolder makes a rename durable. Systems that cannot open folders do so anyway.
func syncFolder(path string) error {
	opened, err := os.Open(path)
	if err != nil {
		return nil
	}
	_ = opened.Sync()
	return opened.Close()
}

func (f *folder) next(shape string) (string, error) {
	names, err := f.copies()
	if err != nil {
		return "", err
	}
	highest := 0
	for _, name := range names {
		_, number := parseName(name)
		highest = max(highest, number)
	}
	return shape + "." + strconv.Itoa(highest+1), nil
}

func (f *folder) copies() ([]string, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, fmt.Errorf("read the folder of the search index: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if shape, _ := parseName(entry.Name()); shape != "" && entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

func (f *folder) clear(but string) error {
	names, err := f.copies()
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != but {
			if err := os.RemoveAll(f.in(name)); err != nil {
				return fmt.Errorf("clear away an old search index: %w", err)
			}
		}
	}
	return nil
}

func (f *folder) in(name string) string { return filepath.Join(f.path, name) }

// parseName returns an empty shape for what is not a copy's name.
func parseName(name string) (shape string, number int) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 {
		return "", 0
	}
	number, err := strconv.Atoi(name[dot+1:])
	if err != nil || number < 1 {
		return "", 0
	}
	return name[:dot], number
}
