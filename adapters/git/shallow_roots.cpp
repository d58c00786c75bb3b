#include "adapters/git/shallow_roots.hpp"

#include "adapters/git/errors.hpp"

#include <fstream>
#include <set>
#include <string>

namespace pj::git {

namespace fs = std::filesystem;

namespace {

using roots = std::set<std::string>;

constexpr const char* theirs = "shallow";
constexpr const char* ours = "pj-shallow";
constexpr const char* unfinished = "tmp_shallow"; ///< removed after a crash

roots read(const fs::path& file) {
  roots out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    out.insert(line);
  return out;
}

/// Readers see the old file or the new one.
result<done> write(const fs::path& file, const roots& all) {
  const auto fresh = file.parent_path() / unfinished;
  std::ofstream out(fresh, std::ios::trunc);
  for (const auto& one : all)
    out << one << '\n';
  out.close();
  std::error_code error;
  if (out)
    fs::rename(fresh, file, error);
  if (!out || error)
    return cache_failure(file, error ? error.message() : "cannot write it");
  return done{};
}

} // namespace

result<done> keep_shallow_roots(const fs::path& mirror) {
  auto all = read(mirror / theirs);
  auto kept = read(mirror / ours);
  const auto before = all;
  all.insert(kept.begin(), kept.end());
  if (all != kept)
    if (auto ok = write(mirror / ours, all); !ok)
      return ok;
  return all == before ? result<done>(done{}) : write(mirror / theirs, all);
}

} // namespace pj::git
