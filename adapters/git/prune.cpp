#include "adapters/git/prune.hpp"

#include "adapters/git/mirror_users.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace pj {

namespace {

namespace fs = std::filesystem;
using file_time = fs::file_time_type;

constexpr const char* doomed_name = ".gone";

struct mirror {
  fs::path folder;
  file_time used;
  std::uint64_t bytes = 0;
};

std::uint64_t size_of(const fs::path& folder) {
  std::uint64_t out = 0;
  std::error_code ignored;
  for (fs::recursive_directory_iterator i(folder, ignored), end; i != end;
       i.increment(ignored)) {
    std::error_code unknown;
    const auto bytes = fs::file_size(i->path(), unknown);
    out += unknown ? 0 : bytes;
  }
  return out;
}

/// The mirrors, the least recently used first. Whoever opens one sets the time
/// of its HEAD.
std::vector<mirror> mirrors_in_cache(const fs::path& cache) {
  std::vector<mirror> out;
  std::error_code ignored;
  for (fs::directory_iterator i(cache, ignored), end; i != end;
       i.increment(ignored)) {
    std::error_code unknown;
    const auto used = fs::last_write_time(i->path() / "HEAD", unknown);
    if (i->path().extension() == ".git" && !unknown)
      out.push_back({i->path(), used, size_of(i->path())});
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.used < b.used; });
  return out;
}

/// First out of the way in one step, so that a crash leaves no half mirror.
bool take_away(const fs::path& folder) {
  auto doomed = folder;
  doomed += doomed_name;
  std::error_code failed;
  fs::remove_all(doomed, failed);
  if (!failed)
    fs::rename(folder, doomed, failed);
  if (failed)
    return false;
  fs::remove_all(doomed, failed);
  return true;
}

void remove_what_a_crash_left(const fs::path& cache) {
  std::error_code ignored;
  for (fs::directory_iterator i(cache, ignored), end; i != end;
       i.increment(ignored))
    if (i->path().extension() == doomed_name) {
      std::error_code failed;
      fs::remove_all(i->path(), failed);
    }
}

} // namespace

pruned prune_mirrors(const fs::path& cache, const cache_limits& limits) {
  remove_what_a_crash_left(cache);
  const auto all = mirrors_in_cache(cache);
  std::uint64_t total = 0;
  for (const auto& one : all)
    total += one.bytes;
  const auto oldest = file_time::clock::now() - limits.max_age;
  git::mirror_users users(cache);
  pruned out;
  for (const auto& one : all) {
    const bool unwanted = one.used < oldest || total > limits.max_bytes;
    if (!unwanted || !users.claim(one.folder))
      continue;
    if (take_away(one.folder)) {
      total -= one.bytes;
      out.bytes += one.bytes;
      ++out.mirrors;
    }
    users.leave(one.folder);
  }
  return out;
}

} // namespace pj
