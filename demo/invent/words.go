package invent

import "vodgraph/demo/line"

// recognised is what the looking analyser knows, by category.
var recognised = []struct {
	category string
	names    []string
}{
	{"PERSON", []string{"narrator", "girl with a red scarf", "boy on a bicycle", "old fisherman", "class president",
		"masked stranger", "twins", "shopkeeper", "pilot", "grandmother"}},
	{"KEYWORD", []string{"friendship", "promise", "rivalry", "homecoming", "farewell", "courage", "secret", "festival",
		"first day", "rescue"}},
	{"LOCATION", []string{"harbour", "classroom", "train station", "rooftop", "shrine", "forest", "space port", "kitchen",
		"riverside", "old town"}},
	{"TIME", []string{"night", "dawn", "summer", "winter", "rainy day", "sunset", "spring", "new year", "noon", "autumn"}},
	{"CATEGORY", []string{"animation", "opening sequence", "dialogue", "chase", "credits", "landscape", "performance",
		"training", "meal", "flashback"}},
	{"OBJECT", []string{"bicycle", "train", "umbrella", "sword", "letter", "telephone", "airship", "lunch box", "cat",
		"guitar"}},
}

// findings are what a review can find; score, suggestion and times are added.
var findings = []line.ReviewFinding{
	{Module: "VIDEO", Scene: "terrorism", Label: "explosion", Location: "findings/explosion.jpg"},
	{Module: "VIDEO", Scene: "terrorism", Label: "weapon", Location: "findings/weapon.jpg"},
	{Module: "VIDEO", Scene: "ad", Label: "qrcode", Location: "findings/qrcode.jpg"},
	{Module: "VIDEO", Scene: "logo", Label: "trademark", Location: "findings/trademark.jpg"},
	{Module: "COVER", Scene: "terrorism", Label: "bloody", Location: "findings/cover.jpg"},
	{Module: "TITLE", Scene: "antispam", Label: "spam", Text: "limited offer"},
	{Module: "AUDIO", Scene: "antispam", Label: "abuse", Text: "you will regret this"},
	{Module: "AUDIO", Scene: "antispam", Label: "ad", Text: "call now and order"},
}

// speech is made of a beginning and an ending of its language.
var speech = map[string][2][]string{
	"ja": {
		{"明日の朝、", "あの夏の日に、", "雨が止んだら、", "駅の前で、", "みんなと一緒に、", "もう一度だけ、", "誰も知らない場所で、",
			"星の見える丘で、", "遠い海の向こうで、", "約束どおり、", "この街では、", "今度こそ、"},
		{"必ず会いに行くよ。", "新しい旅が始まる。", "歌を聞かせてほしい。", "君の名前を呼んだ。", "猫が待っている。", "本当のことを話そう。",
			"列車が出発します。", "花火を見よう。", "手紙を開けてみた。", "お弁当を食べよう。", "夢の続きを見たい。", "決して諦めない。"},
	},
	"en": {
		{"Tomorrow morning ", "On that summer day ", "When the rain stops ", "In front of the station ", "Together with everyone ",
			"Just once more ", "Where nobody knows us ", "On the hill under the stars ", "Across the distant sea ",
			"As we promised ", "In this town ", "This time "},
		{"I will come and find you.", "a new journey begins.", "let me hear your song.", "I called your name.",
			"the cat is waiting.", "we shall tell the truth.", "the train departs.", "let us watch the fireworks.",
			"I opened the letter.", "we share our lunch.", "I want to dream on.", "we will never give up."},
	},
	"zh-Hans": {
		{"明天早上，", "在那个夏天，", "雨停了以后，", "在车站前，", "和大家一起，", "再来一次，", "在没人知道的地方，", "在看得见星星的山丘上，"},
		{"我一定去见你。", "新的旅程开始了。", "请让我听听你的歌。", "我喊了你的名字。", "猫在等着。", "说出真相吧。", "列车出发了。", "一起看烟花吧。"},
	},
}

// Sentences are n sentences of one of the languages ja, en and zh-Hans; other
// languages are answered in Japanese.
func Sentences(c Chance, n int, language string) []string {
	parts, known := speech[language]
	if !known {
		parts = speech["ja"]
	}
	sentences := make([]string, n)
	for i := range sentences {
		sentences[i] = Pick(c, parts[0]) + Pick(c, parts[1])
	}
	return sentences
}
