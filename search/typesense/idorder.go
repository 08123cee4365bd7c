package typesense

import "strings"

const (
	idParts = 3
	// partLength is how many characters of an id a number holds, 6 bits each.
	partLength = 10
	maxID      = idParts * partLength
	// letters are what ids are made of, in their order; 63 of them, so that with
	// the end of an id there are 64.
	letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)

// idOrder makes numbers of an id that sort as ids do, for the server sorts and compares
// by no string. ok is false for what is not the id of a document; its numbers sort after
// those of all ids before it.
func idOrder(id string) (parts [idParts]int64, ok bool) {
	ok = id != "" && len(id) <= maxID
	past := int64(-1) // what follows a character that no id has
	for i := range maxID {
		rank := int64(0)
		switch {
		case past >= 0:
			rank = past
		case i < len(id):
			rank = int64(strings.IndexByte(letters, id[i]) + 1)
			if rank == 0 {
				ok = false
				rank = below(id[i])
				if past = 0; rank > 0 {
					past = int64(len(letters))
				}
			}
		}
		parts[i/partLength] = parts[i/partLength]<<6 | rank
	}
	return parts, ok
}

func below(b byte) (count int64) {
	for i := range len(letters) {
		if letters[i] < b {
			count++
		}
	}
	return count
}
