#include "core/failure.hpp"

#include <array>

namespace pj {

namespace {

constexpr std::array<std::string_view, 13> codes = {
  "internal", "configuration", "git",        "network", "model",
  "patch",    "validation",    "github",     "webhook", "journal",
  "budget",   "deadline",      "interrupted"};

constexpr std::array<std::string_view, 4> kinds = {"retry", "refuse", "fail",
                                                   "cancelled"};

template <class Enum, std::size_t N>
Enum find(const std::array<std::string_view, N>& names, std::string_view name,
          Enum otherwise) noexcept {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name)
      return static_cast<Enum>(i);
  return otherwise;
}

} // namespace

failure configuration_failure(std::string what) {
  return {
    failure_class::fail, failure_code::configuration, std::move(what), {}, {}};
}

std::string_view to_string(failure_code code) noexcept {
  return codes[static_cast<std::size_t>(code)];
}

std::string_view to_string(failure_class kind) noexcept {
  return kinds[static_cast<std::size_t>(kind)];
}

failure_code failure_code_from(std::string_view name) noexcept {
  return find(codes, name, failure_code::internal);
}

failure_class failure_class_from(std::string_view name) noexcept {
  return find(kinds, name, failure_class::fail);
}

} // namespace pj
