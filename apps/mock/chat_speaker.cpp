#include "apps/mock/speakers.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

std::string chat_id(const speech& s) {
  return (s.speaks == dialect::openrouter ? "gen-" : "chatcmpl-") + s.id;
}

std::string chat_stop(const speech& s) {
  return s.stop == "refusal" || s.stop == "pause" ? "stop" : s.stop;
}

json chat_usage(const speech& s) {
  json usage{
    {"prompt_tokens", s.input_tokens},
    {"completion_tokens", s.output_tokens},
    {"total_tokens", s.input_tokens + s.output_tokens},
    {"prompt_tokens_details", {{"cached_tokens", 0}, {"audio_tokens", 0}}},
    {"completion_tokens_details",
     {{"reasoning_tokens", s.reasoning.size() / 4},
      {"audio_tokens", 0},
      {"accepted_prediction_tokens", 0},
      {"rejected_prediction_tokens", 0}}}};
  if (s.speaks == dialect::openrouter) {
    usage["cost"] = static_cast<double>(s.input_tokens) * 2e-6 +
                    static_cast<double>(s.output_tokens) * 8e-6;
    usage["is_byok"] = false;
    usage["cost_details"] = {{"upstream_inference_cost", nullptr}};
  }
  return usage;
}

class chat_speaker final : public speaker {
public:
  explicit chat_speaker(std::shared_ptr<const speech> what)
    : speaker(std::move(what)), router_(said().speaks == dialect::openrouter) {
    auto head = chunk();
    head.erase("choices");
    prefix_ = json_text(head);
    prefix_.back() = ',';
    prefix_ += R"("choices":[{"index":0,"delta":{"content":)";
    suffix_ = R"(},"logprobs":null,"finish_reason":null)";
    suffix_ += router_ ? R"(,"native_finish_reason":null}])" : "}]";
    if (!router_ && said().include_usage)
      suffix_ += R"(,"usage":null)";
    if (!router_ && said().obfuscated)
      suffix_ += R"(,"obfuscation":"mOcK")";
    suffix_ += "}\n\n";
  }

  std::string open() override {
    std::string text = router_ ? ": OPENROUTER PROCESSING\n\n" : "";
    if (said().azure)
      text += plain_event(filter_results());
    text += with_delta(
      {{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}});
    if (!said().reasoning.empty())
      text += with_delta(
        {{router_ ? "reasoning" : "reasoning_content", said().reasoning}});
    if (!said().refusal.empty())
      text += with_delta({{"refusal", said().refusal}});
    return text;
  }

  std::string piece(std::string_view text) override {
    return "data: " + prefix_ + in_quotes(text) + suffix_;
  }

  std::string close() override {
    auto last = chunk();
    auto& choice = last["choices"][0];
    choice["delta"] = json::object();
    choice["finish_reason"] = chat_stop(said());
    if (router_) {
      choice["native_finish_reason"] = chat_stop(said());
      choice["delta"] = {{"role", "assistant"}, {"content", ""}};
    } else if (said().include_usage) {
      last["usage"] = nullptr;
    }
    auto text = plain_event(last);
    if (router_ || said().include_usage) {
      auto usage = chunk();
      if (!router_)
        usage["choices"] = json::array();
      usage["usage"] = chat_usage(said());
      text += plain_event(usage);
    }
    return text + "data: [DONE]\n\n";
  }

  std::string trouble() override {
    if (!router_)
      return "data: " +
             model_error(dialect::chat, 500,
                         "The server had an error while processing your "
                         "request. Sorry about that!") +
             "\n\n";
    auto last = chunk();
    last["error"] = {{"code", 502}, {"message", "Provider disconnected"}};
    last["choices"][0]["finish_reason"] = "error";
    last["choices"][0]["native_finish_reason"] = "error";
    return plain_event(last);
  }

private:
  json chunk() const {
    json c{{"id", chat_id(said())},
           {"object", "chat.completion.chunk"},
           {"created", said().created},
           {"model", said().model},
           {"choices",
            json::array({{{"index", 0},
                          {"delta", {{"role", "assistant"}, {"content", ""}}},
                          {"logprobs", nullptr},
                          {"finish_reason", nullptr}}})}};
    if (router_) {
      c["provider"] = "Mock";
      c["choices"][0]["native_finish_reason"] = nullptr;
    } else {
      c["service_tier"] = "default";
      c["system_fingerprint"] = "fp_mock";
    }
    return c;
  }

  /// Azure's first chunk, without an identity and without a choice.
  static json filter_results() {
    const json safe{{"filtered", false}, {"severity", "safe"}};
    return {{"id", ""},
            {"object", ""},
            {"created", 0},
            {"model", ""},
            {"choices", json::array()},
            {"prompt_filter_results", json::array({{{"prompt_index", 0},
                                                    {"content_filter_results",
                                                     {{"hate", safe},
                                                      {"self_harm", safe},
                                                      {"sexual", safe},
                                                      {"violence", safe}}}}})}};
  }

  std::string with_delta(json delta) const {
    auto c = chunk();
    c["choices"][0]["delta"] = std::move(delta);
    if (!router_ && said().include_usage)
      c["usage"] = nullptr;
    return plain_event(c);
  }

  const bool router_;
  std::string prefix_;
  std::string suffix_;
};

} // namespace

std::unique_ptr<speaker> make_chat_speaker(std::shared_ptr<const speech> what) {
  return std::make_unique<chat_speaker>(std::move(what));
}

std::string whole_chat(const speech& s) {
  json message{{"role", "assistant"},
               {"content", s.refusal.empty() ? json(s.text) : json{}},
               {"refusal", s.refusal.empty() ? json{} : json(s.refusal)}};
  json out{{"id", chat_id(s)},
           {"object", "chat.completion"},
           {"created", s.created},
           {"model", s.model},
           {"choices", json::array({{{"index", 0},
                                     {"message", message},
                                     {"logprobs", nullptr},
                                     {"finish_reason", chat_stop(s)}}})},
           {"usage", chat_usage(s)}};
  if (s.speaks == dialect::openrouter) {
    out["provider"] = "Mock";
    out["choices"][0]["native_finish_reason"] = chat_stop(s);
  }
  return json_text(out);
}

} // namespace pj::doubles
