package filter

// Members are the names of the members in the table, NestingMembers those that hold filters.
var (
	Members        = names(assetMembers)
	NestingMembers = []string{"and", "or", "not"}
)

func names[F any](members []member[F]) (list []string) {
	for _, m := range members {
		list = append(list, m.name)
	}
	return list
}

// MembersOf are the names of all members of each input that filters are made of.
var MembersOf = map[string][]string{
	"AssetFilter":    append(names(assetMembers), append(NestingMembers, "trashed")...),
	"CategoryFilter": names(categoryMembers),
	"TagFilter":      names(tagMembers),
	"PlayInfoFilter": names(playInfoMembers),
	"PresenceFilter": names(descriptionMembers),
	"FileNameFilter": names(fileNameMembers),
	"ReviewFilter":   names(reviewMembers),
	"LabelFilter":    names(labelMembers),
	"LanguageFilter": names(languageMembers("", "")),
}
