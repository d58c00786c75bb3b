#include "adapters/http/resolver.hpp"

#include "adapters/http/network_failure.hpp"

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <system_error>
#include <thread>

namespace pj {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t max_threads = 8;
constexpr std::size_t max_kept = 1024;
constexpr auto kept_for = std::chrono::seconds(10);
constexpr auto grace = std::chrono::milliseconds(200);

std::optional<ip_address> read(const addrinfo& info) {
  ip_address found;
  if (info.ai_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(info.ai_addr);
    std::memcpy(found.bytes.data(), &in->sin_addr, 4);
    return found;
  }
  if (info.ai_family != AF_INET6)
    return std::nullopt;
  const auto* in = reinterpret_cast<const sockaddr_in6*>(info.ai_addr);
  std::memcpy(found.bytes.data(), &in->sin6_addr, 16);
  found.is_v6 = true;
  return found;
}

result<addresses> no_thread() {
  return broken("no thread could be started to look names up");
}

} // namespace

result<addresses> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(
    list, [](addrinfo* x) {
      if (x)
        freeaddrinfo(x);
    });
  if (code != 0)
    return broken("the name " + host + " cannot be resolved (" +
                  gai_strerror(code) + ")");
  addresses found;
  for (const auto* i = list; i; i = i->ai_next)
    if (const auto address = read(*i))
      found.push_back(*address);
  if (found.empty())
    return broken("the name " + host + " has no address");
  return found;
}

/// Shared with the threads, which may outlive the resolver.
struct resolver::state {
  struct entry {
    result<addresses> answer;
    clock::time_point until;
  };

  /// The work of one thread: names until none is left.
  void run() {
    std::unique_lock lock(mutex);
    while (!stopped && !queue.empty()) {
      const auto host = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      const auto answer = ask(host);
      lock.lock();
      const auto waiting = settle(host, answer);
      lock.unlock();
      for (const auto& then : waiting)
        then(answer);
      lock.lock();
    }
    --threads;
    idle.notify_all();
  }

  static bool add_thread(const std::shared_ptr<state>& self) {
    try {
      std::thread([self] { self->run(); }).detach();
      ++self->threads;
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  std::vector<callback> settle(const std::string& host,
                               const result<addresses>& answer) {
    if (kept.size() >= max_kept)
      kept.clear();
    if (answer)
      kept.insert_or_assign(host, entry{answer, clock::now() + kept_for});
    auto waiting = std::move(asked[host]);
    asked.erase(host);
    if (stopped)
      waiting.clear();
    return waiting;
  }

  look_up_function ask;
  std::mutex mutex;
  std::condition_variable idle;
  std::deque<std::string> queue;
  std::map<std::string, std::vector<callback>> asked;
  std::map<std::string, entry> kept;
  std::size_t threads = 0;
  bool stopped = false;
};

resolver::resolver(look_up_function look_up)
  : state_(std::make_shared<state>()) {
  state_->ask = std::move(look_up);
}

resolver::~resolver() {
  std::unique_lock lock(state_->mutex);
  state_->stopped = true;
  state_->asked.clear();
  state_->idle.wait_for(lock, grace, [this] { return state_->threads == 0; });
}

void resolver::resolve(const std::string& host, callback then) {
  std::unique_lock lock(state_->mutex);
  const auto known = state_->kept.find(host);
  if (known != state_->kept.end() && clock::now() < known->second.until) {
    const auto answer = known->second.answer;
    lock.unlock();
    return then(answer);
  }
  auto& waiting = state_->asked[host];
  waiting.push_back(std::move(then));
  if (waiting.size() > 1)
    return;
  state_->queue.push_back(host);
  if (state_->threads == max_threads)
    return;
  if (state_->add_thread(state_) || state_->threads > 0)
    return;
  const auto stranded = state_->settle(host, no_thread());
  state_->queue.clear();
  lock.unlock();
  for (const auto& give_up : stranded)
    give_up(no_thread());
}

} // namespace pj
