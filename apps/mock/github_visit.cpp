#include "apps/mock/github_visit.hpp"

#include "core/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace pj::doubles {

using nlohmann::json;

bool github_visit::is(std::string_view verb,
                      std::initializer_list<std::string_view> parts) const {
  return method() == verb && parts.size() == path.size() &&
         std::equal(parts.begin(), parts.end(), path.begin(),
                    [](std::string_view want, const std::string& have) {
                      return want == "*" || want == have;
                    });
}

std::string github_visit::repository() const {
  return path.at(1) + '/' + path.at(2);
}

std::uint64_t github_visit::number() const {
  std::uint64_t n = 0;
  const auto& text = path.at(4);
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

json github_visit::body() const {
  if (what.request.body.empty())
    return json::object();
  auto parsed = parse_json(what.request.body);
  if (parsed.is_discarded())
    throw github_refusal{400, "Problems parsing JSON", {}};
  if (!parsed.is_object())
    throw github_refusal{400, "Body should be a JSON object", {}};
  return parsed;
}

void github_visit::answer(int status, const json& body,
                          http_headers more) const {
  more.insert(more.end(), headers.begin(), headers.end());
  reply_json(*what.answer, status, json_text(body), std::move(more));
}

void github_visit::refuse(const github_refusal& why) const {
  answer(why.status, github_error(why.status, why.message, why.errors));
}

void invalid_field(const std::string& name, const json& value,
                   const char* wanted) {
  throw github_refusal{422,
                       "Invalid request.\n\nFor 'properties/" + name + "', " +
                         json_text(value) + " is not " + wanted + '.',
                       {}};
}

std::string text_field(const json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return {};
  if (!found->is_string())
    invalid_field(name, *found, "a string");
  return found->get<std::string>();
}

bool flag_field(const json& body, const std::string& name, bool otherwise) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return otherwise;
  if (!found->is_boolean())
    invalid_field(name, *found, "a boolean");
  return found->get<bool>();
}

std::vector<std::string> list_field(const json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return {};
  if (!found->is_array())
    invalid_field(name, *found, "an array");
  std::vector<std::string> list;
  for (const auto& item : *found) {
    if (!item.is_string())
      invalid_field(name, item, "a string");
    list.push_back(item.get<std::string>());
  }
  return list;
}

} // namespace pj::doubles
