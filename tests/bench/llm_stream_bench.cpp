// What reading a model's stream costs: CPU per event of a bare epoll reader on
// a loopback connection, of the same reader with the decoder behind it, and of
// the official client for Node on the same events. Event by event is how a
// provider sends; in bulk is the worst case for the decoder, because the
// network costs next to nothing then.
#include "core/llm/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace pj;
using namespace pj::llm;

constexpr int rounds = 5;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

int checked(int result, const char* what) {
  if (result < 0)
    throw std::runtime_error(what);
  return result;
}

struct listening {
  int socket = -1;
  int port = 0;
};

/// A socket that listens on a free port of 127.0.0.1.
listening listener_anywhere() {
  const int listener = checked(socket(AF_INET, SOCK_STREAM, 0), "socket");
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  checked(bind(listener, address, size), "bind");
  checked(listen(listener, 1), "listen");
  checked(getsockname(listener, address, &size), "getsockname");
  return {listener, ntohs(at.sin_port)};
}

/// Two ends of a TCP connection over loopback.
std::array<int, 2> connection() {
  const auto [listener, port] = listener_anywhere();
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  const int out = checked(socket(AF_INET, SOCK_STREAM, 0), "socket");
  checked(connect(out, reinterpret_cast<sockaddr*>(&at), sizeof at), "connect");
  const int in = checked(accept(listener, nullptr, nullptr), "accept");
  const int on = 1;
  setsockopt(out, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  close(listener);
  return {out, in};
}

struct sample {
  const char* name;
  endpoint where;
  std::vector<std::string> events;
};

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty())
    bytes.remove_prefix(static_cast<std::size_t>(checked(
      static_cast<int>(write(socket, bytes.data(), bytes.size())), "write")));
}

/// Event by event the next one leaves when the last one was read.
void send(int socket, const sample& what, bool in_bulk,
          const std::atomic<std::size_t>& bytes_read) {
  std::string all;
  std::size_t sent = 0;
  for (const auto& event : what.events) {
    if (in_bulk) {
      all += event;
      continue;
    }
    send_all(socket, event);
    sent += event.size();
    while (bytes_read.load(std::memory_order_acquire) < sent)
      std::this_thread::yield();
  }
  send_all(socket, all);
  close(socket);
}

using sink = std::function<void(std::string_view)>;

/// CPU microseconds per event of the reading thread.
double read_once(const sample& what, bool in_bulk, const sink& take) {
  const auto [out, in] = connection();
  std::atomic<std::size_t> bytes_read{0};
  std::thread writer(
    [&, socket = out] { send(socket, what, in_bulk, bytes_read); });
  const int poll = checked(epoll_create1(0), "epoll");
  epoll_event interest{};
  interest.events = EPOLLIN;
  checked(epoll_ctl(poll, EPOLL_CTL_ADD, in, &interest), "epoll_ctl");
  std::vector<char> buffer(64 * 1024);
  const auto before = cpu_seconds();
  for (;;) {
    epoll_event got{};
    checked(epoll_wait(poll, &got, 1, -1), "epoll_wait");
    const auto n =
      checked(static_cast<int>(read(in, buffer.data(), buffer.size())), "read");
    if (n == 0)
      break;
    take({buffer.data(), static_cast<std::size_t>(n)});
    bytes_read.fetch_add(static_cast<std::size_t>(n),
                         std::memory_order_release);
  }
  const auto used = cpu_seconds() - before;
  writer.join();
  close(poll);
  close(in);
  return used * 1e6 / static_cast<double>(what.events.size());
}

/// The best of some rounds: the others were disturbed.
double measure(const sample& what, bool in_bulk, bool decode) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    auto reader = *make_decoder(what.where, "text/event-stream");
    std::string text;
    const auto decoded = [&](std::string_view bytes) {
      text.clear();
      if (!reader->feed(bytes, text))
        throw std::runtime_error("the decoder refused its own stream");
    };
    const auto ignored = [](std::string_view) {};
    best = std::min(
      best, read_once(what, in_bulk, decode ? sink(decoded) : sink(ignored)));
  }
  return best;
}

sample chat_completions(const char* name, std::size_t count, bool padded) {
  sample out{
    name, {provider_id::openai, wire::chat_completions, "http://h", "k"}, {}};
  for (std::size_t i = 0; i < count; ++i)
    out.events.push_back(
      "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":"
      "\"chat.completion.chunk\",\"created\":1741569952,\"model\":"
      "\"gpt-4o-2024-08-06\",\"service_tier\":\"default\","
      "\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[{\"index\":0,"
      "\"delta\":{\"content\":\" token" +
      std::to_string(i % 97) +
      "\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null" +
      (padded ? ",\"obfuscation\":\"" + std::string(i % 9, 'x') + "\"" : "") +
      "}\n\n");
  return out;
}

sample messages(std::size_t count) {
  sample out{"Anthropic Messages",
             {provider_id::anthropic, wire::messages, "http://h", "k"},
             {}};
  for (std::size_t i = 0; i < count; ++i)
    out.events.push_back("event: content_block_delta\ndata: {\"type\":"
                         "\"content_block_delta\",\"index\":0,\"delta\":"
                         "{\"type\":\"text_delta\",\"text\":\" token" +
                         std::to_string(i % 97) + "\"}}\n\n");
  return out;
}

sample responses(const char* name, std::size_t count, bool padded) {
  sample out{name, {provider_id::openai, wire::responses, "http://h", "k"}, {}};
  for (std::size_t i = 0; i < count; ++i)
    out.events.push_back(
      "event: response.output_text.delta\ndata: {\"type\":"
      "\"response.output_text.delta\",\"sequence_number\":" +
      std::to_string(i) +
      ",\"item_id\":\"msg_67c9fdcf37fc8190ba82116e33fb28c507b8b0ad4e5e\","
      "\"output_index\":0,\"content_index\":0,\"delta\":\" token" +
      std::to_string(i % 97) + "\",\"logprobs\":[]" +
      (padded ? ",\"obfuscation\":\"" + std::string(i % 9, 'x') + "\"" : "") +
      "}\n\n");
  return out;
}

void report(const sample& what, bool in_bulk) {
  const auto bare = measure(what, in_bulk, false);
  const auto whole = measure(what, in_bulk, true);
  std::printf("%-28s %-15s bare %6.3f  decoded %6.3f us/event  x%.2f  "
              "%5.2f M events/s of decoding\n",
              what.name, in_bulk ? "in bulk" : "event by event", bare, whole,
              whole / bare, 1 / std::max(whole - bare, 1e-3));
}

/// Answers every request on the listener with the stream, in bulk, as often as
/// asked.
void serve(int listener, const sample& what, int streams) {
  std::string all = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    "Connection: close\r\n\r\n";
  for (const auto& event : what.events)
    all += event;
  all += "data: [DONE]\n\n";
  for (int i = 0; i < streams; ++i) {
    const int client = checked(accept(listener, nullptr, nullptr), "accept");
    std::array<char, 16 * 1024> request{};
    checked(static_cast<int>(read(client, request.data(), request.size())),
            "read");
    send_all(client, all);
    close(client);
  }
}

/// What the official client for Node needs for the same events; nothing when
/// it is not installed.
std::optional<double> measure_node(const sample& what) {
  constexpr int streams = rounds + 1;
  if (access(PJ_BENCH_NODE, X_OK) != 0)
    return std::nullopt;
  const auto [listener, port] = listener_anywhere();
  std::thread server([&, socket = listener] { serve(socket, what, streams); });
  const auto command =
    std::string(PJ_BENCH_NODE " " PJ_BENCH_CLIENT " http://127.0.0.1:") +
    std::to_string(port) + " " + std::to_string(streams);
  FILE* output = popen(command.c_str(), "r");
  double used = 0;
  const bool read = output && std::fscanf(output, "%lf", &used) == 1;
  if (!output || pclose(output) != 0 || !read)
    throw std::runtime_error("the client for Node failed");
  server.join();
  close(listener);
  return used;
}

void report_node(const sample& what) {
  const auto node = measure_node(what);
  if (!node) {
    std::printf("openai for Node: not installed\n");
    return;
  }
  const auto ours = measure(what, true, true);
  std::printf("%-28s %-15s openai for Node %6.3f  ours, reading and decoding "
              "%6.3f us/event  x%.0f less\n",
              what.name, "in bulk", *node, ours, *node / ours);
}

} // namespace

int main() {
  for (const bool in_bulk : {false, true}) {
    const std::size_t count = in_bulk ? 200'000 : 20'000;
    report(chat_completions("Chat Completions", count, false), in_bulk);
    report(chat_completions("Chat Completions, padded", count, true), in_bulk);
    report(messages(count), in_bulk);
    report(responses("OpenAI Responses", count, false), in_bulk);
    report(responses("OpenAI Responses, padded", count, true), in_bulk);
  }
  report_node(chat_completions("Chat Completions", 20'000, false));
  return EXIT_SUCCESS;
}
