package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// everything are assets with every member that their kinds have. %[1]s is the id
// of a category, and paths name another one; each names those before it.
var everything = []string{`{
  "id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1", "kind": "IMAGE", "referenceId": "poster", "title": "Poster",
  "alternativeTitles": ["Plakat"], "description": "A poster", "status": "UPLOADING", "statusReason": "soon", "size": 5,
  "storageLocation": "here", "storageClass": "IA", "mediaSource": "EDITING", "categories": [{"id": "%[1]s"}],
  "tags": ["b", "a"], "userData": {"n": 12345678901234567890, "z": null}, "createdAt": "2020-01-02T03:04:05.678Z",
  "imageType": "COVER", "fileName": "p.png", "location": "o/p.png", "width": 10, "height": 20,
  "aiData": [{"source": "eye", "labels": [{"name": "cat", "category": "OBJECT", "confidence": 0.5}]}]}`,
	`{
  "id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2", "kind": "ATTACHMENT", "referenceId": "subs", "title": "Subtitles", "status": "NORMAL",
  "attachmentType": "WATERMARK", "fileName": "s.vtt", "location": "o/s.vtt", "size": 9, "categories": [{"path": ["Films", "New"]}]}`,
	`{
  "id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3", "kind": "AUDIO", "referenceId": "song", "title": "Song", "status": "CHECKING",
  "duration": 1.2345, "downloadEnabled": false, "cover": {"image": {"referenceId": "poster"}},
  "mezzanine": {"fileName": "s.wav", "audioStreams": [{"index": 0, "codecName": "pcm", "language": "en"}]},
  "playInfos": [{"jobId": "j", "streamType": "AUDIO", "format": "MP3", "definition": "SQ"}],
  "attachments": [{"attachment": {"referenceId": "subs"}, "language": "ja", "label": "Lyrics"}]}`,
	`{
  "id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "kind": "VIDEO", "referenceId": "film", "title": "Film", "alternativeTitles": ["映画", "Le film"],
  "description": "Two\nlines", "status": "NORMAL", "statusReason": "fine", "size": 9007199254740993, "duration": 60.0005,
  "storageLocation": "far", "storageClass": "ARCHIVE", "mediaSource": "LIVE",
  "categories": [{"path": ["Films", "New"]}, {"id": "%[1]s"}, {"path": ["Films"]}], "tags": ["z", "é", "z"],
  "userData": [1, {"a": "\u2028<>&"}], "downloadEnabled": false, "createdAt": "2019-12-31T23:59:59.9999+01:00",
  "cover": {"snapshot": {"type": "COVER", "index": 0}},
  "mezzanine": {"status": "NORMAL", "fileName": "f.mov", "location": "o/f.mov", "md5": "d41d8cd98f00b204e9800998ecf8427e", "size": 9007199254740993,
    "duration": 60.0005, "bitrate": 8, "fps": 23.976, "width": 1920, "height": 1080, "createdAt": "2019-01-01T00:00:00Z",
    "videoStreams": [{"index": 0, "codecName": "h264", "codecLongName": "H.264", "codecTag": "avc1", "profile": "High", "level": 40,
      "pixelFormat": "yuv420p", "timeBase": "1/24", "width": 1920, "height": 1080, "sampleAspectRatio": "1:1", "displayAspectRatio": "16:9",
      "hasBFrames": true, "fps": 23.976, "averageFps": 23.9, "bitrate": 7, "duration": 60, "startTime": 0, "frameCount": 1440,
      "rotation": 90, "language": "und", "hdrType": "HLG"}],
    "audioStreams": [{"index": 1, "codecName": "aac", "codecLongName": "AAC", "codecTag": "mp4a", "timeBase": "1/48000", "sampleFormat": "fltp",
      "sampleRate": 48000, "channels": 2, "channelLayout": "stereo", "bitrate": 1, "duration": 60, "startTime": 0.1, "frameCount": 9, "language": "en"}]},
  "playInfos": [{"jobId": "one", "streamType": "VIDEO", "format": "MP4", "specification": "H264.HD", "location": "o/1.mp4", "bitrate": 3,
    "duration": 60.001, "fps": 24, "width": 1280, "height": 720, "size": 4, "encrypted": true, "encryptType": "HLS",
    "watermark": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}, "codec": "h264", "hdrType": "SDR", "bitDepth": 8, "templateId": "t",
    "createdAt": "2021-01-01T00:00:00Z"}],
  "snapshots": [{"type": "COVER", "jobId": "s", "items": [{"index": 0, "at": 0.005, "width": 1, "height": 2, "location": "o/c.jpg"}],
      "createdAt": "2021-01-01T00:00:00Z"},
    {"type": "SPRITE", "jobId": "s", "items": [{"index": 0, "location": "o/s.jpg"}],
      "sprite": {"columns": 2, "rows": 3, "cellWidth": 4, "cellHeight": 5, "cells": 6, "every": 0.007}}],
  "attachments": [{"attachment": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}, "language": "zh-Hans", "label": "中文"}],
  "aiData": [{"source": "eye",
    "labels": [{"name": "dog", "category": "OBJECT", "confidence": 0.75, "spans": [{"start": 0.001, "end": 0.002}]}],
    "speech": [{"start": 0.001, "end": 0.002, "text": "said", "confidence": 1, "language": "en", "channel": 0}],
    "screenText": [{"start": 0.003, "end": 0.004, "text": "shown"}],
    "review": {"suggestion": "REVIEW", "labels": ["x"], "createdAt": "2022-01-01T00:00:00Z",
      "findings": [{"module": "VIDEO", "scene": "ad", "label": "l", "score": 0.5, "suggestion": "REVIEW", "start": 0.001, "end": 0.002, "text": "t", "location": "o/f.jpg"}]},
    "duplicates": [{"asset": {"referenceId": "song"}, "similarity": 0.9, "segments": [{"start": 0.001, "end": 0.002, "otherStart": 0.003, "otherEnd": 0.004}]}],
    "coverCandidates": [{"location": "o/k.gif", "format": "gif", "score": 0.5, "width": 3, "height": 4, "duration": 1.5}]}]}`}

const createSelection = `id kind referenceId title alternativeTitles description status statusReason size storageLocation storageClass
  mediaSource userData revision createdAt updatedAt categories { path { name } } tags { name }
  ... on Video { duration downloadEnabled cover { ... on Snapshot { type index at width height location sprite { cells } createdAt } }
    mezzanine { status fileName location md5 size duration bitrate fps width height createdAt
      videoStreams { index codecName codecLongName codecTag profile level pixelFormat timeBase width height sampleAspectRatio displayAspectRatio
        hasBFrames fps averageFps bitrate duration startTime frameCount rotation language hdrType }
      audioStreams { index codecName codecLongName codecTag timeBase sampleFormat sampleRate channels channelLayout bitrate duration startTime frameCount language } }
    playInfos { jobId streamType format definition specification status location bitrate duration fps width height size encrypted encryptType
      watermark { id } codec hdrType bitDepth templateId createdAt updatedAt }
    snapshots(types: [SPRITE]) { nodes { type jobId index at width height location sprite { columns rows cellWidth cellHeight cells every } } }
    attachments { attachment { id } language label }
    aiData { sources labels { nodes { name category confidence spans { start end } } } speech { nodes { start end text confidence language channel source } }
      screenText { nodes { start end text confidence language channel } }
      review { suggestion labels source createdAt findings { nodes { module scene label score suggestion start end text location } } }
      duplicates { nodes { asset { id } similarity segments { start end otherStart otherEnd } source } }
      coverCandidates { location format score width height duration source } } }
  ... on Audio { duration downloadEnabled audioCover: cover { ... on Image { id } } mezzanine { status audioStreams { codecName } videoStreams { index } size }
    playInfos { jobId definition encrypted encryptType } attachments { attachment { id } language label } }
  ... on Image { imageType fileName location width height coverOf { nodes { id } } }
  ... on Attachment { attachmentType fileName location usedBy { nodes { id } } }`

// created are the assets of everything as they are read.
var created = []string{`{
  "id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1", "kind": "IMAGE", "referenceId": "poster", "title": "Poster", "alternativeTitles": ["Plakat"],
  "description": "A poster", "status": "UPLOADING", "statusReason": "soon", "size": 5, "storageLocation": "here", "storageClass": "IA",
  "mediaSource": "EDITING", "userData": {"n": 12345678901234567890, "z": null}, "createdAt": "2020-01-02T03:04:05.678Z",
  "categories": [{"path": [{"name": "Songs"}]}], "tags": [{"name": "a"}, {"name": "b"}],
  "imageType": "COVER", "fileName": "p.png", "location": "o/p.png", "width": 10, "height": 20,
  "coverOf": {"nodes": [{"id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3"}]}`, `{
  "id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2", "kind": "ATTACHMENT", "referenceId": "subs", "title": "Subtitles", "alternativeTitles": [],
  "description": null, "status": "NORMAL", "statusReason": null, "size": 9, "storageLocation": "default", "storageClass": "STANDARD",
  "mediaSource": "GENERAL", "userData": null, "createdAt": "NOW",
  "categories": [{"path": [{"name": "Films"}, {"name": "New"}]}], "tags": [],
  "attachmentType": "WATERMARK", "fileName": "s.vtt", "location": "o/s.vtt",
  "usedBy": {"nodes": [{"id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3"}, {"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4"}]}`, `{
  "id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3", "kind": "AUDIO", "referenceId": "song", "title": "Song", "alternativeTitles": [],
  "description": null, "status": "CHECKING", "statusReason": null, "size": null, "storageLocation": "default", "storageClass": "STANDARD",
  "mediaSource": "GENERAL", "userData": null, "createdAt": "NOW", "categories": [], "tags": [],
  "duration": 1.235, "downloadEnabled": false, "audioCover": {"id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1"},
  "mezzanine": {"status": "NORMAL", "audioStreams": [{"codecName": "pcm"}], "videoStreams": [], "size": null},
  "playInfos": [{"jobId": "j", "definition": "SQ", "encrypted": false, "encryptType": "NONE"}],
  "attachments": [{"attachment": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}, "language": "ja", "label": "Lyrics"}]`, `{
  "id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "kind": "VIDEO", "referenceId": "film", "title": "Film", "alternativeTitles": ["映画", "Le film"],
  "description": "Two\nlines", "status": "NORMAL", "statusReason": "fine", "size": 9007199254740993, "storageLocation": "far",
  "storageClass": "ARCHIVE", "mediaSource": "LIVE", "userData": [1, {"a": "\u2028<>&"}], "createdAt": "2019-12-31T22:59:59.999Z",
  "categories": [{"path": [{"name": "Films"}]}, {"path": [{"name": "Films"}, {"name": "New"}]}, {"path": [{"name": "Songs"}]}],
  "tags": [{"name": "z"}, {"name": "é"}], "duration": 60.001, "downloadEnabled": false,
  "cover": {"type": "COVER", "index": 0, "at": 0.005, "width": 1, "height": 2, "location": "o/c.jpg", "sprite": null, "createdAt": "2021-01-01T00:00:00.000Z"},
  "mezzanine": {"status": "NORMAL", "fileName": "f.mov", "location": "o/f.mov", "md5": "d41d8cd98f00b204e9800998ecf8427e", "size": 9007199254740993,
    "duration": 60.001, "bitrate": 8, "fps": 23.976, "width": 1920, "height": 1080, "createdAt": "2019-01-01T00:00:00.000Z",
    "videoStreams": [{"index": 0, "codecName": "h264", "codecLongName": "H.264", "codecTag": "avc1", "profile": "High", "level": 40,
      "pixelFormat": "yuv420p", "timeBase": "1/24", "width": 1920, "height": 1080, "sampleAspectRatio": "1:1", "displayAspectRatio": "16:9",
      "hasBFrames": true, "fps": 23.976, "averageFps": 23.9, "bitrate": 7, "duration": 60, "startTime": 0, "frameCount": 1440,
      "rotation": 90, "language": "und", "hdrType": "HLG"}],
    "audioStreams": [{"index": 1, "codecName": "aac", "codecLongName": "AAC", "codecTag": "mp4a", "timeBase": "1/48000", "sampleFormat": "fltp",
      "sampleRate": 48000, "channels": 2, "channelLayout": "stereo", "bitrate": 1, "duration": 60, "startTime": 0.1, "frameCount": 9, "language": "en"}]},
  "playInfos": [{"jobId": "one", "streamType": "VIDEO", "format": "MP4", "definition": "SD", "specification": "H264.HD", "status": "NORMAL",
    "location": "o/1.mp4", "bitrate": 3, "duration": 60.001, "fps": 24, "width": 1280, "height": 720, "size": 4, "encrypted": true,
    "encryptType": "HLS", "watermark": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}, "codec": "h264", "hdrType": "SDR", "bitDepth": 8,
    "templateId": "t", "createdAt": "2021-01-01T00:00:00.000Z", "updatedAt": "NOW"}],
  "snapshots": {"nodes": [{"type": "SPRITE", "jobId": "s", "index": 0, "at": null, "width": null, "height": null, "location": "o/s.jpg",
    "sprite": {"columns": 2, "rows": 3, "cellWidth": 4, "cellHeight": 5, "cells": 6, "every": 0.007}}]},
  "attachments": [{"attachment": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}, "language": "zh-Hans", "label": "中文"}],
  "aiData": {"sources": ["eye"], "labels": {"nodes": [{"name": "dog", "category": "OBJECT", "confidence": 0.75, "spans": [{"start": 0.001, "end": 0.002}]}]},
    "speech": {"nodes": [{"start": 0.001, "end": 0.002, "text": "said", "confidence": 1, "language": "en", "channel": 0, "source": "eye"}]},
    "screenText": {"nodes": [{"start": 0.003, "end": 0.004, "text": "shown", "confidence": null, "language": null, "channel": null}]},
    "review": {"suggestion": "REVIEW", "labels": ["x"], "source": "eye", "createdAt": "2022-01-01T00:00:00.000Z", "findings": {"nodes": [
      {"module": "VIDEO", "scene": "ad", "label": "l", "score": 0.5, "suggestion": "REVIEW", "start": 0.001, "end": 0.002, "text": "t", "location": "o/f.jpg"}]}},
    "duplicates": {"nodes": [{"asset": {"id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3"}, "similarity": 0.9,
      "segments": [{"start": 0.001, "end": 0.002, "otherStart": 0.003, "otherEnd": 0.004}], "source": "eye"}]},
    "coverCandidates": [{"location": "o/k.gif", "format": "gif", "score": 0.5, "width": 3, "height": 4, "duration": 1.5, "source": "eye"}]}`}

// folders makes the categories that everything names.
func folders(d *mutations) (songs string) {
	d.Helper()
	films := d.done("categoryCreate", "id", `{"input": {"name": "Films"}}`).Category.id()
	d.done("categoryCreate", "id", `{"input": {"name": "New", "parentId": %q}}`, films)
	return d.done("categoryCreate", "id", `{"input": {"name": "Songs"}}`).Category.id()
}

func everythingIn(category string) string {
	return strings.ReplaceAll(strings.Join(everything, ", "), "%[1]s", category)
}

func TestMutationCreateKeepsEveryMember(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		p := d.done("assetsCreate", createSelection, `{"items": [`+everythingIn(folders(d))+`]}`)
		if p.ChangedCount != 4 || p.FailedCount != 0 || p.Revision == nil || *p.Revision != d.revision() || d.revision() != 4 {
			t.Errorf("the call is reported to be %+v at revision %d", p, d.revision())
		}
		for i, item := range p.Results {
			now := item.Asset["updatedAt"].(string)
			want := strings.ReplaceAll(created[i], "NOW", now) + fmt.Sprintf(`, "revision": 4, "updatedAt": %q}`, now)
			d.same(item.Asset, want, item.ID)
			if row, err := db.Client.Asset.Get(t.Context(), item.ID); err != nil || i == 3 && *row.Size != 9007199254740993 ||
				i == 0 && !strings.Contains(string(row.UserData), "12345678901234567890") {
				t.Errorf("digits are lost of %+v: %v", row, err)
			}
			if item.ID != item.Asset["id"] || item.Outcome != "CREATED" {
				t.Errorf("item %d is reported to be %s, %s", i, item.ID, item.Outcome)
			}
		}
	})
}
