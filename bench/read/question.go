package read

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"vodgraph/bench/measure"
	"vodgraph/ent/asset"
)

type question struct {
	// name is Q1 to Q4, the anchor's path too.
	name     string
	about    string
	document string
	// draws are what it is asked with; a client draws one each time.
	draws []draw
}

// draw is a question's variables for the graph, and the same for the anchor.
type draw struct {
	variables map[string]any
	args      []string
}

// fullView is all that there is to say of a video, lists with a bound.
const fullView = `query($id: ID!) { node(id: $id) { ... on Video {
  id kind referenceId title alternativeTitles description status statusReason size storageLocation storageClass
  mediaSource userData revision createdAt updatedAt duration downloadEnabled
  categories { id name level path { name } }
  tags { id name }
  cover { id location width height }
  mezzanine { id status fileName location md5 size duration bitrate fps width height createdAt
    videoStreams { index codecName profile width height fps bitrate hdrType }
    audioStreams { index codecName sampleRate channels language } }
  playInfos { id jobId streamType format definition status location bitrate duration fps width height size encrypted
    encryptType codec createdAt updatedAt }
  snapshots(first: 10) { nodes { id type index at location } }
  attachments { language label attachment { id title attachmentType location } }
  aiData {
    sources
    labels(first: 10) { nodes { name category confidence spans { start end } source } }
    speech(first: 10) { nodes { start end text } }
    screenText(first: 10) { nodes { start end text } }
    review { suggestion labels createdAt findings(first: 10) { nodes { module scene label score suggestion start end } } }
    duplicates(first: 5) { nodes { similarity source asset { id title } } }
    coverCandidates { id location format score } } } } }`

// listed is what a list says of a video: columns, and four lists or rows below.
const listed = `nodes { id title status description duration size createdAt
  categories { id name level }
  tags { name }
  mezzanine { fileName size bitrate fps width height }
  playInfos { definition format location bitrate width height } }`

// flat is eight columns of assets of all kinds.
const flat = `{ assets(first: 100) { nodes { id kind referenceId title status size createdAt updatedAt } } }`

const (
	viewQuestion = "Q1"
	newQuestion  = "Q2"
	flatQuestion = "Q3"
	deepQuestion = "Q4"
)

// drawn is how many videos Q1 is asked of, at random.
const drawn = 2000

// questions are those asked of a library, with draws from what it has.
func questions(ctx context.Context, o *opened) ([]question, error) {
	videos, err := o.db.Client.Asset.Query().Where(asset.KindEQ(asset.KindVIDEO)).Order(asset.ByID()).IDs(ctx)
	if err != nil {
		return nil, err
	}
	deep, err := halfway(ctx, o.graph, len(videos))
	if err != nil {
		return nil, fmt.Errorf("find the middle of the list: %w", err)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	views := make([]draw, drawn)
	for i := range views {
		id := videos[chance.IntN(len(videos))]
		views[i] = draw{map[string]any{"id": id}, []string{id}}
	}
	once := []draw{{}}
	return []question{
		{viewQuestion, "full view of one video by id", fullView, views},
		{newQuestion, "20 newest videos, 4 edges each", "{ videos(first: 20) { " + listed + " } }", once},
		{flatQuestion, "100 newest assets, 8 fields", flat, once},
		{deepQuestion, "as Q2, from the middle of the list",
			"query($after: Cursor) { videos(first: 20, after: $after) { " + listed + " } }", []draw{deep}},
	}, nil
}

// halfway walks to the middle of the list of videos.
func halfway(ctx context.Context, g *measure.Graph, videos int) (draw, error) {
	var at draw
	for walked := 0; walked < videos/2; {
		data, err := g.Ask(ctx, `query($after: Cursor) { videos(first: 100, after: $after) {
			nodes { id createdAt } pageInfo { endCursor } } }`, at.variables)
		if err != nil {
			return at, err
		}
		var page struct {
			Videos struct {
				Nodes    []struct{ ID, CreatedAt string }
				PageInfo struct{ EndCursor string }
			}
		}
		if err := json.Unmarshal(data, &page); err != nil {
			return at, err
		}
		nodes := page.Videos.Nodes
		if len(nodes) == 0 {
			return at, fmt.Errorf("the list ends after %d videos", walked)
		}
		walked += len(nodes)
		last := nodes[len(nodes)-1]
		at = draw{map[string]any{"after": page.Videos.PageInfo.EndCursor}, []string{last.CreatedAt, last.ID}}
	}
	return at, nil
}
