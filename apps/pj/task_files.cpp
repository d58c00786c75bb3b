#include "apps/pj/task_files.hpp"

#include "adapters/crypto/rsa.hpp"
#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "core/task/body_template.hpp"

namespace pj {

namespace {

constexpr std::size_t longest_template = 256u << 10;
constexpr std::size_t longest_key = 64u << 10;
constexpr std::size_t longest_system_prompt = 1u << 20;

failure about(const char* setting, failure why) {
  why.code = failure_code::configuration;
  why.what = std::string(setting) + ": " + why.what;
  return why;
}

result<done> read_template(task_spec& spec) {
  if (spec.pr_template_path.empty())
    return done{};
  auto text = read_whole_file(spec.pr_template_path, longest_template);
  if (!text)
    return about("PR_TEMPLATE_PATH", text.error());
  if (auto ok = check_body_template(*text); !ok) {
    ok.error().what = spec.pr_template_path + " " + ok.error().what;
    return about("PR_TEMPLATE_PATH", ok.error());
  }
  spec.pr_template = *std::move(text);
  return done{};
}

result<done> read_key(task_input& task) {
  auto& app = task.secrets.github_app;
  if (app.empty())
    return done{};
  auto text = read_whole_file(app.key_path, longest_key);
  if (!text)
    return about("GITHUB_APP_KEY_PATH", text.error());
  if (const auto key = rsa_key::read(*text); !key)
    return about("GITHUB_APP_KEY_PATH", {failure_class::fail,
                                         failure_code::configuration,
                                         app.key_path + " " + key.error().what,
                                         {},
                                         {}});
  if (!is_private_file(app.key_path))
    task.warnings.push_back("GITHUB_APP_KEY_PATH: others may read " +
                            app.key_path + ": make it yours alone (chmod 600)");
  app.key = *std::move(text);
  add_log_secret(app.key);
  return done{};
}

} // namespace

result<done> read_task_files(task_input& task) {
  if (auto ok = read_template(task.spec); !ok)
    return ok;
  return read_key(task);
}

result<std::string> read_system_prompt(const std::string& path) {
  if (path.empty())
    return std::string{};
  auto text = read_whole_file(path, longest_system_prompt);
  if (!text)
    return configuration_failure("SYSTEM_PROMPT_PATH: " + text.error().what);
  return text;
}

} // namespace pj
