#include "core/github/listing.hpp"

#include "core/github/rest.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <nlohmann/json.hpp>

namespace pj::github {

namespace {

using batch::repository;
using batch::source_kind;
using nlohmann::json;

constexpr std::size_t most_found = 1'000; ///< GitHub lists no more of a search

bool is_search(source_kind kind) {
  return kind == source_kind::topic || kind == source_kind::search;
}

std::string path_of(const batch::repository_source& from) {
  switch (from.kind) {
  case source_kind::organization:
    return "/orgs/" + percent_encoded(from.value) + "/repos?";
  case source_kind::user:
    return "/users/" + percent_encoded(from.value) + "/repos?";
  case source_kind::topic:
    return "/search/repositories?q=" + percent_encoded("topic:" + from.value) +
           "&";
  default:
    return "/search/repositories?q=" + percent_encoded(from.value) + "&";
  }
}

bool flag_member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

failure cut_short(failure_class kind, std::string what) {
  return {kind, failure_code::github, std::move(what), {}, {}};
}

result<done> check_search(const json& body) {
  if (flag_member(body, "incomplete_results"))
    return cut_short(failure_class::retry,
                     "GitHub's search ran out of time and left some out; try "
                     "again, or narrow the query");
  const auto total = body.find("total_count");
  if (total != body.end() && total->is_number_unsigned() &&
      total->get<std::uint64_t>() > most_found)
    return cut_short(failure_class::fail,
                     "GitHub finds " +
                       std::to_string(total->get<std::uint64_t>()) +
                       " repositories and lists 1000 at most: narrow the "
                       "query");
  return done{};
}

} // namespace

http_request listing_request(std::string_view api,
                             const batch::repository_source& from) {
  return request("GET", std::string(api) + path_of(from) + "per_page=100");
}

std::string next_page(std::string_view asked, const http_response& response) {
  for (const auto part : split(find_header(response.headers, "link"), ',')) {
    const auto link = trimmed(part);
    const auto end = link.find('>');
    if (!link.starts_with('<') || end == link.npos ||
        link.find("rel=\"next\"", end) == link.npos)
      continue;
    const auto url = link.substr(1, end - 1);
    return origin_of(url) == origin_of(asked) ? std::string(url) : "";
  }
  return {};
}

result<std::vector<repository>>
read_listing(const batch::repository_source& from,
             const http_response& response) {
  const auto body = parse_body(response);
  const auto* list = &body;
  if (is_search(from.kind)) {
    if (!body.is_object() || !body.contains("items"))
      return unreadable(response);
    if (auto ok = check_search(body); !ok)
      return std::move(ok).error();
    list = &body["items"];
  }
  if (!list->is_array())
    return unreadable(response);
  std::vector<repository> out;
  for (const auto& item : *list) {
    repository one;
    one.url = text_member(item, "clone_url");
    if (one.url.empty())
      return unreadable(response);
    one.default_branch = text_member(item, "default_branch");
    one.is_listed = true;
    one.is_fork = flag_member(item, "fork");
    one.is_archived = flag_member(item, "archived");
    one.at = from.at;
    out.push_back(std::move(one));
  }
  return out;
}

} // namespace pj::github
