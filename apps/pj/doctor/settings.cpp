#include "apps/pj/doctor/settings.hpp"

#include "apps/pj/task_files.hpp"
#include "core/text.hpp"

namespace pj {

namespace {

/// Fills in what read_task insists on, so that it reads the rest.
bool stand_in(settings& known, const std::string& name, const char* value) {
  return known.try_emplace(name, setting{value, name}).second;
}

std::string key_name(const settings& known) {
  const auto found = known.find("MODEL_PROVIDER");
  const auto named = found == known.end()
                       ? std::nullopt
                       : provider_from(lowered(trimmed(found->second.value)));
  return std::string(key_variable(named.value_or(provider_id::openai)));
}

} // namespace

findings wrong_settings(const failure& why) {
  findings out;
  for (auto line : split(why.what, '\n'))
    out.push_back({"settings", verdict::wrong, std::string(line)});
  return out;
}

known_task look_at_settings(const settings& in_force,
                            const llm::model_table& models) {
  auto known = in_force;
  known_task out;
  std::string missing;
  const auto fill = [&](const std::string& name, const char* value) {
    const bool filled = stand_in(known, name, value);
    if (filled)
      missing += (missing.empty() ? "" : ", ") + name;
    return !filled;
  };
  out.has.repository = fill("TARGET_REPO", "https://github.com/owner/repo");
  fill("TASK_ID", "doctor");
  fill("AGENT_PROMPT", "doctor");
  out.has.key = !stand_in(known, key_name(known), "not-set");
  auto read = read_task(known, models);
  if (!read) {
    out.about = wrong_settings(read.error());
    return out;
  }
  if (auto files = read_task_files(*read); !files) {
    out.about = wrong_settings(files.error());
    return out;
  }
  out.about.push_back({"settings", verdict::good, "every value can be used"});
  if (!missing.empty())
    out.about.push_back(
      {"settings", verdict::skipped, missing + " not set: pj run needs them"});
  for (const auto& line : read->warnings)
    if (line.find(" is not set: ") == line.npos)
      out.about.push_back({"settings", verdict::note, line});
  out.input = *std::move(read);
  return out;
}

} // namespace pj
