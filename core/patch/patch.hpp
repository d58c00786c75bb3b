#pragma once
#include "core/change.hpp"
#include "core/tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pj::patch {

enum class format : std::uint8_t {
  any, ///< sniffed; one answer may mix formats
  udiff,
  search_replace,
  whole,
  apply_patch,
};

struct options {
  format only = format::any;

  /// The provider said the answer was cut (finish reason `length`).
  bool truncated = false;

  /// Changes placed by earlier rounds of the same task; the answer is read on
  /// top of them and the plan holds both. May be null.
  const change_set* staged = nullptr;

  std::uint64_t max_answer = 64u << 20; ///< bytes
  std::uint32_t max_files = 2'000;
  std::uint32_t max_edits = 20'000;
};

enum class edit_state : std::uint8_t {
  placed,
  already_there, ///< new text present, old absent: nothing to do
  skipped,       ///< old and new are the same
  missing,       ///< the old text is nowhere
  ambiguous,     ///< the old text is in several places
  unsafe,        ///< the path may not be written
  unreadable,    ///< the edit itself makes no sense
};

/// What became of one edit of the answer.
struct edit_report {
  std::string path;
  edit_state state = edit_state::placed;
  int tier = -1;          ///< 0..8 as in docs/PATCHING.md; -1: none
  std::uint32_t line = 0; ///< first line of the place, from 1; 0: none
  std::vector<std::uint32_t> places; ///< first lines when ambiguous
  std::string note;                  ///< one line; why, or what was repaired
  std::string closest; ///< the most similar real lines, with numbers
};

/// The whole answer has a place.
struct plan {
  change_set change; ///< empty when everything was there already
  std::vector<edit_report> edits;
};

/// Nothing may be written.
struct refusal {
  std::string reason;    ///< one line, contains the word "patch"
  std::string for_model; ///< what to send back; compact, capped
  std::vector<edit_report> edits;
  change_set staged; ///< the edits that found their place
};

using verdict = std::variant<plan, refusal>;

/// Reads a model's answer and finds the places it means. Pure: writes nothing.
verdict read_and_plan(std::string_view answer, const source_tree& tree,
                      const options& how = {});

} // namespace pj::patch
