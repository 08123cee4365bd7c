// The ways in which a Relay application uses the graph: fragments on interfaces and unions, connections paged
// both ways, refetching by node(id:), and mutations that write into connections. Only relay-compiler reads this
// file, against schema.graphql; it is never run. The compiler wants each name to begin with that of the file.

graphql`
  query LibraryQuery($filter: AssetFilter) {
    ...Library_assets @arguments(filter: $filter)
    categories { ...Library_category }
  }
`;

graphql`
  fragment Library_assets on Query
  @refetchable(queryName: "LibraryAssetsQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "Cursor" }
    filter: { type: "AssetFilter" }
  ) {
    assets(first: $first, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }])
      @connection(key: "Library_assets", filters: ["filter"]) {
      totalCount
      edges { node { id ...Library_asset } }
    }
  }
`;

graphql`
  fragment Library_found on Query
  @refetchable(queryName: "LibraryFoundQuery")
  @argumentDefinitions(
    text: { type: "String" }
    first: { type: "Int", defaultValue: 20 }
    after: { type: "Cursor" }
  ) {
    search(text: $text, first: $first, after: $after, facets: [{ field: TAG, first: 10 }])
      @connection(key: "Library_search", filters: ["text"]) {
      totalCount
      corrections { typed used }
      facets { field buckets { value label count } }
      edges { score highlights { field snippet marks { start length } start end } node { id ...Library_asset } }
    }
  }
`;

graphql`
  fragment Library_asset on Asset @refetchable(queryName: "LibraryAssetQuery") {
    title
    kind
    revision
    userData
    createdAt
    tags { id name }
    ...Library_video @alias
    ... on Image { coverOf(first: 3) { edges { node { id title } } } }
  }
`;

graphql`
  fragment Library_video on Video
  @refetchable(queryName: "LibraryVideoQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "Cursor" }) {
    duration
    cover { location width height ... on Snapshot { at } }
    playInfos(definitions: [HD, UHD_2K]) { id format definition location }
    snapshots(types: [NORMAL], first: $first, after: $after) @connection(key: "Library_video_snapshots") {
      edges { node { id index location } }
    }
    aiData { labels(first: 5) { edges { node { name confidence } } } }
  }
`;

graphql`
  fragment Library_category on Category
  @refetchable(queryName: "LibraryCategoryQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "Cursor" }) {
    name
    assetCount(includeDescendants: true)
    children { id name }
    assets(first: $first, after: $after) @connection(key: "Library_category_assets") {
      edges { node { id title } }
    }
  }
`;

graphql`
  fragment Library_tag on Tag
  @refetchable(queryName: "LibraryTagQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 20 }, before: { type: "Cursor" }) {
    name
    assets(last: $last, before: $before) @connection(key: "Library_tag_assets") {
      edges { node { id title } }
    }
  }
`;

graphql`
  query LibraryNodeQuery($id: ID!, $ids: [ID!]!) {
    node(id: $id) {
      __typename
      ...Library_asset @alias
      ...Library_category @alias
      ...Library_tag @alias
    }
    nodes(ids: $ids) { id __typename ... on PlayInfo { asset { id } } ... on Mezzanine { md5 } }
  }
`;

graphql`
  mutation LibraryCreateMutation($items: [AssetCreateInput!]!, $connections: [ID!]!) {
    assetsCreate(items: $items) {
      results {
        asset @prependNode(connections: $connections, edgeTypeName: "AssetEdge") { id ...Library_asset }
        errors { code message field }
      }
      userErrors { code message field }
    }
  }
`;

graphql`
  mutation LibraryCategoryDeleteMutation($id: ID!) {
    categoryDelete(id: $id) {
      deletedIds @deleteRecord
      userErrors { code message }
    }
  }
`;
