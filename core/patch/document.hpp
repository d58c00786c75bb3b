#pragma once
#include "core/patch/form.hpp"
#include "core/patch/hash_set.hpp"
#include "core/patch/line.hpp"

#include <array>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pj::patch {

/// `remove` lines from `at` on give way to `insert`.
struct splice {
  std::uint32_t at = 0;
  std::uint32_t remove = 0;
  std::vector<line> insert;
};

/// One file while it is planned: lines that keep their bytes, and their
/// hashes, made when first asked for. Copies share the bytes.
class document {
public:
  explicit document(std::shared_ptr<const std::string> content);

  const std::vector<line>& lines() const noexcept { return lines_; }
  const line& at(std::size_t i) const { return lines_[i]; }
  std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(lines_.size());
  }
  std::span<const std::uint64_t> hashes(form how) const;

  /// Some line looks like this one, white space aside. The first call since
  /// the last edit looks at all lines.
  bool has_line_like(std::string_view text) const;
  bool is_indexed() const noexcept { return !squeezed_.empty(); }

  /// All at once; sorted by `at`, not overlapping. The inserted views must
  /// live as long as the document (see `keep`).
  void apply(const std::vector<splice>& edits);

  /// Copies a text to where the document's views may point at it.
  std::string_view keep(std::string text);

  /// It was made of these bytes and has not been edited.
  bool is_still(const std::shared_ptr<const std::string>& bytes) const {
    return !edited_ && stores_.front() == bytes;
  }

  /// The bytes now.
  std::string text() const;

  /// The ending most lines have; LF for a file without any.
  line_end usual_end() const noexcept;

  bool has_bom() const noexcept { return bom_; }

private:
  std::vector<std::shared_ptr<const std::string>> stores_;
  std::vector<line> lines_;
  bool bom_ = false;
  bool edited_ = false;
  mutable std::array<std::vector<std::uint64_t>, form_count> hashes_;
  mutable hash_set squeezed_; ///< of all lines; empty until asked for
};

} // namespace pj::patch
