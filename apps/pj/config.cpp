#include "apps/pj/config.hpp"

#include "adapters/log.hpp"
#include "apps/pj/defaults.hpp"
#include "apps/pj/task_options.hpp"
#include "core/escape.hpp"
#include "core/json_text.hpp"
#include "core/llm/models.hpp"
#include "core/spec/cache_limits.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace pj {

namespace {

constexpr std::size_t longest_shown = 60;

bool holds_url(std::string_view name) {
  const auto upper_or_lower = lowered(name);
  return name.ends_with("_URL") || name == "TARGET_REPO" ||
         upper_or_lower.ends_with("_proxy");
}

provider_id provider_of(const settings& in_force) {
  const auto found = in_force.find("MODEL_PROVIDER");
  const auto named = found == in_force.end()
                       ? std::nullopt
                       : provider_from(lowered(trimmed(found->second.value)));
  return named.value_or(provider_id::openai);
}

shown_setting shown(const std::string& name, const setting& s) {
  const auto source = s.source == name ? "environment" : escaped(s.source);
  if (is_secret_variable(name))
    return {name, "***", source};
  if (name == "WEBHOOK_URL") // many receivers know their senders by its path
    return {name, shown_origin(trimmed(s.value)), source};
  if (holds_url(name))
    return {name, shown_url(trimmed(s.value)), source};
  return {name, redact(printable(escaped(trimmed(s.value)), longest_shown)),
          source};
}

void print_text(const std::vector<shown_setting>& rows) {
  std::size_t names = 0;
  std::size_t values = 0;
  for (const auto& row : rows) {
    names = std::max(names, row.name.size());
    values = std::max(values, row.value.size());
  }
  for (const auto& row : rows)
    std::cout << row.name << std::string(names + 2 - row.name.size(), ' ')
              << row.value << std::string(values + 2 - row.value.size(), ' ')
              << row.source << '\n';
}

void print_json(const std::vector<shown_setting>& rows) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& row : rows)
    out[row.name] = {{"value", row.value}, {"source", row.source}};
  std::cout << json_text(out, 2) << '\n';
}

/// Says what is impossible; what is merely not set yet is no news here.
bool check(const settings& in_force) {
  std::string problems;
  if (const auto task = read_task(in_force, llm::model_table::built_in());
      !task)
    problems = task.error().what;
  if (const auto limits = read_cache_limits(in_force); !limits)
    problems += '\n' + limits.error().what;
  bool good = true;
  for (auto line : split(problems, '\n'))
    if (!line.empty() && line.find(" is not set: ") == line.npos) {
      log_line(log_level::error, line);
      good = false;
    }
  return good;
}

int print_config(const task_options& options, const settings& environment,
                 bool json) {
  const auto in_force = settings_in_force(options, environment);
  if (!in_force) {
    for (auto line : split(in_force.error().what, '\n'))
      log_line(log_level::error, line);
    return 2;
  }
  const auto rows = shown_settings(*in_force);
  json ? print_json(rows) : print_text(rows);
  return check(*in_force) ? 0 : 2;
}

} // namespace

std::vector<shown_setting> shown_settings(const settings& in_force) {
  std::vector<shown_setting> out;
  const auto provider = provider_of(in_force);
  auto names = contract_variables();
  names.insert(names.end(), engine_variables().begin(),
               engine_variables().end());
  for (auto view : names) {
    const auto name = std::string(view);
    const auto usual = default_of(name, provider);
    if (const auto found = in_force.find(name); found != in_force.end())
      out.push_back(shown(name, found->second));
    else
      out.push_back({name, usual, usual.empty() ? "not set" : "default"});
  }
  for (const auto& [name, value] : in_force)
    if (std::find(names.begin(), names.end(), name) == names.end())
      out.push_back(shown(name, value));
  return out;
}

void add_config(CLI::App& app, const settings& environment, int& exit_code) {
  struct chosen {
    task_options options;
    bool json = false;
  };
  auto o = std::make_shared<chosen>();
  auto* verb = app.add_subcommand(
    "config", "Print the settings in force and where they came from");
  add_task_flags(*verb, o->options);
  verb->add_flag("--json", o->json, "For machines");
  verb->callback([o, &environment, &exit_code] {
    exit_code = print_config(o->options, environment, o->json);
  });
}

} // namespace pj
