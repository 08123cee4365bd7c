// Package syntax reads what a GraphQL request sends by the letter of the specification, where
// the parser and the validator of the executor do not: escapes in strings, numbers, the root
// fields of subscriptions, and the places of values. All transports, the measuring of a request
// and explain use it, so that they read alike.
//
// https://spec.graphql.org/September2025/
package syntax

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Rules are the rules of validation: those of the validator, of which some are replaced.
func Rules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.ReplaceRule(rules.SingleFieldSubscriptionsRule.Name, oneRootField)
	all.AddRule(numbersFit, refuseNumbers)
	all.AddRule("LiteralsFit", literalsFit)
	return all
}

// Validate returns what is wrong with a document that was parsed, nothing where it fits the
// schema.
func Validate(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List {
	return Causes(validator.ValidateWithRules(schema, doc, Rules()))
}

// Causes leaves out of what is wrong with a document what only follows from the rest, and what is
// there already: of a number that does not fit, the validator reports each value that it stands
// in, and of a fragment everything once for each use.
func Causes(found gqlerror.List) gqlerror.List {
	numbers := slices.ContainsFunc(found, func(one *gqlerror.Error) bool { return one.Rule == numbersFit })
	var causes gqlerror.List
	reported := map[string]bool{}
	for _, one := range found {
		if text := one.Error(); (one.Rule == numbersFit || !numbers) && !reported[text] {
			reported[text] = true
			causes = append(causes, one)
		}
	}
	return causes
}
