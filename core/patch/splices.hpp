#pragma once
#include "core/patch/locate.hpp"

#include <map>
#include <utility>

namespace pj::patch {

/// What a hunk does to the document where it was found. Context keeps the
/// document's bytes; added lines get its indentation.
std::vector<splice> splices_of(const hunk& h, const finding& f,
                               std::size_t which, document& in);

/// The new text of the hunk for lines inserted at a place without old lines.
splice insertion(const hunk& h, std::uint32_t at, const document& in);

/// Two changes that touch the same lines or the same gap.
bool clash(const splice& a, const splice& b) noexcept;

/// By place, and none clashes with the next.
bool in_order(const std::vector<splice>& changes) noexcept;

/// Changes of one document that do not clash.
class change_list {
public:
  /// Adds all or none; false when one clashes with what is there or they are
  /// not in order.
  bool take(const std::vector<splice>& changes);

  /// By place; lines added before a line come before that line's removal.
  std::vector<splice> sorted() const;

private:
  using key = std::pair<std::uint32_t, bool>; ///< place, removes
  static key key_of(const splice& s) { return {s.at, s.remove > 0}; }
  bool clashes(const splice& s) const;

  std::map<key, splice> all_;
};

} // namespace pj::patch
