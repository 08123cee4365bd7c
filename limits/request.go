package limits

import (
	"math"

	"vodgraph/fault"
)

// Request is how much a request may ask for.
type Request struct {
	// Tokens is how many names, values and signs a document may have.
	Tokens int `json:"tokens"`
	// Depth is how deep fields may stand in each other.
	Depth int `json:"depth"`
	// Aliases and Directives are how many a document may have.
	Aliases    int `json:"aliases"`
	Directives int `json:"directives"`
	// Fields is how many fields may stand beside each other, with those of fragments,
	// and of fields of the same name together.
	Fields int `json:"fields"`
	// FilterMembers is how many members the filters of an operation may have together.
	FilterMembers int `json:"filterMembers"`
	// ListValues is how many values any list in a filter may have.
	ListValues int `json:"listValues"`
	// Nodes is how many objects an answer may have at worst.
	Nodes int `json:"nodes"`
	// Cost is how much an answer may cost at worst: its objects, and what else takes
	// time; see the table of weights.
	Cost int `json:"cost"`
}

// DefaultRequest are the limits where nothing else is set. Every query of the documentation
// and the playground keeps them.
func DefaultRequest() Request {
	return Request{Tokens: 5_000, Depth: 15, Aliases: 100, Directives: 50, Fields: 100, FilterMembers: FilterMembers,
		ListValues: FilterList, Nodes: 100_000, Cost: 200_000}
}

// Figures are how much a request asks for.
type Figures struct {
	// Of the document.
	Tokens     int `json:"tokens"`
	Depth      int `json:"depth"`
	Aliases    int `json:"aliases"`
	Directives int `json:"directives"`
	Fields     int `json:"fields"`
	// Of the operation with its variables, at worst.
	FilterMembers int `json:"filterMembers"`
	Nodes         int `json:"nodes"`
	Cost          int `json:"cost"`
}

// most is where sums end: so much is over every limit.
const most = math.MaxInt32

// plus and times are sums and products that end at most.
func plus(a, b int) int { return min(a+b, most) }

func times(a, b int) int {
	if a > 0 && b > most/a {
		return most
	}
	return a * b
}

// over is the refusal of a figure that is over its limit; nil for one that is not.
// What is said has the figure and the limit, in this order.
func over(figure, limit int, code fault.Code, sentence string) *fault.Fault {
	if figure <= limit {
		return nil
	}
	return fault.New(code, sentence, figure, limit).Over(int64(figure), int64(limit))
}

func first(faults ...*fault.Fault) *fault.Fault {
	for _, f := range faults {
		if f != nil {
			return f
		}
	}
	return nil
}
