#include "adapters/http/client.hpp"
#include "adapters/http/llm_client.hpp"
#include "scripted_peer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <sys/socket.h>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;

namespace {

struct asked {
  std::vector<std::string> pieces;
  llm_outcome outcome;
};

llm_call call_to(const scripted_server& server) {
  llm::chat chat;
  chat.model = "m";
  chat.messages = {{llm::role::user, "hello", false}};
  llm_call call;
  call.where = {provider_id::openai, llm::wire::chat_completions,
                server.url("/v1"), "sk-very-secret"};
  call.what = std::make_shared<const llm::chat>(std::move(chat));
  call.model.name = "m";
  return call;
}

asked ask(llm_port& llm, llm_call call) {
  asked seen{{}, {failure{}, {}, 0, {}, false}};
  std::promise<void> over;
  llm.start(std::move(call),
            {[&](std::string_view text) { seen.pieces.emplace_back(text); },
             [&](llm_outcome outcome) {
               seen.outcome = std::move(outcome);
               over.set_value();
             }});
  over.get_future().wait();
  return seen;
}

asked against(scripted_server::script script,
              const std::function<void(llm_call&)>& change = {}) {
  scripted_server server({std::move(script)});
  const auto llm = make_llm_client(make_http_client({}));
  auto call = call_to(server);
  if (change)
    change(call);
  return ask(*llm, std::move(call));
}

std::string chunk(std::string_view text) {
  return R"(data: {"id":"i","model":"m","choices":[{"index":0,"delta":)"
         R"({"content":")" +
         std::string(text) + "\"}}]}\n\n";
}

const std::string head =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
  "x-request-id: req-7\r\n\r\n";
const std::string stop =
  R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
  "\n\n";
const std::string over = "data: [DONE]\n\n";

scripted_server::script answer(std::string bytes) {
  return [bytes](scripted_peer& peer) {
    peer.read_request();
    peer.send(bytes);
  };
}

} // namespace

TEST_CASE("an answer streams and is complete", "[http]") {
  const auto seen = against([](scripted_peer& peer) {
    peer.read_request();
    peer.send(head + chunk("one ") + chunk("two") + stop + over);
    peer.wait_for_end(); // the end marker is enough
  });
  REQUIRE(seen.outcome.answer);
  CHECK(seen.outcome.answer->text == "one two");
  CHECK(seen.outcome.answer->end == llm::finish::complete);
  CHECK(seen.outcome.answer->request_id == "req-7");
  CHECK(seen.outcome.status == 200);
  CHECK(seen.outcome.may_be_paid);
  CHECK(seen.pieces.size() <= 2);
  std::string all;
  for (const auto& piece : seen.pieces)
    all += piece;
  CHECK(all == "one two");
}

TEST_CASE("an answer split at every byte is the same", "[http]") {
  const auto seen = against([](scripted_peer& peer) {
    peer.read_request();
    peer.send(head);
    peer.trickle(chunk("\xc3\xa4 b") + ": ping\r\n\r\n" + stop + over);
  });
  REQUIRE(seen.outcome.answer);
  CHECK(seen.outcome.answer->text == "\xc3\xa4 b");
}

TEST_CASE("a stream that ends early is truncated, one that is cut is lost",
          "[http]") {
  const auto ended = against(answer(head + chunk("half")));
  REQUIRE(ended.outcome.answer);
  CHECK(ended.outcome.answer->end == llm::finish::truncated);
  const auto cut = against([](scripted_peer& peer) {
    peer.read_request();
    peer.send(head + chunk("half"));
    peer.reset();
  });
  REQUIRE_FALSE(cut.outcome.answer);
  CHECK(cut.outcome.answer.error().kind == failure_class::retry);
  CHECK(cut.outcome.answer.error().code == failure_code::network);
}

TEST_CASE("a cut stream may have been paid for", "[http]") {
  const auto cut =
    against(answer("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                   "content-length: 100000\r\n\r\n" +
                   chunk("half")));
  REQUIRE_FALSE(cut.outcome.answer);
  CHECK(cut.outcome.may_be_paid);
  const auto none = against([](scripted_peer& peer) { peer.read_request(); });
  REQUIRE_FALSE(none.outcome.answer);
  CHECK_FALSE(none.outcome.may_be_paid);
  CHECK(none.outcome.status == 0);
}

TEST_CASE("an error response is classified with its body", "[http]") {
  const std::string body =
    R"({"error":{"message":"slow down","type":"rate_limit","code":null}})";
  const auto seen = against(
    answer("HTTP/1.1 429 Too Many\r\nretry-after: 7\r\ncontent-length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body));
  REQUIRE_FALSE(seen.outcome.answer);
  const auto& why = seen.outcome.answer.error();
  CHECK(why.kind == failure_class::retry);
  CHECK(why.code == failure_code::model);
  CHECK(why.retry_after == 7s);
  CHECK(why.what.find("slow down") != std::string::npos);
  CHECK(seen.outcome.body == body);
  CHECK(seen.outcome.status == 429);
  CHECK_FALSE(seen.outcome.may_be_paid);
}

TEST_CASE("an error body without end is cut, one cut short still classified",
          "[http]") {
  const auto endless = against([](scripted_peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 500 Oops\r\n\r\n");
    for (int i = 0; i < 100; ++i)
      peer.send(std::string(4096, 'x'));
    peer.wait_for_end();
  });
  CHECK(endless.outcome.status == 500);
  CHECK(endless.outcome.body.size() == 65536);
  const auto cut = against(
    answer("HTTP/1.1 401 No\r\ncontent-length: 500\r\n\r\n{\"error\":"));
  REQUIRE_FALSE(cut.outcome.answer);
  CHECK(cut.outcome.answer.error().kind == failure_class::fail);
  CHECK(cut.outcome.answer.error().code == failure_code::model);
}

TEST_CASE("a 200 that is no event stream is a failure that may be paid",
          "[http]") {
  const auto seen =
    against(answer("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                   "content-length: 2\r\n\r\n{}"));
  REQUIRE_FALSE(seen.outcome.answer);
  CHECK(seen.outcome.may_be_paid);
}

TEST_CASE("an error that comes with 200 is told as what it is", "[http]") {
  const auto told = [](const std::string& body) {
    const auto seen =
      against(answer("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                     "content-length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body));
    REQUIRE_FALSE(seen.outcome.answer);
    return seen.outcome.answer.error();
  };
  const auto down = told(R"({"error":{"code":502,"message":"it is down"}})");
  CHECK(down.kind == failure_class::retry);
  CHECK(down.what.find("it is down") != std::string::npos);
  const auto broke = told(R"({"error":{"code":402,"message":"no credit"}})");
  CHECK(broke.kind == failure_class::fail);
  CHECK(broke.what.find("billing") != std::string::npos);
  CHECK(broke.hits_all);
}

TEST_CASE("a broken event ends the answer at once", "[http]") {
  const auto seen = against([](scripted_peer& peer) {
    peer.read_request();
    peer.send(head + chunk("a") + "data: {]\n\n");
    peer.wait_for_end();
  });
  REQUIRE_FALSE(seen.outcome.answer);
  CHECK(seen.outcome.may_be_paid);
}

TEST_CASE("an answer larger than allowed is refused", "[http]") {
  const auto seen = against(
    [](scripted_peer& peer) {
      peer.read_request();
      peer.send(head);
      for (int i = 0; i < 20; ++i)
        peer.send(chunk("0123456789"));
      peer.wait_for_end();
    },
    [](llm_call& call) { call.max_answer = 100; });
  REQUIRE_FALSE(seen.outcome.answer);
  CHECK(seen.outcome.answer.error().kind == failure_class::fail);
  CHECK(seen.outcome.answer.error().what.find("larger than 100 bytes") !=
        std::string::npos);
}

TEST_CASE("silence and length of an answer are bounded", "[http]") {
  const auto stall = [](scripted_peer& peer) {
    peer.read_request();
    peer.send(head + chunk("a"));
    peer.wait_for_end();
  };
  const auto idle = against(stall, [](llm_call& call) { call.idle = 50ms; });
  REQUIRE_FALSE(idle.outcome.answer);
  CHECK(idle.outcome.answer.error().kind == failure_class::retry);
  CHECK(idle.outcome.may_be_paid);
  const auto total = against(stall, [](llm_call& call) { call.total = 50ms; });
  REQUIRE_FALSE(total.outcome.answer);
  CHECK(total.outcome.answer.error().what.find("50 ms") != std::string::npos);
}

TEST_CASE("a line that never ends is silence, a comment is none", "[http]") {
  const auto drip = [](std::string_view piece, int most) {
    return [piece, most](scripted_peer& peer) {
      peer.read_request();
      peer.send(head + chunk("a") + "data: ");
      for (int i = 0; i < most; ++i) {
        if (send(peer.fd(), piece.data(), piece.size(), MSG_NOSIGNAL) < 0)
          return;
        std::this_thread::sleep_for(10ms);
      }
      peer.send("\n\n" + chunk("b") + "data: [DONE]\n\n");
    };
  };
  const auto stalled =
    against(drip("x", 10'000), [](llm_call& call) { call.idle = 100ms; });
  REQUIRE_FALSE(stalled.outcome.answer);
  CHECK(stalled.outcome.answer.error().what.find("nothing came for 100 ms") !=
        std::string::npos);

  const auto alive = against(drip("\n: working\n", 60),
                             [](llm_call& call) { call.idle = 500ms; });
  REQUIRE(alive.outcome.answer);
  CHECK(alive.outcome.answer->text == "ab");
}

TEST_CASE("an answer can be cancelled", "[http]") {
  scripted_server server({[](scripted_peer& peer) {
    peer.read_request();
    peer.send(head + chunk("a"));
    peer.wait_for_end();
  }});
  const auto llm = make_llm_client(make_http_client({}));
  std::promise<void> began;
  std::promise<failure> ended;
  const auto op = llm->start(
    call_to(server),
    {[&](std::string_view) { began.set_value(); },
     [&](llm_outcome outcome) { ended.set_value(outcome.answer.error()); }});
  began.get_future().wait();
  llm->cancel(op);
  CHECK(ended.get_future().get().kind == failure_class::cancelled);
}
