//go:build ignore

// This program makes the code of this folder from its schema.
package main

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	err := entc.Generate("./schema", &gen.Config{
		Features: []gen.Feature{gen.FeatureModifier, gen.FeatureExecQuery},
	}, entc.TemplateDir("./template"))
	if err != nil {
		log.Fatal(err)
	}
}
