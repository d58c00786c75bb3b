#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace pj::test {

/// How a program ended and what it wrote.
struct ending {
  int code = -1; ///< 128 + N when signal N ended it
  std::string out;
  std::string err;
};

/// A child process with exactly the environment it is given. What is still
/// running when this goes is killed.
class program {
public:
  program(std::vector<std::string> argv,
          const std::map<std::string, std::string>& environment,
          std::string_view input = {});
  ~program();
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  pid_t pid() const { return pid_; }

  /// Does nothing once it has ended.
  void signal(int number);

  bool running() const;

  /// What it has written to standard error so far.
  std::string err() const;

  /// Throws when it takes longer.
  ending wait(std::chrono::milliseconds longest = std::chrono::seconds{60});

private:
  void reap();

  int out_ = -1;
  int err_ = -1;
  pid_t pid_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  int status_ = 0;
  std::thread waiter_;
};

} // namespace pj::test
