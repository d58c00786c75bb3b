#include "apps/pj/batch/begun.hpp"

#include "adapters/log.hpp"
#include "apps/pj/model_file.hpp"
#include "apps/pj/task_files.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::batch {

namespace {

namespace fs = std::filesystem;

std::string names_in(const fs::path& state) {
  std::vector<std::string> all;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(state / "batch", none))
    all.push_back(printable(entry.path().filename().string()));
  std::sort(all.begin(), all.end());
  std::string out;
  for (const auto& name : all)
    out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "there is none" : "there are " + out;
}

/// A name from the command line is a path's part: checked before it is one.
result<fs::path> journal_of(const fs::path& state, const std::string& name) {
  const auto path = folder_of(state, name) / "journal.db";
  std::error_code failed;
  const bool there = is_task_id(name) && fs::exists(path, failed);
  if (failed)
    return configuration_failure("the journal " + path.string() +
                                 " cannot be looked at: " + failed.message());
  if (!there)
    return configuration_failure("no batch of the name " + printable(name) +
                                 " was begun here; " + names_in(state));
  return path;
}

} // namespace

result<run_how> prepare(const batch_flags& flags, const settings& environment) {
  run_how out;
  auto form = summary_form_from(flags.format);
  if (!form)
    return form.error();
  out.form = *form;
  auto folders = find_user_folders(environment);
  if (!folders)
    return folders.error();
  out.options.folders = std::move(*folders);
  auto known = settings_in_force(flags.settings, environment);
  if (!known)
    return known.error();
  out.known = std::move(*known);
  auto models = load_models(out.options.folders);
  if (!models)
    return models.error();
  out.options.models = std::move(*models);
  auto limits = read_cache_limits(out.known);
  if (!limits)
    return limits.error();
  out.options.cache = *limits;
  const auto path = out.known.find("SYSTEM_PROMPT_PATH");
  auto text = read_system_prompt(path == out.known.end() ? std::string{}
                                                         : path->second.value);
  if (!text)
    return text.error();
  out.options.system_prompt = std::move(*text);
  return out;
}

result<std::pair<journal_ptr, accepted>> open_begun(const fs::path& state,
                                                    const std::string& name) {
  const auto path = journal_of(state, name);
  if (!path)
    return path.error();
  auto journal = open_store(*path);
  if (!journal)
    return journal.error();
  auto all = load(*journal);
  if (!all)
    return all.error();
  return std::pair(std::move(*journal), std::move(*all));
}

result<looked_at> look_at_begun(const settings& environment,
                                const std::string& name) {
  const auto folders = find_user_folders(environment);
  if (!folders)
    return folders.error();
  const auto path = journal_of(folders->state, name);
  if (!path)
    return path.error();
  const auto journal = open_store_to_read(*path);
  if (!journal)
    return journal.error();
  auto all = load(*journal);
  if (!all)
    return all.error();
  return looked_at{std::move(*all), path->parent_path()};
}

result<std::vector<accepted_task>>
choose(const accepted& all, const std::vector<std::string>& names,
       const std::function<bool(const accepted_task&)>& fits) {
  for (const auto& name : names)
    if (std::none_of(all.tasks.begin(), all.tasks.end(),
                     [&](auto& t) { return t.spec.id == name; }))
      return configuration_failure("batch " + all.how.name + " has no task " +
                                   printable(name));
  std::vector<accepted_task> out;
  for (const auto& task : all.tasks)
    if (fits(task) && (names.empty() || std::find(names.begin(), names.end(),
                                                  task.spec.id) != names.end()))
      out.push_back(task);
  return out;
}

int complain(const failure& why) {
  for (const auto line : split(why.what, '\n'))
    log_line(log_level::error, line);
  return why.code == failure_code::configuration ? 2 : 1;
}

} // namespace pj::batch
