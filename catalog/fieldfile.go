package catalog

import (
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// fileFields are the facts of an asset's file: of a video or an audio those of its source
// file, of an image or an attachment its own.
var fileFields = []*field{
	{
		Name: mezzanineField, kinds: played, Part: change.WithMezzanine,
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*MezzanineInput] { return &in.Mezzanine },
			setMezzanine, mezzanineField)},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*MezzanineInput] { return &in.Mezzanine },
			setMezzanine, mezzanineField)},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Mezzanine = given(sourceFileInput(s)) },
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return keptMezzanineOf(old.Mezzanine), keptMezzanineOf(next.Mezzanine)
		},
		Undo: (*Undoing).putMezzanine,
	},
	optional(field{
		Name: sizeField, Part: change.WithMezzanine, follows: mezzanineField,
		columns: []string{asset.FieldSize, asset.FieldSizeAsc, asset.FieldSizeDesc},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*int64] { return &in.Size },
			measure(sizeOf), sizeField)},
		file: []member[FileInput]{orNull(func(in *FileInput) *graphql.Omittable[*int64] { return &in.Size },
			measure(sizeOf), fileMember, sizeField)},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Size = given(s.Size) },
	}, sizeOf),
	optional(field{
		Name: durationField, kinds: played, Part: change.WithMezzanine, follows: mezzanineField,
		columns: []string{asset.FieldDuration, asset.FieldDurationAsc, asset.FieldDurationDesc},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*float64] { return &in.Duration },
			func(_ *Builder, k *change.Check, s *change.State, v *float64, place []string) {
				change.Positive(k, v, place...)
				s.Duration = change.Seconds(v)
			}, durationField)},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Duration = given(s.Duration) },
	}, func(a *ent.Asset) **float64 { return &a.Duration }),
	always(field{
		Name: "storageLocation", columns: []string{asset.FieldStorageLocation},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **string { return &in.StorageLocation },
			setStorage, "storageLocation")},
		update: []member[AssetUpdateInput]{notNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.StorageLocation },
			setStorage, "storageLocation")},
		file: []member[FileInput]{notNull(func(in *FileInput) *graphql.Omittable[*string] { return &in.StorageLocation },
			setStorage, fileMember, "storageLocation")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.StorageLocation = &s.StorageLocation },
	}, func(a *ent.Asset) *string { return &a.StorageLocation }),
	always(field{
		Name: "storageClass", columns: []string{asset.FieldStorageClass},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **asset.StorageClass { return &in.StorageClass },
			intoAlways(storageClassOf), "storageClass")},
		update: []member[AssetUpdateInput]{notNull(func(in *AssetUpdateInput) *graphql.Omittable[*asset.StorageClass] { return &in.StorageClass },
			intoAlways(storageClassOf), "storageClass")},
		file: []member[FileInput]{notNull(func(in *FileInput) *graphql.Omittable[*asset.StorageClass] { return &in.StorageClass },
			intoAlways(storageClassOf), fileMember, "storageClass")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.StorageClass = &s.StorageClass },
	}, storageClassOf),
	always(field{
		Name: "mediaSource", columns: []string{asset.FieldMediaSource},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **asset.MediaSource { return &in.MediaSource },
			intoAlways(mediaSourceOf), "mediaSource")},
		update: []member[AssetUpdateInput]{notNull(func(in *AssetUpdateInput) *graphql.Omittable[*asset.MediaSource] { return &in.MediaSource },
			intoAlways(mediaSourceOf), "mediaSource")},
		file: []member[FileInput]{notNull(func(in *FileInput) *graphql.Omittable[*asset.MediaSource] { return &in.MediaSource },
			intoAlways(mediaSourceOf), fileMember, "mediaSource")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.MediaSource = &s.MediaSource },
	}, mediaSourceOf),
	optional(field{
		Name: "imageType", kinds: []asset.Kind{asset.KindIMAGE}, columns: []string{asset.FieldImageType},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **asset.ImageType { return &in.ImageType },
			setImageType, "imageType")},
		file: []member[FileInput]{notNull(func(in *FileInput) *graphql.Omittable[*asset.ImageType] { return &in.ImageType },
			setImageType, fileMember, "imageType")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.ImageType = s.ImageType },
	}, func(a *ent.Asset) **asset.ImageType { return &a.ImageType }),
	undone(optional(field{
		Name: "attachmentType", kinds: []asset.Kind{asset.KindATTACHMENT}, columns: []string{asset.FieldBusinessType},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **asset.BusinessType { return &in.AttachmentType },
			setAttachmentType, "attachmentType")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.AttachmentType = s.BusinessType },
	}, attachmentTypeOf), (*Undoing).putAttachmentType),
	optional(field{
		Name: "fileName", kinds: stored, columns: []string{asset.FieldFileName},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.FileName },
			setFileName, "fileName")},
		file: []member[FileInput]{orNull(func(in *FileInput) *graphql.Omittable[*string] { return &in.FileName },
			setFileName, fileMember, "fileName")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.FileName = given(s.FileName) },
	}, fileNameOf),
	optional(field{
		Name: "location", kinds: stored, columns: []string{asset.FieldLocation},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.Location },
			into(locationOf), "location")},
		file: []member[FileInput]{orNull(func(in *FileInput) *graphql.Omittable[*string] { return &in.Location },
			into(locationOf), fileMember, "location")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Location = given(s.Location) },
	}, locationOf),
	optional(field{
		Name: "width", kinds: []asset.Kind{asset.KindIMAGE}, columns: []string{asset.FieldWidth},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*int] { return &in.Width },
			measure(widthOf), "width")},
		file: []member[FileInput]{orNull(func(in *FileInput) *graphql.Omittable[*int] { return &in.Width },
			measure(widthOf), fileMember, "width")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Width = given(s.Width) },
	}, widthOf),
	optional(field{
		Name: "height", kinds: []asset.Kind{asset.KindIMAGE}, columns: []string{asset.FieldHeight},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*int] { return &in.Height },
			measure(heightOf), "height")},
		file: []member[FileInput]{orNull(func(in *FileInput) *graphql.Omittable[*int] { return &in.Height },
			measure(heightOf), fileMember, "height")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Height = given(s.Height) },
	}, heightOf),
}

// The names by which facts of files refer to each other.
const (
	fileMember     = "file"
	mezzanineField = "mezzanine"
	sizeField      = "size"
	durationField  = "duration"
)

func sizeOf(a *ent.Asset) **int64                     { return &a.Size }
func storageClassOf(a *ent.Asset) *asset.StorageClass { return &a.StorageClass }
func mediaSourceOf(a *ent.Asset) *asset.MediaSource   { return &a.MediaSource }
func fileNameOf(a *ent.Asset) **string                { return &a.FileName }
func locationOf(a *ent.Asset) **string                { return &a.Location }
func widthOf(a *ent.Asset) **int                      { return &a.Width }
func heightOf(a *ent.Asset) **int                     { return &a.Height }

func setStorage(_ *Builder, k *change.Check, s *change.State, v string, place []string) {
	s.StorageLocation = v
	k.Require(v != "", "A storage location is not empty.", place...)
}

func setFileName(_ *Builder, k *change.Check, s *change.State, v *string, place []string) {
	checkFileName(k, s.Asset, v, place...)
	s.FileName = v
}

func setImageType(_ *Builder, _ *change.Check, s *change.State, v asset.ImageType, _ []string) {
	s.ImageType = &v
}

func setMezzanine(b *Builder, k *change.Check, s *change.State, v *MezzanineInput, place []string) {
	s.Mezzanine = b.mezzanine(k, s, v, place...)
}

// applyFile sets what an input gives of the file of an image or an attachment. Null clears
// what is known of the file, and leaves what cannot be cleared.
func (b *Builder) applyFile(k *change.Check, s *change.State, in *AssetUpdateInput) {
	if !in.File.IsSet() || !hasMember(k, s, in.File.Value() != nil, stored, fileMember) {
		return
	}
	file := in.File.Value()
	for _, f := range AllFields {
		for i := range f.file {
			m := &f.file[i]
			if file != nil {
				m.apply(b, k, s, file, f.kinds)
				checkOnce(k, f, m, in, file)
			} else if m.clear != nil && f.of(s.Kind) {
				m.clear(b, k, s)
			}
		}
	}
}

// checkOnce refuses a field that is given for the asset and for its file.
func checkOnce(k *change.Check, f *field, m *member[FileInput], in *AssetUpdateInput, file *FileInput) {
	if given, _ := m.Given(file); !given {
		return
	}
	for i := range f.update {
		if given, _ := f.update[i].Given(in); given {
			k.Refuse(fault.New(fault.Invalid, "It is given twice: once for the asset, and once for its file."), m.place...)
		}
	}
}

// keptMezzanine is a source file as the history keeps it: as files have it, with its id.
type keptMezzanine struct {
	ID string `json:"id"`
	MezzanineInput
}

func keptMezzanineOf(m *ent.Mezzanine) *keptMezzanine {
	if m == nil {
		return nil
	}
	return &keptMezzanine{m.ID, *mezzanineInputOf(m)}
}

// setAttachmentType warns of a watermark in use that gets another type: a call does not change
// the type of an attachment, and a copy of a library may.
func setAttachmentType(b *Builder, k *change.Check, s *change.State, v asset.BusinessType, place []string) {
	if v != asset.BusinessTypeWATERMARK && b.Marks[s.ID] {
		k.Newly(fault.New(fault.Invalid, "Streams have it as their watermark, and a watermark is an attachment of type WATERMARK, not %s.", v), place...)
	}
	s.BusinessType = &v
}

func attachmentTypeOf(a *ent.Asset) **asset.BusinessType { return &a.BusinessType }
