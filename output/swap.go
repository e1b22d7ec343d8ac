package output

import "fmt"

// swap puts the folder made in its place and returns where the old one lies now: ""
// when there was none. After an error both are where they were.
func swap(made string, at place) (old string, err error) {
	if at.exists && exchange(made, at.root) == nil {
		return made, nil
	}
	return swapByRename(Rename, made, at)
}

// swapByRename moves the old folder aside and made into its place. When the second
// step fails, the first is taken back; when that fails too, the error says where to look.
func swapByRename(rename func(from, to string) error, made string, at place) (old string, err error) {
	if !at.exists {
		return "", rename(made, at.root) // refuses when somebody has put a folder there
	}
	old = made + ".old"
	if err := rename(at.root, old); err != nil {
		return "", err
	}
	if err := rename(made, at.root); err != nil {
		if back := rename(old, at.root); back != nil {
			return "", fmt.Errorf("%w; the old pack is left in %s: %w", err, old, back)
		}
		return "", err
	}
	return old, nil
}
