package model

import "vodgraph/ent/playinfo"

// definitions are what definitions are called, and the largest pictures of those that a
// size decides, long side by short side (ApsaraVideo VOD, "Parameters for media assets").
var definitions = []struct {
	of          playinfo.Definition
	label       string
	long, short int
}{
	{playinfo.DefinitionFD, "FD · 480p", 640, 480},
	{playinfo.DefinitionLD, "LD · 540p", 720, 540},
	{playinfo.DefinitionSD, "SD · 720p", 1280, 720},
	{playinfo.DefinitionHD, "HD · 1080p", 1920, 1080},
	{playinfo.DefinitionUHD_2K, "2K · 1440p", 2560, 1440},
	{playinfo.DefinitionUHD_4K, "4K · 2160p", 3840, 2160},
	{playinfo.DefinitionOD, "OD · original", 0, 0},
	{playinfo.DefinitionSQ, "SQ · standard audio", 0, 0},
	{playinfo.DefinitionHQ, "HQ · high-quality audio", 0, 0},
	{playinfo.DefinitionAUTO, "Auto · adaptive", 0, 0},
}

// smallestSide is the shortest side, in pixels, of a picture that a definition is derived
// for.
const smallestSide = 128

// DefinitionOf is the definition of a picture of a size in pixels, turned or not: the first
// whose largest picture holds it. It is empty for a picture with a side below 128, and for
// one above 4K.
func DefinitionOf(width, height int) playinfo.Definition {
	long, short := max(width, height), min(width, height)
	if short < smallestSide {
		return ""
	}
	for _, d := range definitions {
		if long <= d.long && short <= d.short {
			return d.of
		}
	}
	return ""
}

// definitionLabel is what a definition is called; empty for one that is not known.
func definitionLabel(of playinfo.Definition) string {
	for _, d := range definitions {
		if d.of == of {
			return d.label
		}
	}
	return ""
}

// DefinitionLabel is what the definition of the stream is called, as in facets.
func (p PlayInfo) DefinitionLabel() string { return definitionLabel(p.Definition) }
