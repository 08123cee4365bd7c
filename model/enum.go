package model

import (
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/ailabel"
	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/reviewfinding"
	"vodgraph/ent/snapshot"
	"vodgraph/fault"
)

// The enums are those of the tables. They are read to the letter: the parser
// of variables takes them in any case.

// named reads a value of an enum that valid knows.
func named[E ~string](v any, valid func(E) error) (E, error) {
	s, ok := v.(string)
	if !ok || valid(E(s)) != nil {
		return "", fault.New(fault.Invalid, "%v is not a value of this enum.", v)
	}
	return E(s), nil
}

// oneOf is the validator of an enum that lists its values.
func oneOf[E ~string](values []string) func(E) error {
	return func(e E) error {
		if !slices.Contains(values, string(e)) {
			return fmt.Errorf("%q is none of %q", e, values)
		}
		return nil
	}
}

// MarshalAssetKind writes an AssetKind.
func MarshalAssetKind(v asset.Kind) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalAssetKind reads an AssetKind.
func UnmarshalAssetKind(v any) (asset.Kind, error) { return named(v, asset.KindValidator) }

// MarshalAssetStatus writes an AssetStatus.
func MarshalAssetStatus(v asset.Status) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalAssetStatus reads an AssetStatus.
func UnmarshalAssetStatus(v any) (asset.Status, error) { return named(v, asset.StatusValidator) }

// MarshalStorageClass writes a StorageClass.
func MarshalStorageClass(v asset.StorageClass) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalStorageClass reads a StorageClass.
func UnmarshalStorageClass(v any) (asset.StorageClass, error) {
	return named(v, asset.StorageClassValidator)
}

// MarshalMediaSource writes a MediaSource.
func MarshalMediaSource(v asset.MediaSource) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalMediaSource reads a MediaSource.
func UnmarshalMediaSource(v any) (asset.MediaSource, error) {
	return named(v, asset.MediaSourceValidator)
}

// MarshalImageType writes an ImageType.
func MarshalImageType(v asset.ImageType) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalImageType reads an ImageType.
func UnmarshalImageType(v any) (asset.ImageType, error) { return named(v, asset.ImageTypeValidator) }

// MarshalAttachmentType writes an AttachmentType.
func MarshalAttachmentType(v asset.BusinessType) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalAttachmentType reads an AttachmentType.
func UnmarshalAttachmentType(v any) (asset.BusinessType, error) {
	return named(v, asset.BusinessTypeValidator)
}

// MarshalMezzanineStatus writes a MezzanineStatus.
func MarshalMezzanineStatus(v mezzanine.Status) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalMezzanineStatus reads a MezzanineStatus.
func UnmarshalMezzanineStatus(v any) (mezzanine.Status, error) {
	return named(v, mezzanine.StatusValidator)
}

// MarshalStreamType writes a StreamType.
func MarshalStreamType(v playinfo.StreamType) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalStreamType reads a StreamType.
func UnmarshalStreamType(v any) (playinfo.StreamType, error) {
	return named(v, playinfo.StreamTypeValidator)
}

// MarshalMediaFormat writes a MediaFormat.
func MarshalMediaFormat(v playinfo.Format) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalMediaFormat reads a MediaFormat.
func UnmarshalMediaFormat(v any) (playinfo.Format, error) { return named(v, playinfo.FormatValidator) }

// MarshalDefinition writes a Definition.
func MarshalDefinition(v playinfo.Definition) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalDefinition reads a Definition.
func UnmarshalDefinition(v any) (playinfo.Definition, error) {
	return named(v, playinfo.DefinitionValidator)
}

// MarshalPlayInfoStatus writes a PlayInfoStatus.
func MarshalPlayInfoStatus(v playinfo.Status) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalPlayInfoStatus reads a PlayInfoStatus.
func UnmarshalPlayInfoStatus(v any) (playinfo.Status, error) {
	return named(v, playinfo.StatusValidator)
}

// MarshalEncryptType writes an EncryptType.
func MarshalEncryptType(v playinfo.EncryptType) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalEncryptType reads an EncryptType.
func UnmarshalEncryptType(v any) (playinfo.EncryptType, error) {
	return named(v, playinfo.EncryptTypeValidator)
}

// MarshalSnapshotType writes a SnapshotType.
func MarshalSnapshotType(v snapshot.Type) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalSnapshotType reads a SnapshotType.
func UnmarshalSnapshotType(v any) (snapshot.Type, error) { return named(v, snapshot.TypeValidator) }

// MarshalAILabelCategory writes an AILabelCategory.
func MarshalAILabelCategory(v ailabel.Category) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalAILabelCategory reads an AILabelCategory.
func UnmarshalAILabelCategory(v any) (ailabel.Category, error) {
	return named(v, ailabel.CategoryValidator)
}

// MarshalReviewModule writes a ReviewModule.
func MarshalReviewModule(v reviewfinding.Module) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalReviewModule reads a ReviewModule.
func UnmarshalReviewModule(v any) (reviewfinding.Module, error) {
	return named(v, reviewfinding.ModuleValidator)
}

// MarshalHdrType writes a HdrType.
func MarshalHdrType(v fact.HdrType) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalHdrType reads a HdrType.
func UnmarshalHdrType(v any) (fact.HdrType, error) {
	return named(v, oneOf[fact.HdrType](fact.HdrType("").Values()))
}

// MarshalReviewSuggestion writes a ReviewSuggestion.
func MarshalReviewSuggestion(v fact.Suggestion) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalReviewSuggestion reads a ReviewSuggestion.
func UnmarshalReviewSuggestion(v any) (fact.Suggestion, error) {
	return named(v, oneOf[fact.Suggestion](fact.Suggestion("").Values()))
}
