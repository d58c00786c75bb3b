#pragma once
#include "core/patch/document.hpp"
#include "core/patch/edit.hpp"
#include "core/patch/rewriting.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace pj::patch {

/// How much comparing one answer may still cost, in lines looked at. Keeps
/// hostile answers (many hunks, huge files) from holding a thread.
struct effort {
  std::uint64_t left = 200'000'000;
  std::uint32_t explanations = 20; ///< edits whose refusal is looked into

  /// False when all is spent.
  bool spend(std::uint64_t lines) noexcept {
    left -= lines < left ? lines : left;
    return left > 0;
  }
};

/// All places of one tier where a hunk's old lines are.
struct finding {
  int tier = -1; ///< -1: nowhere
  form how = form::exact;
  bool skips_blanks = false;         ///< blank lines were not compared
  std::vector<std::uint32_t> starts; ///< first lines, from 0

  /// The hunk when it had to be rewritten to be found, with its bytes.
  std::shared_ptr<const rewriting> rewritten;

  const hunk& used(const hunk& h) const {
    return rewritten ? rewritten->lines() : h;
  }
};

/// Tiers T0 to T6 of docs/PATCHING.md, the lowest that has any match.
finding locate(const hunk& h, const document& in, effort& budget);

/// For each old line of the hunk (`f.used(h)`) the line of the document it
/// matched, or `nowhere` for blank lines that were skipped.
std::vector<std::uint32_t> match_of(const finding& f, const hunk& h,
                                    std::size_t which, const document& in);
inline constexpr std::uint32_t nowhere = 0xffff'ffff;

/// The last document line the match touches.
std::uint32_t last_line_of(const finding& f, const hunk& h, std::size_t which,
                           const document& in);

/// More places of one hunk are not told apart.
inline constexpr std::size_t max_places = 10'000;

/// Where `needle` occurs in `hay`, also overlapping. Linear.
std::vector<std::uint32_t> occurrences(std::span<const std::uint64_t> needle,
                                       std::span<const std::uint64_t> hay,
                                       std::size_t max_found = max_places);

} // namespace pj::patch
