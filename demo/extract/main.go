// Command extract makes demo/works.jsonl from the npm package bangumi-data:
//
//	npm pack bangumi-data@0.3.208 && tar xzf bangumi-data-0.3.208.tgz
//	go run ./demo/extract package/dist/data.json > demo/works.jsonl
//
// It chooses works of every type and decade: such as are shown in many places
// today, and of the older ones those that catalogues took in first. Titles that
// sound like adult matter are left out.
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"vodgraph/demo/bangumi"
)

// wanted is how many works of a type to take from each stretch of years.
var wanted = []struct {
	until int
	works map[string]int
}{
	{1990, map[string]int{bangumi.TV: 45, bangumi.Movie: 25, bangumi.OVA: 8}},
	{2000, map[string]int{bangumi.TV: 50, bangumi.Movie: 25, bangumi.OVA: 12}},
	{2010, map[string]int{bangumi.TV: 90, bangumi.Movie: 30, bangumi.OVA: 16, bangumi.Web: 6}},
	{2020, map[string]int{bangumi.TV: 140, bangumi.Movie: 45, bangumi.OVA: 20, bangumi.Web: 35}},
	{2100, map[string]int{bangumi.TV: 95, bangumi.Movie: 30, bangumi.OVA: 4, bangumi.Web: 34}},
}

// unfit are parts of titles, in lower case, that leave a work out.
var unfit = []string{
	"エロ", "淫", "痴", "陵", "辱", "乳", "おっぱい", "セックス", "変態", "ハーレム", "パンツ", "ぱんつ", "サキュバス",
	"娼", "官能", "色情", "うろつき", "妹", "いもうと", "ハイスクールd×d", "toloveる", "to love", "クイーンズブレイド",
	"一騎当千", "监狱学园", "監獄学園", "回復術士", "異種族レビュアーズ", "あそびにいくヨ", "下ネタ", "魔乳", "百花繚乱",
	"セクシ", "sexy", "sex", "hentai", "ecchi", "erotic", "naked", "裸", "xxx", "いちゃ", "童貞", "処女", "ビッチ",
	"奴隷", "slave", "媚", "魔法少女にあこがれて", "キューティーハニー", "けっこう仮面", "後宮", "harem", "18禁",
	"脱", "ストリップ", "快楽", "欲", "bikini", "水着", "maken-ki", "マケン姫", "sekirei", "セキレイ", "五等分の花嫁∬",
	"聖痕のクェイサー", "十二戦支", "バキ", "僧侶", "幼女", "ロリ", "エッチ", "えっち", "ヨスガ", "スクールデイズ", "school days",
	"まじこい", "真剣で私に恋", "ヤリ", "やり部屋", "アブノーマル", "キス×シス", "kissxsis", "prison school", "オナ", "鬼父",
	"たわわ", "間の楔", "toheart", "お兄ちゃんはおしまい", "プリズマ",
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name the package's dist/data.json")
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	works, err := bangumi.Read(file)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	if err := bangumi.WriteExtract(out, choose(works)); err != nil {
		return err
	}
	return out.Flush()
}

// choose takes the best of each type and stretch, and sorts them by beginning.
func choose(works []bangumi.Work) []bangumi.Work {
	works = slices.DeleteFunc(works, func(w bangumi.Work) bool { return !fits(w) })
	slices.SortStableFunc(works, func(a, b bangumi.Work) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(a.Ref, b.Ref))
	})
	var chosen []bangumi.Work
	taken := make([]map[string]int, len(wanted))
	for _, w := range works {
		i := slices.IndexFunc(wanted, func(s struct {
			until int
			works map[string]int
		}) bool {
			return w.Broadcast().Year() < s.until
		})
		if taken[i] == nil {
			taken[i] = map[string]int{}
		}
		if taken[i][w.Type] < wanted[i].works[w.Type] {
			taken[i][w.Type]++
			chosen = append(chosen, w)
		}
	}
	slices.SortFunc(chosen, func(a, b bangumi.Work) int {
		return cmp.Or(a.Begin.Compare(b.Begin), cmp.Compare(a.Ref, b.Ref))
	})
	return chosen
}

// fits reports whether the work may be in the demo: known at bangumi.tv, with a
// Chinese title, and none of its titles unfit.
func fits(w bangumi.Work) bool {
	if strings.HasPrefix(w.Ref, "bangumi-data-") || len(w.ZhHans) == 0 {
		return false
	}
	for _, title := range append(w.AlternativeTitles(), w.Title) {
		title = strings.ToLower(title)
		if slices.ContainsFunc(unfit, func(part string) bool { return strings.Contains(title, part) }) {
			return false
		}
	}
	return true
}

// score ranks works: titles in every language count most, then how many places
// show the work.
func score(w bangumi.Work) int {
	points := len(w.Sites)
	if len(w.En) > 0 {
		points += 8
	}
	if len(w.ZhHant) > 0 {
		points += 2
	}
	return points
}
