package catalog

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Table is knowledge in rows and columns. The design document prints it where its condition
// holds, and a check may read it.
type Table struct {
	ID      string    `yaml:"id"`
	Title   string    `yaml:"title"`
	About   string    `yaml:"about"` // what its rows, columns and cells say
	When    Cond      `yaml:"when"`
	Apart   bool      `yaml:"apart"`  // no document of a pack holds it
	Facts   []Said    `yaml:"facts"`  // what each cell says, where it says several things
	Corner  string    `yaml:"corner"` // what the rows are
	Columns []Heading `yaml:"columns"`
	Rows    []Row     `yaml:"rows"`
	// Words say what each key that stands in a cell means.
	Words map[string]string `yaml:"words"`
	Cite  []string          `yaml:"cite"`
}

// Heading names a column.
type Heading struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// Row is a line of a Table: a cell for each column.
type Row struct {
	Heading `yaml:",inline"`
	Cells   []Cell `yaml:"cells"`
}

// Cell is a key, or one for each of the facts of its Table.
type Cell []string

// UnmarshalYAML reads one key or a list of them.
func (c *Cell) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*c = Cell{n.Value}
		return nil
	}
	return n.Decode((*[]string)(c))
}

// Cell returns what stands where a row and a column meet; nothing when there is none.
func (t Table) Cell(row, column string) Cell {
	y := slices.IndexFunc(t.Rows, func(r Row) bool { return r.ID == row })
	x := slices.IndexFunc(t.Columns, func(h Heading) bool { return h.ID == column })
	if x < 0 || y < 0 {
		return nil
	}
	return t.Rows[y].Cells[x]
}

// Table returns the table with the given ID.
func (c *Catalog) Table(id string) (Table, bool) {
	for _, t := range c.Topics {
		if i := slices.IndexFunc(t.Tables, func(x Table) bool { return x.ID == id }); i >= 0 {
			return t.Tables[i], true
		}
	}
	return Table{}, false
}
