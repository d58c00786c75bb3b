#pragma once
#include "core/patch/locate.hpp"

namespace pj::patch {

/// What a hunk does to the document where it was found. Context keeps the
/// document's bytes; added lines get its indentation.
std::vector<splice> splices_of(const hunk& h, const finding& f,
                               std::size_t which, document& in);

/// The new text of the hunk for lines inserted at a place without old lines.
splice insertion(const hunk& h, std::uint32_t at, const document& in);

/// Two changes that touch the same lines or the same gap.
bool clash(const splice& a, const splice& b) noexcept;

} // namespace pj::patch
