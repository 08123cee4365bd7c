package fault

// Code is the stable code of a refusal, for programs. Codes are never renamed or reused;
// clients must expect new ones.
type Code string

// The codes.
const (
	// Invalid: a value that does not fit its type or its rules.
	Invalid Code = "INVALID"
	// Required: a value is missing that this case needs.
	Required Code = "REQUIRED"
	// NotFound: what is named does not exist.
	NotFound Code = "NOT_FOUND"
	// Internal: something went wrong on the server; the reference finds it in the log.
	Internal Code = "INTERNAL"
	// TooManyItems: more items in one call than the limit.
	TooManyItems Code = "TOO_MANY_ITEMS"
	// DuplicateItem: the asset was named before in the same call.
	DuplicateItem Code = "DUPLICATE_ITEM"
	// RolledBack: nothing was wrong with the item, but another one undid the call.
	RolledBack Code = "ROLLED_BACK"
	// StaleRevision: the asset has changed since the revision that was named.
	StaleRevision Code = "STALE_REVISION"
	// ReferenceIDTaken: another asset has this reference id.
	ReferenceIDTaken Code = "REFERENCE_ID_TAKEN"
	// IDTaken: another asset has this id.
	IDTaken Code = "ID_TAKEN"
	// TitleTooLong: a title is longer than the limit.
	TitleTooLong Code = "TITLE_TOO_LONG"
	// DescriptionTooLong: a description is longer than the limit.
	DescriptionTooLong Code = "DESCRIPTION_TOO_LONG"
	// TooManyTitles: more alternative titles than the limit.
	TooManyTitles Code = "TOO_MANY_TITLES"
	// TooManyTags: more tags on an asset than the limit.
	TooManyTags Code = "TOO_MANY_TAGS"
	// TagTooLong: a tag is longer than the limit.
	TagTooLong Code = "TAG_TOO_LONG"
	// TooManyCategories: more categories on an asset than the limit.
	TooManyCategories Code = "TOO_MANY_CATEGORIES"
	// UserDataTooLarge: the user data is larger than the limit.
	UserDataTooLarge Code = "USER_DATA_TOO_LARGE"
	// ReferenceIDMalformed: a reference id of a wrong length or with characters it may not have.
	ReferenceIDMalformed Code = "REFERENCE_ID_MALFORMED"
	// CategoryNameTooLong: a category's name is longer than the limit.
	CategoryNameTooLong Code = "CATEGORY_NAME_TOO_LONG"
	// CategoryNameTaken: a sibling category has this name.
	CategoryNameTaken Code = "CATEGORY_NAME_TAKEN"
	// CategoryTooDeep: a category would stand deeper than the limit.
	CategoryTooDeep Code = "CATEGORY_TOO_DEEP"
	// CategoryFull: a category would have more children than the limit.
	CategoryFull Code = "CATEGORY_FULL"
	// CategoryCycle: a category would stand below itself.
	CategoryCycle Code = "CATEGORY_CYCLE"
	// TagExists: a tag of that name exists already.
	TagExists Code = "TAG_EXISTS"
	// StatusStepIllegal: the asset cannot go from its status to that one.
	StatusStepIllegal Code = "STATUS_STEP_ILLEGAL"
	// FileTypeRefused: a file of this type is not taken for the asset.
	FileTypeRefused Code = "FILE_TYPE_REFUSED"
	// WrongKind: the asset's kind does not have what is given.
	WrongKind Code = "WRONG_KIND"
	// InUse: it is still needed by something else.
	InUse Code = "IN_USE"
	// Trashed: an asset in the trash has this.
	Trashed Code = "TRASHED"
	// IdempotencyKeyReused: the key was used for another call within a day.
	IdempotencyKeyReused Code = "IDEMPOTENCY_KEY_REUSED"
	// AllRequired: the filter selects every asset, and all is not true.
	AllRequired Code = "ALL_REQUIRED"
	// PurgeTooLarge: a purge would take more than a tenth of the library, and all is not true.
	PurgeTooLarge Code = "PURGE_TOO_LARGE"
	// NotUndoable: the change set cannot be undone, or that part of it.
	NotUndoable Code = "NOT_UNDOABLE"
	// ChangedSince: the field was changed by another since.
	ChangedSince Code = "CHANGED_SINCE"
	// CursorInvalid: a cursor that is not of this list, its filter and its order.
	CursorInvalid Code = "CURSOR_INVALID"
	// PageSizeInvalid: a page size outside 1 to 100, of cues and findings 1 to 1,000,
	// of facets 1 to 200, or first and last at once.
	PageSizeInvalid Code = "PAGE_SIZE_INVALID"
	// TextTooLong: a text to search for is longer than the limit.
	TextTooLong Code = "TEXT_TOO_LONG"
	// CursorExpired: a cursor of this search that another source than the one that
	// answers now gave out, or an index that was built anew since.
	CursorExpired Code = "CURSOR_EXPIRED"
	// FilterTooDeep: a filter nested deeper than the limit.
	FilterTooDeep Code = "FILTER_TOO_DEEP"
	// FilterTooLarge: a filter with more members than the limit.
	FilterTooLarge Code = "FILTER_TOO_LARGE"
	// ListTooLong: a list with more values than the limit.
	ListTooLong Code = "LIST_TOO_LONG"
	// OriginRefused: the browser says that the request comes from a page of another
	// origin, which --cors-origins does not name.
	OriginRefused Code = "ORIGIN_REFUSED"
	// BatchRefused: several requests in one array; send each by itself.
	BatchRefused Code = "BATCH_REFUSED"
	// TooManyMutations: the operation has more fields of Mutation than the limit. Nothing of it was
	// executed.
	TooManyMutations Code = "TOO_MANY_MUTATIONS"
	// QueryTooLarge: the request, or the text of its document, is larger than the
	// server takes.
	QueryTooLarge Code = "QUERY_TOO_LARGE"
	// PersistedQueryNotFound: the server does not have the document that was named by its
	// hash or id. Clients know this code, and send the text.
	PersistedQueryNotFound Code = "PERSISTED_QUERY_NOT_FOUND"
	// MethodNotAllowed: the method is not one that is taken there.
	MethodNotAllowed Code = "METHOD_NOT_ALLOWED"
	// NotAcceptable: no media type that is accepted can be answered.
	NotAcceptable Code = "NOT_ACCEPTABLE"
	// UnsupportedMediaType: the body is of another media type than is taken.
	UnsupportedMediaType Code = "UNSUPPORTED_MEDIA_TYPE"
	// PersistedQueryMismatch: the document is not the one of its hash.
	PersistedQueryMismatch Code = "PERSISTED_QUERY_MISMATCH"
	// DocumentNotTrusted: the server executes the documents of its list only, and this is none of them.
	DocumentNotTrusted Code = "DOCUMENT_NOT_TRUSTED"
	// TooManySubscriptions: the connection, or the caller, has as many operations under way as may be.
	TooManySubscriptions Code = "TOO_MANY_SUBSCRIPTIONS"
	// Timeout: the request took longer than it may, and was ended. A mutation may have
	// been done.
	Timeout Code = "TIMEOUT"
	// GraphQLParseFailed: the document is not GraphQL.
	GraphQLParseFailed Code = "GRAPHQL_PARSE_FAILED"
	// GraphQLValidationFailed: the document or its variables do not fit the schema.
	GraphQLValidationFailed Code = "GRAPHQL_VALIDATION_FAILED"
	// TooManyTokens: a document with more tokens than the limit.
	TooManyTokens Code = "TOO_MANY_TOKENS"
	// TooDeep: fields deeper in each other than the limit.
	TooDeep Code = "TOO_DEEP"
	// TooManyAliases: more aliases than the limit.
	TooManyAliases Code = "TOO_MANY_ALIASES"
	// TooManyDirectives: more directives than the limit.
	TooManyDirectives Code = "TOO_MANY_DIRECTIVES"
	// TooManyFields: more fields beside each other than the limit.
	TooManyFields Code = "TOO_MANY_FIELDS"
	// TooManyNodes: an answer could have more objects than the limit.
	TooManyNodes Code = "TOO_MANY_NODES"
	// NodesExceeded: an answer came to more objects than the limit.
	NodesExceeded Code = "NODES_EXCEEDED"
	// TooCostly: an answer could cost more than the limit.
	TooCostly Code = "TOO_COSTLY"
	// IntrospectionTooDeep: introspection that goes in circles.
	IntrospectionTooDeep Code = "INTROSPECTION_TOO_DEEP"
	// Overloaded: too many requests at once.
	Overloaded Code = "OVERLOADED"
	// Unauthenticated: nobody that is known asks.
	Unauthenticated Code = "UNAUTHENTICATED"
	// Forbidden: the caller may not.
	Forbidden Code = "FORBIDDEN"
	// RateLimited: too much, or too many tries, in a short time.
	RateLimited Code = "RATE_LIMITED"
	// HostRefused: a request under a foreign name, or through a proxy, where nobody needs a key.
	HostRefused Code = "HOST_REFUSED"
)

// Codes lists every code once, in the order of their documentation.
func Codes() []Code { return append(libraryCodes(), transportCodes()...) }

func libraryCodes() []Code {
	return []Code{
		Invalid,
		Required,
		NotFound,
		Internal,
		TooManyItems,
		DuplicateItem,
		RolledBack,
		StaleRevision,
		ReferenceIDTaken,
		IDTaken,
		TitleTooLong,
		DescriptionTooLong,
		TooManyTitles,
		TooManyTags,
		TagTooLong,
		TooManyCategories,
		UserDataTooLarge,
		ReferenceIDMalformed,
		CategoryNameTooLong,
		CategoryNameTaken,
		CategoryTooDeep,
		CategoryFull,
		CategoryCycle,
		TagExists,
		StatusStepIllegal,
		FileTypeRefused,
		WrongKind,
		InUse,
		Trashed,
		IdempotencyKeyReused,
		AllRequired,
		PurgeTooLarge,
		NotUndoable,
		ChangedSince,
		CursorInvalid,
		PageSizeInvalid,
		TextTooLong,
		CursorExpired,
		FilterTooDeep,
		FilterTooLarge,
		ListTooLong,
		OriginRefused,
		BatchRefused,
		TooManyMutations,
		QueryTooLarge,
		PersistedQueryNotFound,
		MethodNotAllowed,
		NotAcceptable,
		UnsupportedMediaType,
		PersistedQueryMismatch,
		DocumentNotTrusted,
		TooManySubscriptions,
		Timeout,
	}
}

// transportCodes are those of requests that are refused before they are executed.
func transportCodes() []Code {
	return []Code{
		GraphQLParseFailed,
		GraphQLValidationFailed,
		TooManyTokens,
		TooDeep,
		TooManyAliases,
		TooManyDirectives,
		TooManyFields,
		TooManyNodes,
		NodesExceeded,
		TooCostly,
		IntrospectionTooDeep,
		Overloaded,
		Unauthenticated,
		Forbidden,
		RateLimited,
		HostRefused,
	}
}
