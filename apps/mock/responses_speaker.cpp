#include "apps/mock/speakers.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

json output_item(const speech& s, const char* status, bool filled) {
  auto content = json::array();
  if (filled && !s.refusal.empty())
    content.push_back({{"type", "refusal"}, {"refusal", s.refusal}});
  else if (filled)
    content.push_back({{"type", "output_text"},
                       {"text", s.text},
                       {"annotations", json::array()},
                       {"logprobs", json::array()}});
  return {{"id", "msg_" + s.id},
          {"type", "message"},
          {"status", status},
          {"role", "assistant"},
          {"content", std::move(content)}};
}

json response_object(const speech& s, const std::string& status) {
  json r{{"id", "resp_" + s.id},
         {"object", "response"},
         {"created_at", s.created},
         {"status", status},
         {"background", false},
         {"error", nullptr},
         {"incomplete_details", nullptr},
         {"instructions", nullptr},
         {"metadata", json::object()},
         {"model", s.model},
         {"output", json::array()},
         {"parallel_tool_calls", true},
         {"temperature", 1.0},
         {"tool_choice", "auto"},
         {"tools", json::array()},
         {"top_p", 1.0},
         {"usage", nullptr}};
  if (status == "in_progress")
    return r;
  r["output"].push_back(
    output_item(s, status == "completed" ? "completed" : "incomplete", true));
  r["usage"] = {
    {"input_tokens", s.input_tokens},
    {"input_tokens_details", {{"cached_tokens", 0}}},
    {"output_tokens", s.output_tokens},
    {"output_tokens_details", {{"reasoning_tokens", s.reasoning.size() / 4}}},
    {"total_tokens", s.input_tokens + s.output_tokens}};
  if (status == "incomplete")
    r["incomplete_details"] = {
      {"reason", s.stop == "length" ? "max_output_tokens" : "content_filter"}};
  return r;
}

std::string response_status(const speech& s) {
  return s.stop == "length" || s.stop == "content_filter" ? "incomplete"
                                                          : "completed";
}

class responses_speaker final : public speaker {
public:
  explicit responses_speaker(std::shared_ptr<const speech> what)
    : speaker(std::move(what)) {}

  std::string open() override {
    std::string text;
    const auto r = response_object(said(), "in_progress");
    add(text, {{"type", "response.created"}, {"response", r}});
    add(text, {{"type", "response.in_progress"}, {"response", r}});
    if (!said().reasoning.empty())
      add_reasoning(text);
    add(text, {{"type", "response.output_item.added"},
               {"output_index", index_},
               {"item", output_item(said(), "in_progress", false)}});
    add(text, placed({{"type", "response.content_part.added"},
                      {"part", part(false)}}));
    if (!said().refusal.empty())
      add(text, placed({{"type", "response.refusal.delta"},
                        {"delta", said().refusal}}));
    return text;
  }

  std::string piece(std::string_view text) override {
    return "event: response.output_text.delta\ndata: "
           R"({"type":"response.output_text.delta","content_index":0,"delta":)" +
           in_quotes(text) + R"(,"item_id":"msg_)" + said().id +
           R"(","logprobs":[],"output_index":)" + std::to_string(index_) +
           R"(,"sequence_number":)" + std::to_string(sequence_++) + "}\n\n";
  }

  std::string close() override {
    const auto status = response_status(said());
    auto done =
      said().refusal.empty()
        ? json{{"type", "response.output_text.done"},
               {"text", said().text},
               {"logprobs", json::array()}}
        : json{{"type", "response.refusal.done"}, {"refusal", said().refusal}};
    std::string text;
    add(text, placed(std::move(done)));
    add(text,
        placed({{"type", "response.content_part.done"}, {"part", part(true)}}));
    add(text, {{"type", "response.output_item.done"},
               {"output_index", index_},
               {"item", output_item(said(), "completed", true)}});
    add(text, {{"type", "response." + status},
               {"response", response_object(said(), status)}});
    return text;
  }

  std::string trouble() override {
    std::string text;
    add(text, {{"type", "error"},
               {"code", "server_error"},
               {"message", "The server had an error."},
               {"param", nullptr}});
    return text;
  }

private:
  /// Appends one event with the next number.
  void add(std::string& to, json payload) {
    payload["sequence_number"] = sequence_++;
    to += typed_event(payload);
  }

  json placed(json payload) const {
    payload["item_id"] = "msg_" + said().id;
    payload["output_index"] = index_;
    payload["content_index"] = 0;
    return payload;
  }

  json part(bool filled) const {
    if (!said().refusal.empty())
      return {{"type", "refusal"}, {"refusal", filled ? said().refusal : ""}};
    return {{"type", "output_text"},
            {"text", filled ? said().text : ""},
            {"annotations", json::array()},
            {"logprobs", json::array()}};
  }

  void add_reasoning(std::string& text) {
    const auto at = index_++;
    json item{{"id", "rs_" + said().id},
              {"type", "reasoning"},
              {"summary", json::array()}};
    add(text, {{"type", "response.output_item.added"},
               {"output_index", at},
               {"item", item}});
    add(text, {{"type", "response.reasoning_summary_text.delta"},
               {"item_id", item["id"]},
               {"output_index", at},
               {"summary_index", 0},
               {"delta", said().reasoning}});
    add(text, {{"type", "response.output_item.done"},
               {"output_index", at},
               {"item", std::move(item)}});
  }

  int index_ = 0;
  std::uint64_t sequence_ = 0;
};

} // namespace

std::unique_ptr<speaker>
make_responses_speaker(std::shared_ptr<const speech> what) {
  return std::make_unique<responses_speaker>(std::move(what));
}

std::string whole_response(const speech& what) {
  return json_text(response_object(what, response_status(what)));
}

} // namespace pj::doubles
