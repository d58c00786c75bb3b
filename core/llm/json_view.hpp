#pragma once
#include <simdjson.h>

#include <cstdint>
#include <string_view>

namespace pj::llm::json_view {

using simdjson::dom::element;
using simdjson::dom::object;

/// The string, or empty for everything else.
inline std::string_view text(element value) noexcept {
  std::string_view out;
  return value.get(out) == simdjson::SUCCESS ? out : std::string_view{};
}

/// The string under this name, or empty.
inline std::string_view text(object from, std::string_view name) noexcept {
  element value;
  return from.at_key(name).get(value) == simdjson::SUCCESS ? text(value)
                                                           : std::string_view{};
}

/// The object under this name; false when there is none.
inline bool get(object from, std::string_view name, object& out) noexcept {
  return from.at_key(name).get(out) == simdjson::SUCCESS;
}

/// Overwrites `out` with the count under this name when there is a believable
/// one.
inline void read(object from, std::string_view name,
                 std::uint64_t& out) noexcept {
  double count = -1;
  if (from.at_key(name).get(count) == simdjson::SUCCESS && count >= 0 &&
      count < 1e12)
    out = static_cast<std::uint64_t>(count);
}

} // namespace pj::llm::json_view
