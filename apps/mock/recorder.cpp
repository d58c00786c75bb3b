#include "apps/mock/recorder.hpp"

#include "core/json_text.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

constexpr std::size_t max_body = 64u << 10;

http_headers masked(const http_headers& headers) {
  constexpr std::array<std::string_view, 5> secret{
    "authorization", "x-api-key", "api-key", "cookie", "proxy-authorization"};
  auto copy = headers;
  for (auto& h : copy)
    if (std::ranges::find(secret, lowered(h.name)) != secret.end())
      h.value = "***";
  return copy;
}

std::string whole_number(double value) {
  return std::to_string(static_cast<std::int64_t>(value));
}

} // namespace

std::uint64_t recorder::arrived(std::string_view face,
                                const server_request& request) {
  std::lock_guard lock{mutex_};
  const auto id = ++last_id_;
  seen_request seen;
  seen.id = id;
  seen.face = face;
  seen.method = request.method;
  seen.target = request.target;
  seen.headers = masked(request.headers);
  if (face != "git")
    seen.body = clipped(request.body, max_body);
  requests_.push_back(std::move(seen));
  if (requests_.size() > keep_)
    requests_.pop_front();
  return id;
}

seen_request* recorder::find(std::uint64_t id) {
  if (requests_.empty() || id < requests_.front().id)
    return nullptr;
  return &requests_[id - requests_.front().id];
}

void recorder::answered(std::uint64_t id, std::string_view face, int status) {
  {
    std::lock_guard lock{mutex_};
    if (auto* seen = find(id))
      seen->status = status;
  }
  count("pj_mock_requests_total", "face=\"" + std::string{face} +
                                    "\",status=\"" + std::to_string(status) +
                                    '"');
}

void recorder::troubled(std::uint64_t id, std::string_view kind) {
  {
    std::lock_guard lock{mutex_};
    if (auto* seen = find(id))
      seen->fault = kind;
  }
  count("pj_mock_faults_total", "kind=\"" + std::string{kind} + '"');
}

void recorder::count(std::string_view name, std::string_view labels,
                     double by) {
  std::lock_guard lock{mutex_};
  counters_[std::string{name}][std::string{labels}] += by;
}

std::vector<seen_request> recorder::requests() const {
  std::lock_guard lock{mutex_};
  return {requests_.begin(), requests_.end()};
}

std::string recorder::metrics() const {
  std::lock_guard lock{mutex_};
  std::string text;
  for (const auto& [name, values] : counters_) {
    const bool gauge = !name.ends_with("_total");
    text += "# TYPE " + name + (gauge ? " gauge\n" : " counter\n");
    for (const auto& [labels, value] : values)
      text += name + (labels.empty() ? "" : '{' + labels + '}') + ' ' +
              whole_number(value) + '\n';
  }
  return text;
}

std::string to_json(const std::vector<seen_request>& requests) {
  auto list = nlohmann::json::array();
  for (const auto& r : requests) {
    auto headers = nlohmann::json::object();
    for (const auto& h : r.headers)
      headers[lowered(h.name)] = h.value;
    list.push_back({{"id", r.id},
                    {"face", r.face},
                    {"method", r.method},
                    {"target", r.target},
                    {"headers", headers},
                    {"body", r.body},
                    {"status", r.status},
                    {"fault", r.fault}});
  }
  return json_text(list, 2);
}

} // namespace pj::doubles
