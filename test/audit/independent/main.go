// Verifies exports of the audit log with the Go checksum database's own transparency-log packages and nothing of
// Sotto: golang.org/x/mod/sumdb/note for the checkpoint, golang.org/x/mod/sumdb/tlog for tree and proofs.
//
//	verify KEY FOLDER             checkpoint, tiles, entry bundles and entries.jsonl; prints size, root and lines
//	consistency KEY OLD FOLDER    that the log of the folder only adds to the checkpoint OLD; prints the proof
//	inclusion KEY SEQ FOLDER      that leaf SEQ is in the log of the folder; prints the proof
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) < 4 {
		fail("usage: verify KEY FOLDER | consistency KEY OLD FOLDER | inclusion KEY SEQ FOLDER")
	}
	command, key, folder := os.Args[1], os.Args[2], os.Args[len(os.Args)-1]
	tree := openCheckpoint(key, filepath.Join(folder, "checkpoint"))
	reader := tlog.TileHashReader(tree, tiles(folder))
	switch command {
	case "verify":
		verify(tree, folder)
	case "consistency":
		consistency(openCheckpoint(key, os.Args[3]), tree, reader)
	case "inclusion":
		seq, err := strconv.ParseInt(os.Args[3], 10, 64)
		check("sequence", err)
		inclusion(seq, tree, reader)
	default:
		fail("no command %s", command)
	}
}

// verify builds the whole tree anew from the leaf tiles. A TileHashReader is not asked here: before x/mod 0.40 it lets
// some tiles pass unauthenticated (CVE-2026-56865), and Debian 12 has 0.7.
func verify(tree tlog.Tree, folder string) {
	hashes := rebuild(tree, folder)
	for level := 0; tree.N>>uint(height*level) > 0; level++ {
		count := tree.N >> uint(height*level)
		for start := int64(0); start < count; start += 1 << height {
			tile := tlog.Tile{H: height, L: level, N: start >> height, W: int(min(start+1<<height, count) - start)}
			found, err := tiles(folder).ReadTiles([]tlog.Tile{tile})
			check("tile", err)
			computed, err := tlog.ReadTileData(tile, hashes)
			check("tile", err)
			if !bytes.Equal(found[0], computed) {
				fail("tile: %s does not fit those below it", filed(tile))
			}
		}
	}
	bundles(tree, hashes, folder)
	lines := readLines(tree, hashes, folder)
	fmt.Printf("%d %s %d\n", tree.N, tree.Hash, lines)
}

// storage is the tree in memory.
type storage []tlog.Hash

func (hashes storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := []tlog.Hash{}
	for _, index := range indexes {
		found = append(found, hashes[index])
	}
	return found, nil
}

func rebuild(tree tlog.Tree, folder string) storage {
	hashes := storage{}
	for start := int64(0); start < tree.N; start += 1 << height {
		tile := tlog.Tile{H: height, L: 0, N: start >> height, W: int(min(start+1<<height, tree.N) - start)}
		data, err := tiles(folder).ReadTiles([]tlog.Tile{tile})
		check("tile", err)
		for i := 0; i < tile.W; i++ {
			var leaf tlog.Hash
			copy(leaf[:], data[0][i*tlog.HashSize:])
			added, err := tlog.StoredHashesForRecordHash(start+int64(i), leaf, hashes)
			check("tree", err)
			hashes = append(hashes, added...)
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	check("tree", err)
	if root != tree.Hash {
		fail("tree: the tiles have another root than the checkpoint")
	}
	return hashes
}

func consistency(old, tree tlog.Tree, reader tlog.HashReader) {
	if old.N > tree.N {
		fail("consistency: %d entries were signed, %d are there", old.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	check("consistency", err)
	check("consistency", tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	for _, hash := range proof {
		fmt.Println(hash)
	}
}

func inclusion(seq int64, tree tlog.Tree, reader tlog.HashReader) {
	proof, err := tlog.ProveRecord(tree.N, seq, reader)
	check("inclusion", err)
	leaf := leaves(seq, seq+1, reader)[0]
	check("inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, seq, leaf))
	for _, hash := range proof {
		fmt.Println(hash)
	}
}

// openCheckpoint opens a C2SP checkpoint: a signed note of origin, size and root.
func openCheckpoint(key, file string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	check("key", err)
	signed, err := os.ReadFile(file)
	check("checkpoint", err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check("checkpoint", err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != verifier.Name() {
		fail("checkpoint: not of the log %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("checkpoint", err)
	root, err := tlog.ParseHash(lines[2])
	check("checkpoint", err)
	return tlog.Tree{N: size, Hash: root}
}

// leaves are the authenticated leaf hashes from start up to end.
func leaves(start, end int64, reader tlog.HashReader) []tlog.Hash {
	indexes := []int64{}
	for seq := start; seq < end; seq++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, seq))
	}
	hashes, err := reader.ReadHashes(indexes)
	check("tile", err)
	return hashes
}

// bundles checks every entry bundle that is there; an export of a range leaves out the others.
func bundles(tree tlog.Tree, reader tlog.HashReader, folder string) {
	for start := int64(0); start < tree.N; start += 1 << height {
		end := min(start+1<<height, tree.N)
		tile := tlog.Tile{H: height, L: -1, N: start >> height, W: int(end - start)}
		rest, err := os.ReadFile(filepath.Join(folder, filed(tile)))
		if os.IsNotExist(err) {
			continue
		}
		check("bundle", err)
		for i, leaf := range leaves(start, end, reader) {
			if len(rest) < 2 || len(rest) < 2+int(binary.BigEndian.Uint16(rest)) {
				fail("bundle: entry %d is cut off", start+int64(i))
			}
			length := int(binary.BigEndian.Uint16(rest))
			if tlog.RecordHash(rest[2:2+length]) != leaf {
				fail("bundle: entry %d is not the one that was logged", start+int64(i))
			}
			rest = rest[2+length:]
		}
		if len(rest) > 0 {
			fail("bundle: there is more than its entries in %s", filed(tile))
		}
	}
}

// readLines checks that every line is the leaf that it says, without gaps, and over the range that the last leaf,
// the entry of the export itself, promises.
func readLines(tree tlog.Tree, reader tlog.HashReader, folder string) int64 {
	export, err := os.ReadFile(filepath.Join(folder, "export.json"))
	check("export", err)
	if tlog.RecordHash(export) != leaves(tree.N-1, tree.N, reader)[0] {
		fail("export: export.json is not the last entry of the log")
	}
	var told struct {
		Unmapped struct {
			First int64
			End   *int64
		}
	}
	check("export", json.Unmarshal(export, &told))
	end := tree.N
	if told.Unmapped.End != nil {
		end = *told.Unmapped.End
	}
	file, err := os.Open(filepath.Join(folder, "entries.jsonl"))
	check("lines", err)
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<17)
	next := told.Unmapped.First
	var known []tlog.Hash
	knownFrom := int64(0)
	for ; scanner.Scan(); next++ {
		if next >= end {
			fail("lines: there are more than the %d of the export", end-told.Unmapped.First)
		}
		if next >= knownFrom+int64(len(known)) {
			knownFrom, known = next, leaves(next, min(next+1<<height, tree.N), reader)
		}
		if tlog.RecordHash(scanner.Bytes()) != known[next-knownFrom] {
			fail("lines: entry %d is not the one that was logged", next)
		}
	}
	check("lines", scanner.Err())
	if next != end {
		fail("lines: entries %d to %d are missing", next, end-1)
	}
	return end - told.Unmapped.First
}

// tiles reads the tiles of a folder as C2SP tlog-tiles files them.
type tiles string

func (folder tiles) Height() int { return height }

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	contents := [][]byte{}
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(folder), filed(tile)))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", filed(tile), len(data))
		}
		contents = append(contents, data)
	}
	return contents, nil
}

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// filed is the path in C2SP tlog-tiles: Go's without the height, and `entries` for its `data`.
func filed(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func check(what string, err error) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, values ...interface{}) {
	fmt.Printf(format+"\n", values...)
	os.Exit(1)
}
