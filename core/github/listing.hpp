#pragma once
#include "core/batch/repository.hpp"
#include "core/http.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pj::github {

/// Pages of 100, GitHub's most. More repositories are no source of one batch.
constexpr std::size_t most_pages = 1'000;

/// The first page of what a source stands for; `from` is a listing. No token.
http_request listing_request(std::string_view api,
                             const batch::repository_source& from);

/// The next page by the `Link` header; empty at the end, and when it is not on
/// the server of `asked` (the token must not go elsewhere).
std::string next_page(std::string_view asked, const http_response& response);

/// The repositories of one page; their place is that of the source. A search
/// that GitHub cuts short (more than 1,000 results, or out of time) is a
/// failure: nothing may be left out unseen.
result<std::vector<batch::repository>>
read_listing(const batch::repository_source& from,
             const http_response& response);

} // namespace pj::github
