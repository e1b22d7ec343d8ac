package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/store"
)

// What a shell completes. A completion says nothing where something is wrong: the command does.

const examplePrefix = "example:"

// completeProfile completes one profile: an example by its name, or a file.
func completeProfile(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeProfiles(nil, nil, typed)
}

// completeProfiles completes one profile after another.
func completeProfiles(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if typed != "" && (strings.HasPrefix(examplePrefix, typed) || strings.HasPrefix(typed, examplePrefix)) {
		var names []cobra.Completion
		for _, name := range profiles.Examples() {
			names = append(names, examplePrefix+name)
		}
		return beginning(typed, names), cobra.ShellCompDirectiveNoFileComp
	}
	return []cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeSession completes the profile of a session: one of the user's folder by its name, or a
// file.
func completeSession(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	config, err := os.UserConfigDir()
	if err != nil || len(args) > 0 {
		return completeProfile(cmd, args, typed)
	}
	files, _ := filepath.Glob(store.Path(config, "*")) // the pattern is good
	var names []cobra.Completion
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), filepath.Ext(f)))
	}
	if names = beginning(typed, names); len(names) > 0 {
		return names, cobra.ShellCompDirectiveDefault
	}
	return []cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeChange completes a profile, and behind it answers.
func completeChange(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return completeSession(cmd, args, typed)
	}
	return completeSet(cmd, args[:1], typed)
}

// completeSet completes an answer: the ID of a question that is asked in the profile that is named,
// or of any without one; behind the = its options.
func completeSet(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	name, _, valued := strings.Cut(typed, "=")
	var out []cobra.Completion
	for _, a := range askedIn(cmd, args) {
		switch ref := a.Ref().String(); {
		case !valued:
			out = append(out, cobra.CompletionWithDesc(ref+"=", a.Asking()))
		case ref == name:
			for _, v := range a.Question.Values() {
				out = append(out, cobra.CompletionWithDesc(ref+"="+v, a.Question.Label(v)))
			}
		}
	}
	directive := cobra.ShellCompDirectiveNoFileComp
	if !valued {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return beginning(typed, out), directive
}

// askedIn returns the questions that can be answered in the first profile of a command line, with
// the answers that stand there already; where that cannot be known, all there are.
func askedIn(cmd *cobra.Command, args []string) []profiles.Asked {
	if len(args) > 0 {
		set, _ := cmd.Flags().GetStringArray("set") // it is a flag of the command
		if s, err := open(args[0], "", set); err == nil {
			return slices.DeleteFunc(slices.Clone(s.State().Asked), func(a profiles.Asked) bool { return a.Locked })
		}
	}
	c, _, err := knowledge()
	if err != nil {
		return nil
	}
	var all []profiles.Asked
	for t, q := range c.Questions {
		a := profiles.Asked{Topic: t, Question: q}
		if q.Each != "" {
			a.Scope = profiles.Scope{Each: q.Each, Item: catalog.Item{Key: "ITEM", Value: "an item"}}
		}
		all = append(all, a)
	}
	return all
}

// completeExplain completes an ID, and behind it a profile.
func completeExplain(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return completeProfile(cmd, args[1:], typed)
	}
	c, _, err := knowledge()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	titles := map[string]string{}
	for _, e := range c.Entries() {
		titles[e.ID] = e.Title
	}
	for rule, by := range carriedOut(c) {
		titles[rule] = by[0].Title
	}
	for id, control := range c.Controls {
		titles[id] = control.Asks
	}
	for key, s := range c.Citations {
		titles[key] = s.Title
	}
	var ids []cobra.Completion
	for _, id := range explainable(c) {
		ids = append(ids, cobra.CompletionWithDesc(id, titles[id]))
	}
	slices.Sort(ids)
	return beginning(typed, slices.Compact(ids)), cobra.ShellCompDirectiveNoFileComp
}

// completePreset completes the ID of a preset.
func completePreset(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	_, ps, err := knowledge()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []cobra.Completion
	for _, p := range ps {
		ids = append(ids, cobra.CompletionWithDesc(p.ID, p.Title))
	}
	return beginning(typed, ids), cobra.ShellCompDirectiveNoFileComp
}

// completePack completes one pack, which is a folder.
func completePack(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeFolder completes a folder.
func completeFolder(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// beginning returns the completions that begin as was typed.
func beginning(typed string, all []cobra.Completion) []cobra.Completion {
	return slices.DeleteFunc(all, func(c cobra.Completion) bool { return !strings.HasPrefix(c, typed) })
}

// completes says how the value of a flag is completed. That the flag is there, the caller knows.
func completes(cmd *cobra.Command, flag string, by cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, by); err != nil {
		panic(err)
	}
}
