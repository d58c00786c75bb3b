#include "apps/pj/task_options.hpp"

#include "adapters/environment.hpp"
#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "core/escape.hpp"
#include "core/spec/settings.hpp"
#include "core/text.hpp"

namespace pj {

namespace {

constexpr std::size_t longest_prompt_file = (16u << 20) + 4096;

/// The prompt file's text as a setting; nothing when none was named.
result<settings> read_prompt_file(const std::string& name) {
  if (name.empty())
    return settings();
  auto text = read_whole_file(name, longest_prompt_file);
  if (!text) {
    text.error().what = "--prompt-file " + text.error().what;
    return std::move(text).error();
  }
  if (trimmed(*text).empty())
    return failure{failure_class::fail,
                   failure_code::configuration,
                   "--prompt-file " + escaped(name) +
                     " is empty: it has to say what is to be done",
                   {},
                   {}};
  return settings{{"AGENT_PROMPT", {*std::move(text), "--prompt-file"}}};
}

} // namespace

result<settings> settings_in_force(const task_options& options,
                                   const settings& environment) {
  auto prompt = read_prompt_file(options.prompt_file);
  if (!prompt)
    return prompt;
  const auto own = user_config_file(environment);
  auto named = options.config_file.empty()
                 ? settings()
                 : load_settings_file(options.config_file, false);
  if (!named)
    return named;
  auto usual = own.empty() ? settings() : load_settings_file(own, true);
  if (!usual)
    return usual;
  auto out = merged({&options.flags, &*prompt, &environment, &*named, &*usual});
  for (const auto& [name, s] : out)
    if (is_secret_variable(name))
      add_log_secret(trimmed(s.value));
  return out;
}

std::string user_config_file(const settings& environment) {
  const auto folders = find_user_folders(environment);
  return folders ? (folders->config / "config.yaml").string() : "";
}

} // namespace pj
