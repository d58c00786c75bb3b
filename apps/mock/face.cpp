#include "apps/mock/face.hpp"

#include "apps/mock/bent.hpp"
#include "core/text.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace pj::doubles {

namespace {

/// The time as HTTP writes it.
std::string date_now() {
  std::array<char, 40> text{};
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

} // namespace

void face::handle(server_request request, std::shared_ptr<responder> answer) {
  const auto path = path_of(request.target);
  if (path == "/metrics")
    return answer->reply(200, {{"content-type", "text/plain; version=0.0.4"}},
                         tools_.journal->metrics());
  if (path == "/_requests")
    return reply_json(*answer, 200, to_json(tools_.journal->requests()));
  const auto id = tools_.journal->arrived(name_, request);
  call what;
  what.trouble = tools_.book->trouble(name_, request);
  what.request = std::move(request);
  what.answer = watched(std::move(answer),
                        [journal = tools_.journal, id, name = name_](
                          int status) { journal->answered(id, name, status); });
  if (!what.trouble)
    return serve(std::move(what));
  tools_.journal->troubled(id, to_string(what.trouble->kind));
  if (what.trouble->delay <= 0 || bends(what.trouble->kind))
    return play(std::move(what));
  auto& clock = *what.answer;
  const auto delay = milliseconds_of(what.trouble->delay);
  clock.after(delay,
              [this, w = std::move(what)]() mutable { play(std::move(w)); });
}

void face::play(call what) {
  const auto& how = *what.trouble;
  if (how.kind == fault_kind::refuse)
    return what.answer->reset();
  if (how.kind == fault_kind::status) {
    auto headers = how.headers;
    if (find_header(headers, "content-type").empty())
      headers.push_back({"content-type", "application/json"});
    auto body =
      how.body.empty() ? error_body(what.request, how.status) : how.body;
    return what.answer->reply(how.status, std::move(headers), std::move(body));
  }
  if (bends(how.kind))
    what.answer = bent(what.answer, how, tools_.book);
  serve(std::move(what));
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, value, 16).ptr ==
          &text[i + 1] + 2) {
      plain += static_cast<char>(value);
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::string query_value(std::string_view target, std::string_view name) {
  const auto start = target.find('?');
  if (start == std::string_view::npos)
    return {};
  for (const auto pair : split(target.substr(start + 1), '&')) {
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name)
      return equals == std::string_view::npos
               ? ""
               : percent_decoded(pair.substr(equals + 1));
  }
  return {};
}

void reply_json(responder& answer, int status, std::string body,
                http_headers more) {
  more.push_back({"date", date_now()});
  more.push_back({"content-type", "application/json; charset=utf-8"});
  answer.reply(status, std::move(more), std::move(body));
}

} // namespace pj::doubles
