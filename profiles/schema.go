package profiles

import (
	"strings"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Schema returns a JSON Schema (draft 7, which editors know) of profiles, made from the catalogue:
// keys, questions, options, answers per item and answers that somebody owes. It takes every
// profile that Decode takes. It cannot say everything that Decode says: whether a question is
// asked depends on other answers.
func Schema(c *catalog.Catalog, presets Presets) map[string]any {
	answers := map[string]any{}
	definitions := map[string]any{}
	for t, q := range c.Questions {
		definitions[q.ID] = answerSchema(q)
		definitions[said(q)] = saidSchema(q)
		list, _ := c.Question(q.Each)
		answers[q.ID] = questionSchema(t, q, list)
	}
	return map[string]any{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"title":       "exoplan profile",
		"description": "The answers of one customer, over all revisions of the plan.",
		"type":        "object",
		"required":    []string{"exoplan", "id", "name", "revision"},
		"properties": map[string]any{
			"exoplan":  map[string]any{"const": Format, "description": "The format of the profile."},
			"id":       described(word(""), "Stays the same over all revisions: what the tenant's records know the profile by."),
			"name":     described(word(profileName.String()), "Lower-case letters, digits and hyphens. It names file and pack."),
			"revision": map[string]any{"type": "integer", "minimum": 1, "maximum": 999999999, "description": "Counts up from 1 with every revision of the plan."},
			"date":     described(orNothing(word(dateForm)), "The date that the pack bears, YYYY-MM-DD."),
			"presets": map[string]any{
				"type": []string{"array", "null"}, "items": presetSchema(presets), "description": "The presets under the answers; a later one overrides.",
			},
			"answers":      described(orNothing(object(answers)), "Answers by question. What preset or default say needs no line here."),
			"unused":       map[string]any{"description": "Answers to what is not asked now. They come back with the question."},
			"acknowledged": map[string]any{"type": []string{"array", "null"}, "items": acknowledgementSchema(c), "description": "Warnings that a person takes on."},
		},
		"additionalProperties": false,
		"definitions":          definitions,
	}
}

// The forms of texts. They take what a question takes, and perhaps more.
const (
	dateForm   = `^\s*\d{4}-\d{2}-\d{2}\s*$`
	nameForm   = `[.。．｡]` // a domain name has two labels, in whatever script
	emailForm  = `^\s*[^@\s]+@[^@\s]+\s*$`
	guidForm   = `^[\s{]*[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}[\s}]*$`
	ipForm     = `^\s*[0-9A-Fa-f:.]+(/\d{1,3})?\s*$`
	truthForm  = `^\s*([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\s*$`
	filledForm = `\S`
	keyForm    = `^[a-z0-9][a-z0-9.-]*$`
)

// word is a text of a form. YAML takes some texts for numbers or truths: what is typed counts.
func word(form string) map[string]any {
	if form == "" {
		form = filledForm
	}
	return map[string]any{"type": []string{"string", "number", "boolean"}, "pattern": form}
}

func object(properties map[string]any, required ...string) map[string]any {
	o := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

func described(schema map[string]any, description string) map[string]any {
	schema["description"] = description
	return schema
}

// orNothing also takes an empty value.
func orNothing(schema map[string]any) map[string]any {
	return map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
}

// choice is one of several values, with what an editor shows beside each.
func choice(values, labels []string) map[string]any {
	return map[string]any{"enum": values, "enumDescriptions": labels}
}

func presetSchema(presets Presets) map[string]any {
	var titles []string
	for _, p := range presets {
		titles = append(titles, p.Title)
	}
	return choice(presets.IDs(), titles)
}

func acknowledgementSchema(c *catalog.Catalog) map[string]any {
	var summaries []string
	for _, t := range c.Topics {
		for _, r := range t.Rules {
			summaries = append(summaries, r.Summary)
		}
	}
	return object(map[string]any{
		"rule": choice(ruleIDs(c), summaries), "item": word(""), "by": word(""), "role": word(""), "reason": word(""), "date": word(""),
		"basis": described(word(""), "What it rests on: exoplan check says it. It lapses when that changes."),
	}, "rule", "by", "role", "reason")
}

// said names the schema of what may be said to a question, once or for an item.
func said(q catalog.Question) string { return q.ID + "/said" }

func refer(definition string) map[string]any {
	return map[string]any{"$ref": "#/definitions/" + strings.ReplaceAll(definition, "/", "~1")}
}

// saidSchema is an answer, or somebody who owes it.
func saidSchema(q catalog.Question) map[string]any {
	owed := object(map[string]any{
		"owner": described(word(""), "Who owes the answer."), "due": described(word(dateForm), "By when, YYYY-MM-DD."), "assume": refer(q.ID),
	}, "owner")
	return map[string]any{"anyOf": []any{refer(q.ID), object(map[string]any{"undecided": owed}, "undecided")}}
}

// questionSchema is what may stand under a question: what is said to it, and, where it is asked for
// each item of a list, a mapping from items to that.
func questionSchema(t catalog.Topic, q, list catalog.Question) map[string]any {
	either := []any{refer(said(q))}
	if q.Each != "" {
		either = append(either, map[string]any{
			"type": "object", "propertyNames": map[string]any{"pattern": keyForm, "not": map[string]any{"const": "undecided"}},
			"additionalProperties": refer(said(q)),
		})
	}
	return map[string]any{"title": t.Title, "description": about(q, list), "anyOf": either}
}

// about says what a question asks, why, and when.
func about(q, list catalog.Question) string {
	text := q.Title + "\n\n" + q.Help
	if q.Each != "" {
		text = strings.ReplaceAll(text, "<"+list.Item+">", "each "+list.Item)
		text += "\n\nOne answer for every item of " + q.Each + ", or a mapping from items to answers."
	}
	if len(q.When) > 0 {
		text += "\n\nAsked when " + q.When.Words() + "."
	}
	return text
}

// answerSchema is an answer to a question that is decided.
func answerSchema(q catalog.Question) map[string]any {
	one := elementSchema(q)
	switch {
	case q.Kind == catalog.Items:
		one = map[string]any{"anyOf": []any{one, map[string]any{
			"type": "object", "required": []string{"key", "value"}, "properties": map[string]any{
				"key": described(word(keyForm), "What the item was called when it was made; its answers go by it."), "value": one,
			},
		}}}
		return listOf(q, one)
	case q.Kind.List():
		one = map[string]any{"anyOf": []any{listOf(q, one), one}}
	}
	if q.Optional {
		one = map[string]any{"anyOf": []any{one, map[string]any{"enum": []any{nil, ""}}}}
	}
	if q.Default != nil {
		one["default"] = q.Default
	}
	return one
}

func listOf(q catalog.Question, one map[string]any) map[string]any {
	list := map[string]any{"type": "array", "items": one, "uniqueItems": true}
	if !q.Optional {
		list["minItems"] = 1
	}
	return list
}

// elementSchema is one answer, or one member of a list.
func elementSchema(q catalog.Question) map[string]any {
	kind := q.Kind
	if kind == catalog.Items {
		kind = q.Of
	}
	switch kind {
	case catalog.Select, catalog.Multi:
		var labels []string
		for _, o := range q.Options {
			labels = append(labels, strings.TrimSpace(o.Label+". "+o.Why))
		}
		return choice(q.Values(), labels)
	case catalog.Confirm:
		return map[string]any{"anyOf": []any{map[string]any{"enum": []any{"yes", "no", true, false}}, map[string]any{"type": "string", "pattern": truthForm}}}
	case catalog.Domain, catalog.Domains, catalog.Host, catalog.Hosts:
		return word(nameForm)
	case catalog.Addresses:
		return word(ipForm)
	case catalog.Email, catalog.Emails:
		return word(emailForm)
	case catalog.GUID:
		return word(guidForm)
	case catalog.Date:
		return word(dateForm)
	case catalog.MX, catalog.TXT, catalog.Selector: // they are kept in another form than they may be written
		return word("")
	case catalog.Text, catalog.Texts, catalog.Items:
	}
	if q.Pattern != "" {
		return word(`^\s*(` + q.Pattern + `)\s*$`)
	}
	return word("")
}
