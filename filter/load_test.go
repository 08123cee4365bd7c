package filter_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/cue"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/snapshot"
	"vodgraph/media"
)

// load makes a library the whole of a database.
func (s *library) load(t testing.TB, db *dbtest.DB) {
	t.Helper()
	ctx := t.Context()
	for _, table := range []string{"assets", "tags", "categories"} { // the rest goes with them
		if _, err := db.SQL.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		s.loadNames(ctx, db.Client), s.loadAssets(ctx, db.Client), s.loadSatellites(ctx, db.Client), s.loadFindings(ctx, db.Client),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range s.covers() {
		if _, err := db.SQL.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
}

// covers are the statements that set the covers, once there is what they name. A
// snapshot stands only where it is the cover.
func (s *library) covers() []string {
	statements := []string{`UPDATE assets SET cover_snapshot_id =
		(SELECT snapshots.id FROM snapshots WHERE snapshots.asset_id = assets.id)`}
	for _, a := range s.assets {
		if a.coverImage != nil {
			statements = append(statements, fmt.Sprintf(
				"UPDATE assets SET cover_image_id = '%s' WHERE id = '%s'", *a.coverImage, a.id))
		}
	}
	return statements
}

func (s *library) loadNames(ctx context.Context, db *ent.Client) error {
	var tags []*ent.TagCreate
	for i, name := range s.tags {
		tags = append(tags, db.Tag.Create().SetID(tagID(i)).SetName(name))
	}
	if err := db.Tag.CreateBulk(tags...).Exec(ctx); err != nil {
		return err
	}
	var categories []*ent.CategoryCreate
	for i, c := range s.categories {
		path := s.path(i)
		create := db.Category.Create().SetID(c.id).SetName(c.name).SetLevel(len(path)).
			SetPath(strings.Join(path, "\x1f")).SetCreatedAt(times[0])
		if c.parent >= 0 {
			create.SetParentID(s.categories[c.parent].id)
		}
		categories = append(categories, create)
	}
	return db.Category.CreateBulk(categories...).Exec(ctx)
}

// path is the names from the root to a category.
func (s *library) path(i int) []string {
	var path []string
	for ; i >= 0; i = s.categories[i].parent {
		path = append(path, s.categories[i].name)
	}
	slices.Reverse(path)
	return path
}

func tagID(i int) string { return fmt.Sprintf("tag_%026d", i) }

func categoryID(i int) string { return fmt.Sprintf("cat_%026d", i) }

func categoryIDs(ids ...string) []*media.CategoryRef {
	refs := make([]*media.CategoryRef, len(ids))
	for i := range ids {
		refs[i] = &media.CategoryRef{ID: &ids[i]}
	}
	return refs
}

func (s *library) loadAssets(ctx context.Context, db *ent.Client) error {
	var rows []*ent.AssetCreate
	var entries []*ent.IndexEntryCreate
	for i, a := range s.assets {
		row := db.Asset.Create().SetID(a.id).SetKind(a.kind).SetStatus(a.status).
			SetNillableReferenceID(a.referenceID).SetNillableBusinessType(a.businessType).
			SetTitle(a.title).SetTitleKey(media.TitleKey(a.title)).SetNillableDescription(a.description).SetAlternativeTitles([]string{}).
			SetStorageLocation(a.storageLocation).SetStorageClass(a.storageClass).SetMediaSource(a.mediaSource).
			SetNillableSize(a.size).SetSizeAsc(0).SetSizeDesc(0).
			SetNillableDuration(a.duration).SetDurationAsc(0).SetDurationDesc(0).
			SetNillableWidth(a.width).SetNillableHeight(a.height).
			SetNillableFileName(a.fileName).SetNillableImageType(a.imageType).SetDownloadEnabled(a.downloadEnabled).SetRevision(1).SetCreatedAt(a.createdAt).SetUpdatedAt(a.updatedAt)
		if a.trashed {
			row.SetTrashedAt(a.updatedAt)
		}
		rows = append(rows, row)
		entries = append(entries, db.IndexEntry.Create().SetID(int64(i)).SetAssetID(a.id).SetRevision(1))
	}
	if err := db.Asset.CreateBulk(rows...).Exec(ctx); err != nil {
		return err
	}
	return db.IndexEntry.CreateBulk(entries...).Exec(ctx)
}

// loadFindings loads what analysers found.
func (s *library) loadFindings(ctx context.Context, db *ent.Client) error {
	var sources []*ent.AISourceCreate
	var labels []*ent.AILabelCreate
	var cues []*ent.CueCreate
	for _, a := range s.assets {
		for i, suggestion := range a.reviews {
			sources = append(sources, db.AISource.Create().SetAssetID(a.id).SetSource(fmt.Sprint(i)).SetNillableSuggestion(suggestion))
		}
		for _, name := range a.labels {
			labels = append(labels, db.AILabel.Create().SetAssetID(a.id).SetSource("0").SetName(name).
				SetCategory(ailabel.CategoryOBJECT).SetSpans(nil))
		}
		for kind, languages := range map[cue.Kind][]*string{cue.KindSPEECH: a.speech, cue.KindSCREEN_TEXT: a.screenText} {
			for i, language := range languages {
				cues = append(cues, db.Cue.Create().SetAssetID(a.id).SetSource("0").SetKind(kind).SetFrom(int64(i)).SetTo(int64(i+1)).
					SetText("words").SetNillableLanguage(language))
			}
		}
	}
	if err := db.AISource.CreateBulk(sources...).Exec(ctx); err != nil {
		return err
	}
	if err := db.AILabel.CreateBulk(labels...).Exec(ctx); err != nil {
		return err
	}
	return db.Cue.CreateBulk(cues...).Exec(ctx)
}

func (s *library) loadSatellites(ctx context.Context, db *ent.Client) error {
	var filed []*ent.AssetCategoryCreate
	var marked []*ent.AssetTagCreate
	var sources []*ent.MezzanineCreate
	var streams []*ent.PlayInfoCreate
	var covers []*ent.SnapshotCreate
	for i, a := range s.assets {
		for _, c := range a.categories {
			filed = append(filed, db.AssetCategory.Create().SetAssetID(a.id).SetCategoryID(s.categories[c].id))
		}
		for _, name := range a.tags {
			marked = append(marked, db.AssetTag.Create().SetAssetID(a.id).SetTagID(tagID(slices.Index(s.tags, name))))
		}
		if m := a.mezzanine; m != nil {
			sources = append(sources, db.Mezzanine.Create().SetID(fmt.Sprintf("mez_%026d", i)).SetAssetID(a.id).
				SetStatus(mezzanine.StatusNORMAL).SetNillableWidth(m.width).SetNillableHeight(m.height).SetNillableFileName(m.fileName).
				SetVideoStreams(nil).SetAudioStreams(nil).SetCreatedAt(times[0]))
		}
		for j, p := range a.playInfos {
			streams = append(streams, db.PlayInfo.Create().SetID(fmt.Sprintf("ply_%024d%02d", i, j)).SetAssetID(a.id).
				SetJobID(fmt.Sprint(j)).SetStreamType(playinfo.StreamTypeVIDEO).SetFormat(p.format).
				SetDefinition(p.definition).SetStatus(p.status).SetNillableCodec(p.codec).SetNillableHdrType(p.hdrType).
				SetEncrypted(false).SetEncryptType(playinfo.EncryptTypeNONE).
				SetCreatedAt(times[0]).SetUpdatedAt(times[0]))
		}
		if a.coverIsSnapshot {
			covers = append(covers, db.Snapshot.Create().SetID(fmt.Sprintf("snp_%026d", i)).SetAssetID(a.id).
				SetType(snapshot.TypeCOVER).SetJobID("").SetIndex(0).SetCreatedAt(times[0]))
		}
	}
	for _, create := range []interface{ Exec(context.Context) error }{
		db.AssetCategory.CreateBulk(filed...), db.AssetTag.CreateBulk(marked...),
		db.Mezzanine.CreateBulk(sources...), db.PlayInfo.CreateBulk(streams...), db.Snapshot.CreateBulk(covers...),
	} {
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
