#pragma once
#include "core/patch/document.hpp"
#include "core/patch/edit.hpp"

#include <string>
#include <vector>

namespace pj::patch {

/// How the document's indentation differs from the hunk's.
enum class indent_kind : std::uint8_t {
  same,     ///< not at all, byte for byte
  even,     ///< by one shift for all lines, tabs and blanks unified
  stripped, ///< the hunk's first line lost its indentation, the rest is even
  scaled,   ///< all lines by one factor, as from two blanks to four
  uneven,   ///< from line to line
};

/// Learns the indentation of a place from the old lines that matched there,
/// and gives it to the lines to add.
class indenter {
public:
  /// `match` holds a document line for every old line, or `nowhere`.
  indenter(const hunk& h, const std::vector<std::uint32_t>& match,
           const document& in);

  indent_kind kind() const noexcept { return kind_; }

  /// The added line `h.lines[i]` as it must be written.
  std::string placed(std::size_t i) const;

private:
  struct pair {
    std::size_t at = 0; ///< index of the hunk's line
    std::string_view said;
    std::string_view real;
  };

  void learn(const std::vector<std::uint32_t>& match, const document& in);
  bool find_shift(std::size_t first_pair);
  bool find_scale();
  bool is_first_new(std::size_t i) const;
  bool brings_blanks() const;
  int least_added() const;
  bool signs_were_lost() const;
  void settle_single();
  std::string shifted(std::string_view text, int by) const;
  std::string by_neighbour(std::size_t i) const;

  const hunk& hunk_;
  std::vector<pair> pairs_;
  indent_kind kind_ = indent_kind::same;
  int shift_ = 0;       ///< columns, document minus hunk
  int first_shift_ = 0; ///< the same for the first line when `stripped`
  int times_ = 1;       ///< columns of the document for `per_` of the hunk
  int per_ = 1;
  int tab_ = 8;       ///< columns of a tab
  bool tabs_ = false; ///< the document's lines there begin with tabs
};

} // namespace pj::patch
