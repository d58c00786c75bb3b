#include "apps/pj/apply.hpp"

#include "adapters/files/folder.hpp"
#include "adapters/files/write_change.hpp"
#include "core/patch/patch.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

namespace pj {

namespace {

struct apply_options {
  std::string root = ".";
  std::string input;
  patch::options how;
  bool dry_run = false;
  bool check = false;
  bool json = false;
};

void say(const std::string& text) {
  std::cerr << "[pj] " << text << '\n';
}

std::optional<std::string> read_input(const std::string& name) {
  if (name == "-")
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(name, std::ios::binary);
  if (!in)
    return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

int refuse(const patch::refusal& no) {
  say(no.reason);
  for (const auto& e : no.edits)
    if (!e.note.empty())
      say(e.path + ": " + e.note);
  return 3;
}

int apply(const apply_options& o) {
  const auto answer = read_input(o.input);
  if (!answer) {
    say("cannot read " + o.input + "; give a file or - for standard input");
    return 2;
  }
  const auto tree = open_folder(o.root);
  if (!tree) {
    say(tree.error().what);
    return 2;
  }
  const auto verdict = patch::read_and_plan(*answer, **tree, o.how);
  if (const auto* no = std::get_if<patch::refusal>(&verdict))
    return refuse(*no);
  const auto& yes = std::get<patch::plan>(verdict);
  if (o.dry_run)
    std::cout << to_unified_diff(yes.change);
  if (o.dry_run || o.check)
    return 0;
  const auto written = write_change(o.root, yes.change);
  if (!written) {
    say(written.error().what);
    return 1;
  }
  return 0;
}

} // namespace

void add_apply(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<apply_options>();
  auto* verb =
    app.add_subcommand("apply", "Put a model's answer into a folder");
  verb->add_option("--root", o->root, "The folder to change");
  verb->add_option("--input", o->input, "The answer; - reads standard input")
    ->required();
  const std::map<std::string, patch::format> formats = {
    {"auto", patch::format::any},
    {"udiff", patch::format::udiff},
    {"search-replace", patch::format::search_replace},
    {"whole", patch::format::whole},
    {"apply-patch", patch::format::apply_patch}};
  verb
    ->add_option("--format", o->how.only,
                 "auto, udiff, search-replace, whole or apply-patch")
    ->transform(CLI::Transformer(formats));
  verb->add_flag("--dry-run", o->dry_run,
                 "Print the resulting diff, write nothing");
  verb->add_flag("--check", o->check, "Only say whether it can be applied");
  verb->callback([o, &exit_code] { exit_code = apply(*o); });
}

} // namespace pj
