// Package rooms has the layers of the program, from rooms.txt, and draws them.
package rooms

import (
	_ "embed"
	"fmt"
	"html"
	"strings"
)

//go:embed rooms.txt
var text string

// Room is a folder of the program, and what it holds.
type Room struct{ Name, Holds string }

// Plan is which rooms there are, and who may import whom.
type Plan struct {
	// Layers are from the top down. A room may import rooms of lower layers.
	Layers [][]Room
	// Beside has pairs of one layer of which the first may import the second, and why.
	Beside map[[2]string]string
	// Tools may import everything, and no room imports them.
	Tools []string
}

// Read is the plan of rooms.txt, which says what each of its lines means. It panics where a
// line is none of these: the file is part of the program.
func Read() Plan {
	p := Plan{Beside: map[[2]string]string{}}
	layer := []Room(nil)
	for line := range strings.Lines(text + "\n\n") {
		line = strings.TrimSpace(line)
		head, after, colon := strings.Cut(line, ": ")
		words := strings.Fields(head)
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			if layer != nil {
				p.Layers, layer = append(p.Layers, layer), nil
			}
		case words[0] == "tool" && len(words) == 2:
			p.Tools = append(p.Tools, words[1])
		case words[0] == "beside" && len(words) == 3 && colon:
			p.Beside[[2]string{words[1], words[2]}] = after
		case len(words) == 1 && colon:
			layer = append(layer, Room{head, after})
		default:
			panic(fmt.Sprintf("rooms.txt has the line %q", line))
		}
	}
	return p
}

// The sizes of the drawing, in pixels.
const (
	width, gap     = 1200, 12
	nameAt, lineAt = 20, 16
	letter         = 6.6 // how wide one is at most, on average, in the font of the drawing
)

// Drawing is the plan as an SVG: a row of boxes for each layer, from the top down.
func Drawing() string {
	var boxes strings.Builder
	y := gap
	for _, layer := range Read().Layers {
		wide := (width - gap*(len(layer)+1)) / len(layer)
		rows := 0
		wrapped := make([][]string, len(layer))
		for i, room := range layer {
			wrapped[i] = wrap(room.Holds, int(float64(wide-2*gap)/letter))
			rows = max(rows, len(wrapped[i]))
		}
		high := nameAt + rows*lineAt + gap/2
		for i, room := range layer {
			x := gap + i*(wide+gap)
			fmt.Fprintf(&boxes, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n", x, y, wide, high)
			fmt.Fprintf(&boxes, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>\n", x+gap, y+nameAt-4, html.EscapeString(room.Name))
			for n, line := range wrapped[i] {
				fmt.Fprintf(&boxes, "<text x=\"%d\" y=\"%d\">%s</text>\n", x+gap, y+nameAt+(n+1)*lineAt-4, html.EscapeString(line))
			}
		}
		y += high + gap
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="The rooms of the program, in layers. A room imports rooms of lower layers alone.">
<style>
svg { font: 12px system-ui, sans-serif; background: #fff }
rect { fill: #eef2f7; stroke: #8796a8 }
text { fill: #1c2733 }
.name { font-weight: 600; font-family: ui-monospace, monospace }
@media (prefers-color-scheme: dark) { svg { background: #12181f } rect { fill: #1f2933; stroke: #56677a } text { fill: #e4eaf1 } }
</style>
%s</svg>
`, width, y, boxes.String())
}

// wrap is a text in lines of at most so many letters, where no word is longer.
func wrap(text string, most int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
