#include "core/batch/repository.hpp"

#include <array>

namespace pj::batch {

namespace {

constexpr std::array<std::string_view, 7> kinds = {
  "url", "file", "csv", "organization", "user", "topic", "search"};

} // namespace

bool is_listing(source_kind kind) noexcept {
  return kind >= source_kind::organization;
}

std::string_view to_string(source_kind kind) noexcept {
  return kinds[static_cast<std::size_t>(kind)];
}

} // namespace pj::batch
