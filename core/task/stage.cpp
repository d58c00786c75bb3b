#include "core/task/stage.hpp"

namespace pj {

namespace {

struct stage_names {
  std::string_view name;
  std::string_view doing;
};

constexpr std::array<stage_names, all_stages.size()> names = {{
  {"recall", "looking into the journal"},
  {"fetch", "fetching"},
  {"branch", "choosing the branch"},
  {"ask", "asking the model"},
  {"place", "applying the change"},
  {"check", "validating"},
  {"publish", "pushing"},
  {"open_pr", "opening the pull request"},
}};

} // namespace

std::string_view to_string(stage x) noexcept {
  return names[static_cast<std::size_t>(x)].name;
}

std::optional<stage> stage_from(std::string_view name) noexcept {
  for (const auto x : all_stages)
    if (to_string(x) == name)
      return x;
  return std::nullopt;
}

std::string_view doing(stage x) noexcept {
  return names[static_cast<std::size_t>(x)].doing;
}

} // namespace pj
