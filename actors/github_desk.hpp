#pragma once
#include "adapters/github/token_source.hpp"
#include "adapters/http/port.hpp"
#include "core/policy/github_pacer.hpp"
#include "core/redactor.hpp"
#include "messages/github.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace pj {

/// What goes out to one GitHub host: every request with a fresh token, writes
/// one after the other at GitHub's pace, only so many reads at a time,
/// redirects followed on the same host. Belongs to one actor and is used only
/// from it.
class github_desk {
public:
  using listener = std::function<void(result<http_response>)>;

  github_desk(github_actor::pointer self, std::shared_ptr<http_port> http,
              std::shared_ptr<token_source> tokens, github_pace pace);

  /// `then` is called once, in the actor, unless the request is dropped.
  /// Writes that go `first` overtake those that wait.
  /// `held` hears when a write waits for the pace.
  std::uint64_t ask(http_request request, listener then, bool first = false,
                    hold_listener held = {});
  void drop(std::uint64_t id);

  void send(const github_token& x);
  void settle(const github_answered& x);
  void wake();

  /// Holds writes back as long as the server asked for.
  void pause(const failure& why);

  /// Limits that were waited for since the last write that went well.
  int limits_in_a_row() const;

  std::chrono::milliseconds forecast(std::size_t writes) const;

  /// GitHub's words without our tokens.
  failure hidden(failure why) const;

private:
  struct exchange {
    http_request request;
    listener then;
    hold_listener held; ///< empty once it goes out
    int redirects = 0;
  };

  void read_next();
  void write_next();
  void is_over(std::uint64_t id);
  void get_token(std::uint64_t id);
  void end(std::uint64_t id, result<http_response> how);

  github_actor::pointer self_;
  std::shared_ptr<http_port> http_;
  std::shared_ptr<token_source> tokens_;
  github_pacer pacer_;
  redactor hide_;
  std::map<std::uint64_t, exchange> exchanges_;
  std::deque<std::uint64_t> reads_;  ///< those that wait for their turn
  std::set<std::uint64_t> reading_;  ///< those under way
  std::deque<std::uint64_t> writes_; ///< those that wait for their turn
  std::uint64_t writing_ = 0;        ///< the one under way; 0: none
  bool waking_ = false;              ///< a `github_wake` is on its way
  int limits_in_a_row_ = 0;
  std::uint64_t last_id_ = 0;
};

} // namespace pj
