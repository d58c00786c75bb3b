#pragma once
#include "adapters/git/connection.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace pj::git {

/// What servers said lately that they have, so that the tasks of a batch do not
/// all ask the same. Only for looking: a push brings its lease, and whoever
/// pushes tells. Thread-safe.
class listing_cache {
public:
  using listing = std::shared_ptr<const advertisement>;

  /// `age`: how long an answer counts; zero: it never does.
  explicit listing_cache(std::chrono::milliseconds age) : age_(age) {}

  /// Null: nothing is known of this branch, or it is too old.
  listing find(const std::string& url, const std::string& branch);

  /// Keeps no list of more than 20,000 references.
  listing keep(const std::string& url, advertisement said);

  /// Somebody here pushed it, or tried to.
  void forget(const std::string& url, const std::string& branch);

private:
  struct kept {
    listing said;
    std::chrono::steady_clock::time_point until;
    std::set<std::string> forgotten; ///< branches
  };

  const std::chrono::milliseconds age_;
  std::mutex mutex_;
  std::map<std::string, kept> kept_;
};

} // namespace pj::git
