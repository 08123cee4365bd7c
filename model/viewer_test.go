package model_test

import (
	"reflect"
	"testing"

	"vodgraph/limits"
	"vodgraph/model"
)

// TestLimitsAreAllShown wants each limit of requests and of calls among those in force.
func TestLimitsAreAllShown(t *testing.T) {
	t.Parallel()
	shown := reflect.ValueOf(*model.LimitsOf(limits.DefaultRequest(), limits.DefaultLibrary()))
	for i := range shown.NumField() {
		if field := shown.Field(i); field.Kind() == reflect.Int && field.Int() == 0 {
			t.Errorf("%s is not shown", shown.Type().Field(i).Name)
		}
	}
	for field := range reflect.TypeFor[limits.Request]().Fields() {
		if _, ok := shown.Type().FieldByName("Max" + field.Name); !ok {
			t.Errorf("the limit %s is not shown", field.Name)
		}
	}
}
