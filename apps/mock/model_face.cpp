#include "apps/mock/model_face.hpp"

#include "apps/mock/default_change.hpp"
#include "apps/mock/model_wire.hpp"
#include "core/json_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

/// About one token: the next word with the blanks before it, at most 12 bytes,
/// never half a code point.
std::size_t next_token(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && (text[n] == ' ' || text[n] == '\n'))
    ++n;
  while (n < text.size() && n < 12 && text[n] != ' ' && text[n] != '\n')
    ++n;
  n = std::max<std::size_t>(n, 1);
  while (n < text.size() &&
         (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80)
    ++n;
  return n;
}

/// Sends one speech at its pace. Small: thousands live at once.
class performance : public std::enable_shared_from_this<performance> {
public:
  performance(std::shared_ptr<const speech> what, const call& for_whom,
              double tokens_per_second, std::shared_ptr<recorder> journal)
    : speech_(std::move(what)), speaker_(make_speaker(speech_)),
      answer_(for_whom.answer), trouble_(for_whom.trouble),
      pace_(tokens_per_second), journal_(std::move(journal)) {
    journal_->count("pj_mock_open_streams", "", 1);
  }

  ~performance() { journal_->count("pj_mock_open_streams", "", -1); }

  void start(http_headers headers) {
    headers.push_back({"content-type", "text/event-stream; charset=utf-8"});
    headers.push_back({"cache-control", "no-cache"});
    answer_->begin(200, std::move(headers));
    answer_->write(speaker_->open());
    go_on();
  }

private:
  static constexpr double tick_ms = 5;

  void go_on() {
    if (answer_->closed())
      return;
    const auto at_once =
      pace_ <= 0
        ? std::size_t{64}
        : static_cast<std::size_t>(std::max(1.0, pace_ * tick_ms / 1000.0));
    std::string events;
    bool cut = false;
    for (std::size_t i = 0; i < at_once && !over() && !cut; ++i)
      cut = say_one(events);
    if (!cut && over() && !suffers(fault_kind::no_end))
      events += speaker_->close();
    const bool last = cut || over();
    answer_->write(std::move(events));
    if (last)
      return answer_->end();
    const double wait =
      pace_ <= 0 ? 0 : 1000.0 * static_cast<double>(at_once) / pace_;
    answer_->after(milliseconds_of(wait),
                   [self = shared_from_this()] { self->go_on(); });
  }

  bool suffers(fault_kind kind) const {
    return trouble_ && trouble_->kind == kind;
  }

  bool over() const { return at_ >= speech_->text.size(); }

  /// Adds one event; true when the stream has to end here.
  bool say_one(std::string& events) {
    const auto rest = std::string_view{speech_->text}.substr(at_);
    const auto size = next_token(rest);
    if (trouble_ && said_ == trouble_->after) {
      if (trouble_->kind == fault_kind::error_event) {
        events += speaker_->trouble();
        return true;
      }
      if (trouble_->kind == fault_kind::malformed_event)
        events += speaker_->nonsense();
    }
    events += speaker_->piece(rest.substr(0, size));
    at_ += size;
    ++said_;
    return false;
  }

  std::shared_ptr<const speech> speech_;
  std::unique_ptr<speaker> speaker_;
  std::shared_ptr<responder> answer_;
  std::optional<fault> trouble_;
  double pace_;
  std::shared_ptr<recorder> journal_;
  std::size_t at_ = 0;
  std::uint64_t said_ = 0;
};

std::string padding_text(std::uint64_t words) {
  constexpr std::array<std::string_view, 8> some{
    "First ", "the ", "code ", "is ", "read, ", "then ", "it ", "changes; "};
  std::string text;
  for (std::uint64_t i = 0; i < words; ++i)
    text += some[i % some.size()];
  return text.empty() ? text : text + "\n\n";
}

class model_face final : public face {
public:
  model_face(backstage tools, std::string key)
    : face("model", std::move(tools)), key_(std::move(key)) {}

protected:
  std::string error_body(const server_request& request, int status) override {
    return model_error(dialect_of(request), status,
                       "The mock was told to answer " + std::to_string(status));
  }

  void serve(call what) override {
    const auto path = path_of(what.request.target);
    if (what.request.method == "GET" && path.ends_with("/models"))
      return list_models(what);
    if (what.request.method == "GET" && path == "/api/v1/key")
      return show_key(what);
    if (!known(path))
      return reply_json(*what.answer, 404,
                        model_error(dialect_of(what.request), 404,
                                    "Invalid URL (" + what.request.method +
                                      ' ' + std::string{path} + ')'));
    auto read = read_model_request(what.request, key_, *tools().book);
    if (auto* no = std::get_if<model_refusal>(&read))
      return reply_json(*what.answer, no->status, no->body, no->headers);
    auto& request = std::get<model_request>(read);
    what.request.body = {};
    auto said = std::make_shared<const speech>(compose(request));
    const auto latency = tools().book->latency();
    auto clock = what.answer;
    if (latency.count() == 0)
      return perform(what, said, request.stream);
    clock->after(latency,
                 [this, w = std::move(what), said, stream = request.stream] {
                   perform(w, said, stream);
                 });
  }

private:
  static bool known(std::string_view path) {
    constexpr std::array<std::string_view, 7> exact{
      "/v1/chat/completions",
      "/chat/completions",
      "/v1/responses",
      "/responses",
      "/v1/messages",
      "/api/v1/chat/completions",
      "/openai/v1/chat/completions"};
    return std::ranges::find(exact, path) != exact.end() ||
           (path.starts_with("/openai/deployments/") &&
            path.ends_with("/chat/completions"));
  }

  bool has_key(const server_request& request) const {
    const auto& headers = request.headers;
    return find_header(headers, "authorization") == "Bearer " + key_ ||
           find_header(headers, "x-api-key") == key_ ||
           find_header(headers, "api-key") == key_;
  }

  static void refuse_key(const call& what) {
    reply_json(*what.answer, 401,
               model_error(dialect_of(what.request), 401,
                           "Incorrect API key provided.", {},
                           "invalid_api_key"));
  }

  /// OpenRouter's own: what a key may still spend.
  void show_key(const call& what) {
    if (!has_key(what.request))
      return refuse_key(what);
    reply_json(*what.answer, 200,
               json_text(json{{"data",
                               {{"label", "mock"},
                                {"usage", 0},
                                {"limit", nullptr},
                                {"limit_remaining", nullptr},
                                {"is_free_tier", false}}}}));
  }

  void list_models(const call& what) {
    if (!has_key(what.request) &&
        dialect_of(what.request) != dialect::openrouter)
      return refuse_key(what);
    auto names = tools().book->models();
    if (names.empty())
      names = {"gpt-4o", "claude-sonnet-4-5", "claude-sonnet-5-5",
               "openai/gpt-4o"};
    auto list = json::array();
    for (const auto& name : names)
      list.push_back({{"id", name},
                      {"type", "model"},
                      {"object", "model"},
                      {"display_name", name},
                      {"created", 1'700'000'000},
                      {"created_at", "2026-01-01T00:00:00Z"},
                      {"owned_by", "mock"}});
    reply_json(*what.answer, 200,
               json_text(json{{"object", "list"},
                              {"data", list},
                              {"has_more", false},
                              {"first_id", names.front()},
                              {"last_id", names.back()}}));
  }

  speech compose(const model_request& request) {
    speech s;
    s.speaks = request.speaks;
    s.id = "mock" + std::to_string(++last_id_);
    s.model = request.model;
    s.azure = request.azure;
    s.include_usage = request.include_usage;
    s.obfuscated = request.obfuscated;
    s.created = std::time(nullptr);
    const auto scripted = tools().book->reply(request.task, request.model);
    if (scripted) {
      s.text = scripted->text.value_or("");
      s.reasoning = scripted->reasoning;
      s.refusal = scripted->refusal;
      s.stop = scripted->stop;
    }
    if (s.refusal.empty() && (!scripted || !scripted->text))
      s.text =
        padding_text(tools().book->padding()) + default_change(request.shown);
    const answer none;
    const auto& counts = scripted ? *scripted : none;
    s.input_tokens = counts.input_tokens.value_or(request.input_bytes / 4 + 1);
    s.output_tokens = counts.output_tokens.value_or(
      (s.text.size() + s.reasoning.size() + s.refusal.size()) / 4 + 1);
    count(s);
    return s;
  }

  void count(const speech& s) {
    auto& journal = *tools().journal;
    journal.count("pj_mock_answers_total", "");
    journal.count("pj_mock_tokens_total", "direction=\"input\"",
                  static_cast<double>(s.input_tokens));
    journal.count("pj_mock_tokens_total", "direction=\"output\"",
                  static_cast<double>(s.output_tokens));
  }

  void perform(const call& what, const std::shared_ptr<const speech>& said,
               bool stream) {
    http_headers headers{{"x-request-id", "req_" + said->id},
                         {"request-id", "req_" + said->id}};
    if (said->speaks == dialect::openrouter)
      headers.push_back({"x-generation-id", "gen-" + said->id});
    if (!stream)
      return reply_json(*what.answer, 200, whole_answer(*said),
                        std::move(headers));
    std::make_shared<performance>(said, what, tools().book->tokens_per_second(),
                                  tools().journal)
      ->start(std::move(headers));
  }

  std::string key_;
  std::uint64_t last_id_ = 0;
};

} // namespace

std::unique_ptr<face> make_model_face(backstage tools, std::string key) {
  return std::make_unique<model_face>(std::move(tools), std::move(key));
}

} // namespace pj::doubles
