package bangumi

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// platforms are the places where a work can be watched, by their key in the
// data. Regional offshoots go under the name of their house.
var platforms = map[string]string{
	"acfun": "AcFun", "bilibili": "哔哩哔哩", "bilibili_hk_mo_tw": "哔哩哔哩", "bilibili_hk_mo": "哔哩哔哩",
	"bilibili_tw": "哔哩哔哩", "youku": "优酷", "qq": "腾讯视频", "iqiyi": "爱奇艺", "letv": "乐视", "mgtv": "芒果tv",
	"nicovideo": "Niconico", "netflix": "Netflix", "gamer": "動畫瘋", "gamer_hk": "動畫瘋", "muse_hk": "木棉花",
	"muse_tw": "木棉花", "ani_one": "Ani-One", "ani_one_asia": "Ani-One", "viu": "Viu", "mytv": "myTV SUPER",
	"disneyplus": "Disney+", "abema": "ABEMA", "unext": "U-NEXT", "crunchyroll": "Crunchyroll",
	"danime": "dアニメストア", "tropics": "回歸線娛樂", "prime": "Prime Video", "youtube": "YouTube",
}

// themes are tags set by a word in one of the titles. Latin words are the
// beginnings of words, or all of one where a blank follows.
var themes = []struct {
	tag   string
	words []string
}{
	{"magic", []string{"魔法", "魔女", "魔導", "magic", "witch", "wizard", "sorcer"}},
	{"mecha", []string{"ガンダム", "gundam", "ロボ", "機動", "robot", "mecha", "マクロス", "macross", "鉄人", "マジンガー"}},
	{"school", []string{"学園", "学校", "高校", "school", "academy", "学院", "先生", "生徒", "classroom", "教室"}},
	{"romance", []string{"恋", "love", "告白", "嫁", "kiss", "キス", "wedding"}},
	{"battle", []string{"戦", "バトル", "war ", "wars ", "battle", "fight", "格闘"}},
	{"swords", []string{"剣", "刀", "侍", "sword", "samurai", "blade", "ninja", "忍"}},
	{"spirits", []string{"妖", "鬼", "幽", "ghost", "spirit", "demon", "霊", "怪"}},
	{"mystery", []string{"探偵", "detective", "case closed", "myster", "事件", "推理"}},
	{"music", []string{"アイドル", "idol", "歌", "song", "music", "ラブライブ", "バンド", "band ", "音楽", "ピアノ", "melod"}},
	{"sports", []string{"野球", "バスケ", "サッカー", "テニス", "ハイキュー", "basketball", "tennis", "soccer", "自転車", "ダイヤのa"}},
	{"cats", []string{"猫", "ねこ", "ネコ", "ニャ", "にゃ", "cat ", "cats "}},
	{"another world", []string{"異世界", "another world", "転生", "reincarnat", "isekai"}},
	{"food", []string{"料理", "食", "ごはん", "cook", "food", "kitchen", "弁当", "ラーメン"}},
	{"monsters", []string{"ポケ", "モンスター", "デジモン", "monster", "digimon", "pokemon", "竜", "dragon", "ドラゴン"}},
	{"heroes", []string{"ヒーロー", "hero", "勇者", "英雄", "仮面"}},
	{"travel", []string{"旅", "journey", "travel", "trip ", "adventure", "冒険"}},
	{"space", []string{"宇宙", "space", "銀河", "galact", "galax", "惑星", "planet"}},
	{"history", []string{"三国", "戦国", "平家", "江戸", "明治", "大正", "浪漫譚"}},
	{"everyday life", []string{"日常", "くらし", "家族", "family", "日和", "everyday"}},
	{"sequel", []string{"第2期", "第3期", "第4期", "第二期", "第三期", "ii ", "season 2", "season 3", "2nd ", "3rd ", "2期", "続"}},
}

// words are the texts in lower case, each Latin word between two blanks.
func words(texts []string) string {
	var spaced strings.Builder
	for _, text := range texts {
		spaced.WriteByte(' ')
		for _, r := range strings.ToLower(text) {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				spaced.WriteRune(r)
				continue
			}
			spaced.WriteByte(' ')
		}
		spaced.WriteByte(' ')
	}
	return spaced.String()
}

// holds reports whether one of a theme's words is in words.
func holds(words string, theme []string) bool {
	return slices.ContainsFunc(theme, func(word string) bool {
		if word[0] < utf8.RuneSelf {
			word = " " + word
		}
		return strings.Contains(words, word)
	})
}

// maxTags is how many tags Tags gives at most.
const maxTags = 8

// Tags are three to eight tags, sorted: the year, the language, the form, then
// what the titles have, then where the work can be watched.
func (w Work) Tags() []string {
	tags := []string{
		strconv.Itoa(w.Broadcast().Year()),
		map[string]string{"ja": "Japanese", "en": "English", "zh-Hans": "Chinese", "zh-Hant": "Chinese"}[w.Lang],
		map[string]string{TV: "series", Movie: "feature", OVA: "home video", Web: "streaming first"}[w.Type],
	}
	add := func(tag string) {
		if len(tags) < maxTags && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	all := words(append(w.AlternativeTitles(), w.Title))
	for _, theme := range themes {
		if holds(all, theme.words) {
			add(theme.tag)
		}
	}
	if w.Type == TV && !w.End.IsZero() && w.End.Sub(w.Begin).Hours() > 366*24 {
		add("long-running")
	}
	for _, site := range w.Sites {
		add(platforms[site])
	}
	slices.Sort(tags)
	return tags
}

// roots are the categories of the types.
var roots = map[string]string{TV: "TV", Movie: "Movies", OVA: "Home video", Web: "Web"}

// Categories are the paths the work is filed under, sorted: by type, decade and
// year, and, if it came on air in this century, by season too.
func (w Work) Categories() [][]string {
	at := w.Broadcast()
	year := at.Year()
	decade := strconv.Itoa(year/10*10) + "s"
	paths := [][]string{{roots[w.Type], decade, strconv.Itoa(year)}}
	if w.Type == TV && year >= 2000 {
		season := []string{"1 Winter", "2 Spring", "3 Summer", "4 Autumn"}[(at.Month()-1)/3]
		paths = append(paths, []string{"Seasons", strconv.Itoa(year), season})
	}
	slices.SortFunc(paths, slices.Compare)
	return paths
}
