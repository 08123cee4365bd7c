package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/dbtest"
)

// timed is a video with a value in the place of each time that is kept in milliseconds: %s of
// those that begin, and %s of those that end.
const timed = `{"kind": "VIDEO", "title": "v", "snapshots": [{"type": "SPRITE", "jobId": "j", "items": [{"index": 0, "at": <items.at>}],
	"sprite": {"columns": 1, "rows": 1, "cellWidth": 1, "cellHeight": 1, "cells": 1, "every": <sprite.every>}}],
	"aiData": [{"source": "s", "labels": [{"name": "l", "category": "OBJECT", "spans": [{"start": <spans.start>, "end": <spans.end>}]}],
		"speech": [{"start": <speech.start>, "end": <speech.end>, "text": "t"}], "screenText": [{"start": <screenText.start>, "end": <screenText.end>, "text": "t"}],
		"review": {"suggestion": "PASS", "findings": [{"module": "VIDEO", "scene": "s", "label": "l", "score": 1, "suggestion": "PASS",
			"start": <findings.start>, "end": <findings.end>}]},
		"duplicates": [{"asset": {"referenceId": "o"}, "similarity": 1, "segments": [{"start": <segments.start>, "end": <segments.end>,
			"otherStart": <segments.otherStart>, "otherEnd": <segments.otherEnd>}]}]}]}`

// timedFields asks for the same.
const timedFields = `... on Video { snapshots { nodes { at sprite { every } } } aiData { labels { nodes { spans { start end } } }
	speech { nodes { start end } } screenText { nodes { start end } } review { findings { nodes { start end } } }
	duplicates { nodes { segments { start end otherStart otherEnd } } } } }`

// timedPlaces are the times of timed, and where each stands.
var timedPlaces = map[string]string{
	"items.at": "snapshots.0.items.0.at", "sprite.every": "snapshots.0.sprite.every",
	"spans.start": "aiData.0.labels.0.spans.0.start", "spans.end": "aiData.0.labels.0.spans.0.end",
	"speech.start": "aiData.0.speech.0.start", "speech.end": "aiData.0.speech.0.end",
	"screenText.start": "aiData.0.screenText.0.start", "screenText.end": "aiData.0.screenText.0.end",
	"findings.start": "aiData.0.review.findings.0.start", "findings.end": "aiData.0.review.findings.0.end",
	"segments.start": "aiData.0.duplicates.0.segments.0.start", "segments.end": "aiData.0.duplicates.0.segments.0.end",
	"segments.otherStart": "aiData.0.duplicates.0.segments.0.otherStart", "segments.otherEnd": "aiData.0.duplicates.0.segments.0.otherEnd",
}

// timedWith is timed with values for some of its times, and 1 for the others.
func timedWith(values map[string]string) string {
	text := timed
	for name := range timedPlaces {
		v, given := values[name]
		if !given {
			v = "1"
		}
		text = strings.ReplaceAll(text, "<"+name+">", v)
	}
	return text
}

// TestTimesAreSeconds writes each time that is kept in milliseconds, and wants it back,
// rounded to the millisecond; what is no time is refused at its place.
func TestTimesAreSeconds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.make(`{"kind": "VIDEO", "title": "o", "referenceId": "o"}`)
		for given, want := range map[string]string{"0": "0", "0.001": "0.001", "1.5": "1.5", "372.732": "372.732", "60": "60", "1e3": "1000",
			"1490.9294": "1490.929", "1490.9296": "1490.93", "-0.0004": "0", "8796093022207.999": "8796093022207.999", "8796093022208": "8796093022208"} {
			values := map[string]string{}
			for name := range timedPlaces {
				values[name] = given
			}
			id := d.make(timedWith(values))[0]
			span := fmt.Sprintf(`{"start": %s, "end": %[1]s}`, want)
			d.same(d.read(id, timedFields), fmt.Sprintf(`{"snapshots": {"nodes": [{"at": %s, "sprite": {"every": %[1]s}}]},
				"aiData": {"labels": {"nodes": [{"spans": [%[2]s]}]}, "speech": {"nodes": [%[2]s]}, "screenText": {"nodes": [%[2]s]},
				"review": {"findings": {"nodes": [%[2]s]}},
				"duplicates": {"nodes": [{"segments": [{"start": %[1]s, "end": %[1]s, "otherStart": %[1]s, "otherEnd": %[1]s}]}]}}}`, want, span), given)
		}
		for name, place := range timedPlaces {
			for _, v := range []string{"-0.001", "-1", "8796093022208.001", "1e16", "1e300", "-1e300"} {
				values := map[string]string{name: v}
				end := strings.NewReplacer("start", "end", "Start", "End").Replace(name)
				if end != name && !strings.HasPrefix(v, "-") {
					values[end] = "8796093022208" // which is before it, and not what this is about
				}
				got := d.call("assetsCreate", `{"items": [%s]}`, timedWith(values)).errors()
				if !slices.Contains(got, "INVALID items.0."+place) {
					t.Errorf("%s of %s: refused with %q", name, v, got)
				}
			}
		}
	})
}

// TestEachTimeIsAFloatOfSeconds wants all times of inputs to be in timed: the members of inputs
// which have a name of a time.
func TestEachTimeIsAFloatOfSeconds(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for place := range timedPlaces {
		names[place[strings.LastIndex(place, ".")+1:]] = true
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d, inputs := write(t, db), 0
		for _, of := range d.schema.Types {
			for _, f := range of.Fields {
				if names[f.Name] && f.Type.NamedType != "Float" && f.Name != "at" && of.Name != "Mark" { // a mark is of characters
					t.Errorf("%s.%s is %s", of.Name, f.Name, f.Type)
				}
				if names[f.Name] && of.Kind == ast.InputObject {
					inputs++
				}
				if strings.Contains(f.Description, "illiseconds") {
					t.Errorf("%s.%s is in milliseconds", of.Name, f.Name)
				}
			}
		}
		if inputs != 12 { // speech and text on the screen are of one input
			t.Errorf("inputs have %d times, and timed has 12", inputs)
		}
	})
}
