#include "core/validate/checks.hpp"

#include "core/json_text.hpp"
#include "core/validate/own_checks.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace pj {

namespace {

using nlohmann::json;

constexpr std::uint64_t longest_manifest = 4u << 20;

/// package.json at the root; null when there is none that can be read. What is
/// wrong with it is for npm to say.
json manifest_of(const source_tree& tree) {
  const auto* entry = tree.find("package.json");
  if (!entry || entry->size > longest_manifest)
    return {};
  const auto text = tree.read("package.json");
  auto out = text ? parse_json(*text) : json{};
  return out.is_object() ? out : json{};
}

/// The command of a script, or an empty string.
std::string script(const json& manifest, const char* name) {
  const auto scripts = manifest.find("scripts");
  if (scripts == manifest.end() || !scripts->is_object())
    return {};
  const auto at = scripts->find(name);
  return at != scripts->end() && at->is_string() ? at->get<std::string>()
                                                 : std::string{};
}

/// What `npm init` writes is no test.
bool is_placeholder(const std::string& command) {
  return command.find("no test specified") != std::string::npos;
}

bool depends_on(const json& manifest, std::string_view package) {
  for (const char* list : {"dependencies", "devDependencies"}) {
    const auto at = manifest.find(list);
    if (at != manifest.end() && at->is_object() && at->contains(package))
      return true;
  }
  return false;
}

planned_check node_check(std::string name, std::vector<std::string> argv,
                         bool blocking = true) {
  planned_check out;
  out.name = std::move(name);
  out.argv = std::move(argv);
  out.blocking = blocking;
  out.needs_node_modules = true;
  return out;
}

std::optional<planned_check> types_check(const source_tree& tree) {
  if (tree.find("tsconfig.json"))
    return node_check("types", {"npx", "--no-install", "tsc", "--noEmit"});
  if (tree.find("tsconfig.base.json"))
    return node_check("types", {"npx", "--no-install", "tsc", "--noEmit", "-p",
                                "tsconfig.base.json"});
  return {};
}

std::optional<planned_check> tests_check(const json& manifest) {
  const auto test = script(manifest, "test");
  if (!test.empty() && !is_placeholder(test))
    return node_check("tests", {"npm", "test"});
  if (!script(manifest, "test:unit").empty())
    return node_check("tests", {"npm", "run", "test:unit"});
  return {};
}

bool has_browser_tests(const source_tree& tree, const json& manifest) {
  const bool configured =
    tree.find("playwright.config.ts") || tree.find("playwright.config.js");
  return configured && (depends_on(manifest, "@playwright/test") ||
                        depends_on(manifest, "playwright"));
}

/// Whether a command line calls node or one of its tools.
bool uses_node(std::string_view command) {
  constexpr auto tools = std::to_array<std::string_view>(
    {"bun", "bunx", "node", "npm", "npx", "pnpm", "yarn", "node_modules"});
  constexpr std::string_view around = " \t\n;&|()\"'/";
  while (!command.empty()) {
    const auto end = std::min(command.find_first_of(around), command.size());
    if (std::find(tools.begin(), tools.end(), command.substr(0, end)) !=
        tools.end())
      return true;
    command.remove_prefix(std::min(end + 1, command.size()));
  }
  return false;
}

planned_check own_check(const check_spec& spec, bool node) {
  planned_check out;
  out.name = spec.name;
  out.argv = {"sh", "-c", spec.command};
  out.blocking = spec.blocking;
  out.timeout = spec.timeout;
  out.needs_node_modules = node && uses_node(spec.command);
  return out;
}

bool has_check(const std::vector<planned_check>& plan,
               const std::string& name) {
  return std::any_of(plan.begin(), plan.end(),
                     [&](const auto& c) { return c.name == name; });
}

/// A later check of the same name gets a number.
std::string free_name(const std::vector<planned_check>& taken,
                      const std::string& name) {
  auto out = name;
  for (int i = 2; has_check(taken, out); ++i)
    out = name + ' ' + std::to_string(i);
  return out;
}

} // namespace

bool validation_report::ok() const noexcept {
  return std::none_of(checks.begin(), checks.end(), [](const auto& c) {
    return c.outcome == check_outcome::failed;
  });
}

result<std::vector<planned_check>>
plan_checks(const source_tree& tree, const std::vector<check_spec>& extra) {
  std::vector<planned_check> out;
  const auto manifest = manifest_of(tree);
  if (auto types = types_check(tree))
    out.push_back(std::move(*types));
  if (!script(manifest, "lint").empty())
    out.push_back(node_check("lint", {"npm", "run", "lint"}, false));
  if (auto tests = tests_check(manifest))
    out.push_back(std::move(*tests));
  if (has_browser_tests(tree, manifest))
    out.push_back(
      node_check("browser tests", {"npx", "--no-install", "playwright", "test",
                                   "--reporter=list"}));
  std::vector<check_spec> own;
  if (tree.find(own_checks_file)) {
    const auto text = tree.read(own_checks_file);
    if (!text)
      return text.error();
    auto read = read_own_checks(*text);
    if (!read)
      return read.error();
    own = *std::move(read);
  }
  own.insert(own.end(), extra.begin(), extra.end());
  for (const auto& spec : own) {
    auto check = own_check(spec, !manifest.is_null());
    check.name = free_name(out, check.name);
    out.push_back(std::move(check));
  }
  return out;
}

std::vector<check_report>
removed_checks(const std::vector<planned_check>& before,
               const std::vector<planned_check>& after) {
  std::vector<check_report> out;
  for (const auto& one : before)
    if (!has_check(after, one.name))
      out.push_back({one.name,
                     check_outcome::removed,
                     one.name + ": not run: the change removes it",
                     {}});
  return out;
}

} // namespace pj
