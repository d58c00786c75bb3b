#pragma once
// The nested parts of a spec. Included by the spec's own sources only.
#include "core/batch/spec.hpp"
#include "core/batch/yaml_cursor.hpp"
#include "core/name_table.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

constexpr std::size_t longest_text = 4'096;       ///< names, paths, queries
constexpr std::size_t longest_message = 64 << 10; ///< of a commit
constexpr std::size_t longest_body = 256 << 10;   ///< of a pull request

/// A key of one level and what reads its value.
struct spec_key {
  std::string_view name;
  void (*read)(const yaml_cursor& in, spec& out);
};

/// Reads one level; unknown and repeated keys are problems.
template <std::size_t N>
void read_keys(const yaml_cursor& in, const std::array<spec_key, N>& keys,
               spec& out) {
  in.each_entry(names_of(keys),
                [&](std::string_view name, const yaml_cursor& value) {
                  find_named(keys, name)->read(value, out);
                });
}

void read_repositories(const yaml_cursor& in, spec& out);
void read_include(const yaml_cursor& in, spec& out);
void read_exclude(const yaml_cursor& in, spec& out);
void read_skip_forks(const yaml_cursor& in, spec& out);
void read_skip_archived(const yaml_cursor& in, spec& out);
void read_pr(const yaml_cursor& in, spec& out);
void read_validate(const yaml_cursor& in, spec& out);
void read_limits(const yaml_cursor& in, spec& out);

/// The keys of these parts, as `spec_keys` has them.
void add_keys_of_parts(std::vector<std::string>& out);
void add_keys_of_sources(std::vector<std::string>& out);

} // namespace pj::batch
