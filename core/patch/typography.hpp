#pragma once
#include "core/patch/document.hpp"
#include "core/patch/edit.hpp"

#include <set>
#include <string>

namespace pj::patch {

/// The marks of a typographer (curly quotes, dashes, odd spaces) that an
/// answer's old lines have and the file has not: they came from the answer's
/// way to the page, so its new lines have them by accident too.
class typography {
public:
  typography(const hunk& h, const document& in);

  /// None is strange to the file.
  bool empty() const noexcept { return kinds_.empty(); }

  /// The text with plain marks for those the file does not have, of the kinds
  /// the old lines got wrong.
  std::string plain(std::string_view text) const;

private:
  std::set<char> kinds_;            ///< by their plain mark
  std::set<std::int32_t> familiar_; ///< code points the file has
};

} // namespace pj::patch
