#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pj {

/// Where a task is on its way from prompt to pull request, in order.
enum class stage : std::uint8_t {
  recall,
  fetch,
  branch,
  ask,
  place,
  check,
  publish,
  open_pr,
};

inline constexpr std::array all_stages = {
  stage::recall, stage::fetch, stage::branch,  stage::ask,
  stage::place,  stage::check, stage::publish, stage::open_pr};

/// "fetch", "open_pr", …: stable, they are in people's logs.
std::string_view to_string(stage x) noexcept;

/// Inverse of `to_string`; nothing for what a newer program may have written.
std::optional<stage> stage_from(std::string_view name) noexcept;

/// What a task does in it, for people: "fetching", "asking the model".
std::string_view doing(stage x) noexcept;

} // namespace pj
