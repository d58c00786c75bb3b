#include "apps/mock/github_listings.hpp"

#include "core/text.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t longest_query = 256;
constexpr std::size_t most_found = 1'000;

/// A number of the query in 1..most; a client that sends something else has a
/// mistake that GitHub would hide.
std::size_t number_in(const github_visit& v, const char* name,
                      std::size_t usual, std::size_t most) {
  const auto text = query_value(v.what.request.target, name);
  if (text.empty())
    return usual;
  const bool is_number =
    text.size() < 6 && text.find_first_not_of("0123456789") == text.npos;
  const auto n = is_number ? std::stoul(text) : 0;
  if (n == 0 || n > most)
    invalid_field(name, text, "a number in its range");
  return n;
}

bool has_topic(const fs::path& repository, std::string_view topic) {
  std::ifstream file(repository / "pj-topics");
  for (std::string line; std::getline(file, line);)
    if (trimmed(line) == topic)
      return true;
  return false;
}

/// The target's query without `page`.
std::string other_query(const github_visit& v) {
  const auto& target = v.what.request.target;
  const auto at = target.find('?');
  std::string out;
  if (at != target.npos)
    for (const auto part : split(std::string_view(target).substr(at + 1), '&'))
      if (!part.starts_with("page="))
        out += std::string(part) + '&';
  return out;
}

std::string path_text(const github_visit& v) {
  std::string out;
  for (const auto& part : v.path)
    out += '/' + percent_encoded(part);
  return out;
}

} // namespace

bool is_archived(const fs::path& repository) {
  return fs::exists(repository / "pj-archived");
}

bool github_listings::route(const github_visit& v) const {
  if (v.is("GET", {"orgs", "*", "repos"}) ||
      v.is("GET", {"users", "*", "repos"}))
    list(v);
  else if (v.is("GET", {"search", "repositories"}))
    search(v);
  else
    return false;
  return true;
}

void github_listings::list(const github_visit& v) const {
  auto names = pulls_->repos().all();
  std::erase_if(names,
                [&](const auto& name) { return owner_of(name) != v.path[1]; });
  if (names.empty())
    throw github_refusal{404, "Not Found", {}};
  http_headers more;
  const auto page = page_of(v, names, more);
  v.answer(200, page, std::move(more));
}

void github_listings::search(const github_visit& v) const {
  const auto query = query_value(v.what.request.target, "q");
  if (query.empty() || query.size() > longest_query)
    throw github_refusal{
      422, "Validation Failed", {{"missing", "q", ""}}};
  auto names = pulls_->repos().all();
  std::erase_if(names,
                [&](const auto& name) { return !is_found(name, query); });
  const auto total = names.size();
  names.resize(std::min(total, most_found));
  http_headers more;
  const auto page = page_of(v, names, more);
  v.answer(200,
           json{{"total_count", total},
                {"incomplete_results", false},
                {"items", page}},
           std::move(more));
}

bool github_listings::is_found(const std::string& name,
                               const std::string& query) const {
  const auto folder = pulls_->repos().find(name);
  const auto fits = [&](std::string_view word) {
    const auto value = word.substr(word.find(':') + 1);
    if (word.starts_with("topic:"))
      return folder && has_topic(*folder, value);
    if (word.starts_with("org:") || word.starts_with("user:"))
      return owner_of(name) == value;
    if (word.find(':') != word.npos)
      throw github_refusal{
        422, "Validation Failed", {{"invalid", "q", ""}}};
    return name_of(name).find(word) != std::string::npos;
  };
  for (const auto word : split(query, ' '))
    if (!word.empty() && !fits(word))
      return false;
  return true;
}

json github_listings::page_of(const github_visit& v,
                              const std::vector<std::string>& names,
                              http_headers& more) const {
  const auto size = number_in(v, "per_page", 30, 100);
  const auto page = number_in(v, "page", 1, 10'000);
  auto out = json::array();
  for (auto i = (page - 1) * size; i < names.size() && i < page * size; ++i)
    out.push_back(write_(v, names[i]));
  if (page * size < names.size())
    more.push_back(
      {"link", '<' + v.base_url + path_text(v) + '?' + other_query(v) +
                 "page=" + std::to_string(page + 1) + ">; rel=\"next\", <" +
                 v.base_url + ">; rel=\"first\""});
  return out;
}

} // namespace pj::doubles
