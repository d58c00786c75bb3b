#include "apps/pj/apply.hpp"

#include "adapters/files.hpp"
#include "adapters/files/folder.hpp"
#include "adapters/files/write_change.hpp"
#include "adapters/log.hpp"
#include "apps/pj/apply_report.hpp"
#include "apps/pj/signals.hpp"
#include "core/escape.hpp"
#include "core/patch/patch.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <utility>

namespace pj {

namespace {

enum exit_codes { applied = 0, not_written = 1, wrong_usage = 2, refused = 3 };

/// What is read before the engine judges the size, in bytes.
constexpr std::size_t max_input = 512u << 20;

constexpr auto* formats = "auto, udiff, search-replace, whole or apply-patch";

constexpr auto* footer = R"(
Exit codes:
  0    applied, or it can be (--dry-run, --check)
  1    it could not be written, the folder is as it was; or the result could
       not be written to standard output
  2    the options are wrong, or what they name cannot be read
  3    refused: the change has no certain place; the folder is as it was
  130  interrupted; the change is written whole, or the folder is as it was)";

struct apply_options {
  std::string root = ".";
  std::string input;
  std::string format;
  patch::options how;
  bool dry_run = false;
  bool check = false;
  bool json = false;
};

template <class What>
void tell(const apply_options& o, const What& what) {
  o.json ? print_json(what) : print(what);
}

/// No signal ends the process between two files.
result<done> write_undisturbed(const std::string& root,
                               const change_set& change) {
  const signals_held wait;
  auto out = write_change(root, change);
  if (wait.any_came())
    log_line(log_level::warning,
             "interrupted: " +
               (out ? "the change was written whole" : out.error().what));
  return out;
}

int apply(const apply_options& o) {
  const auto answer = read_whole_file(o.input, max_input);
  if (!answer) {
    tell(o, answer.error());
    return wrong_usage;
  }
  const auto tree = open_folder(o.root);
  if (!tree) {
    tell(o, tree.error());
    return wrong_usage;
  }
  const auto verdict = patch::read_and_plan(*answer, **tree, o.how);
  const auto* yes = std::get_if<patch::plan>(&verdict);
  if (!yes) {
    tell(o, std::get<patch::refusal>(verdict));
    return refused;
  }
  if (!o.dry_run && !o.check) {
    const auto written = write_undisturbed(o.root, yes->change);
    if (!written) {
      tell(o, written.error());
      return not_written;
    }
  }
  const apply_outcome outcome{!o.dry_run && !o.check, o.dry_run};
  o.json ? print_json(*yes, outcome) : print(*yes, outcome);
  return applied;
}

/// CLI11's own complaint lists the numbers behind the names.
std::string read_format(std::string_view name, patch::format& into) {
  using patch::format;
  constexpr std::array<std::pair<std::string_view, format>, 5> known = {
    {{"auto", format::any},
     {"udiff", format::udiff},
     {"search-replace", format::search_replace},
     {"whole", format::whole},
     {"apply-patch", format::apply_patch}}};
  for (const auto& [word, means] : known)
    if (word == name) {
      into = means;
      return {};
    }
  return "\"" + printable(escaped(name), 60) + "\" is no format: use " +
         formats;
}

} // namespace

void add_apply(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<apply_options>();
  auto* verb = app.add_subcommand(
    "apply", "Apply a model's answer to a folder, whole or not at all");
  verb->add_option("--root", o->root, "The folder to change (default: .)");
  verb->add_option("--input", o->input, "The answer; - is standard input")
    ->required();
  verb
    ->add_option("--format", o->format,
                 "What the answer is: " + std::string(formats))
    ->type_name("NAME")
    ->check(
      [o](const std::string& name) { return read_format(name, o->how.only); },
      "");
  verb->add_flag("--dry-run", o->dry_run, "Print the diff, write nothing");
  verb->add_flag("--check", o->check, "Only say whether it can be applied");
  verb->add_flag("--json", o->json, "Every edit, its tier and place, as JSON");
  verb->footer(footer);
  verb->callback([o, &exit_code] { exit_code = apply(*o); });
}

} // namespace pj
