#include "apps/pj/apply.hpp"

#include "adapters/files.hpp"
#include "adapters/files/folder.hpp"
#include "adapters/files/write_change.hpp"
#include "apps/pj/apply_report.hpp"
#include "core/patch/patch.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>
#include <memory>

namespace pj {

namespace {

enum exit_codes { applied = 0, not_written = 1, wrong_usage = 2, refused = 3 };

/// What is read before the engine judges the size, in bytes.
constexpr std::size_t max_input = 512u << 20;

struct apply_options {
  std::string root = ".";
  std::string input;
  patch::options how;
  bool dry_run = false;
  bool check = false;
  bool json = false;
};

int apply(const apply_options& o) {
  const auto answer = read_whole_file(o.input, max_input);
  if (!answer) {
    say(answer.error().what);
    return wrong_usage;
  }
  const auto tree = open_folder(o.root);
  if (!tree) {
    say(tree.error().what);
    return wrong_usage;
  }
  const auto verdict = patch::read_and_plan(*answer, **tree, o.how);
  const auto* yes = std::get_if<patch::plan>(&verdict);
  if (!yes) {
    const auto& no = std::get<patch::refusal>(verdict);
    o.json ? print_json(no) : print(no);
    return refused;
  }
  if (!o.dry_run && !o.check) {
    const auto written = write_change(o.root, yes->change);
    if (!written) {
      say(written.error().what);
      return not_written;
    }
  }
  const apply_outcome outcome{!o.dry_run && !o.check, o.dry_run};
  o.json ? print_json(*yes, outcome) : print(*yes, outcome);
  return applied;
}

} // namespace

void add_apply(CLI::App& app, int& exit_code) {
  static const std::map<std::string, patch::format> formats = {
    {"auto", patch::format::any},
    {"udiff", patch::format::udiff},
    {"search-replace", patch::format::search_replace},
    {"whole", patch::format::whole},
    {"apply-patch", patch::format::apply_patch}};
  auto o = std::make_shared<apply_options>();
  auto* verb = app.add_subcommand(
    "apply", "Apply a model's answer to a folder, whole or not at all");
  verb->add_option("--root", o->root, "The folder to change (default: .)");
  verb->add_option("--input", o->input, "The answer; - is standard input")
    ->required();
  verb
    ->add_option("--format", o->how.only,
                 "auto, udiff, search-replace, whole or apply-patch")
    ->transform(CLI::CheckedTransformer(formats).description(""));
  verb->add_flag("--dry-run", o->dry_run, "Print the diff, write nothing");
  verb->add_flag("--check", o->check, "Only say whether it can be applied");
  verb->add_flag("--json", o->json, "Every edit, its tier and place, as JSON");
  verb->callback([o, &exit_code] { exit_code = apply(*o); });
}

} // namespace pj
