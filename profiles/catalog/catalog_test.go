package catalog

import "testing"

func TestEmbeddedCatalogLoads(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}
