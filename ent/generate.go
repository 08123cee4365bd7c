// Package ent reads and writes the tables. It is made from schema/ and template/
// by entc.go; what is written by hand stands in those folders, in fact/,
// collect/ and migrate/.
package ent

//go:generate go run entc.go
