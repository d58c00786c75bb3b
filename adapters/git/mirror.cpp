#include "adapters/git/mirror.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/lock_table.hpp"
#include "adapters/git/mirror_users.hpp"
#include "adapters/git/shallow_roots.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <fstream>

namespace pj::git {

namespace fs = std::filesystem;

namespace {

constexpr const char* mark_name = "pj-writing";
constexpr std::size_t readable_part = 48;
constexpr std::size_t hash_part = 20; ///< hex digits: no two URLs meet

bool fits_in_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// "owner-name" of a URL, for people who look into the cache.
std::string readable(std::string_view url) {
  if (url.ends_with(".git"))
    url.remove_suffix(4);
  const auto name = url.find_last_of("/:");
  const auto owner =
    name == url.npos || name == 0 ? url.npos : url.find_last_of("/:", name - 1);
  std::string out(url.substr(owner == url.npos ? 0 : owner + 1));
  if (out.size() > readable_part)
    out.erase(0, out.size() - readable_part);
  std::replace_if(
    out.begin(), out.end(), [](char c) { return !fits_in_a_name(c); }, '-');
  return out;
}

std::string hash(std::string_view text) {
  git_oid id;
  git_odb_hash(&id, text.data(), text.size(), GIT_OBJECT_BLOB);
  return hex(id).substr(0, hash_part);
}

/// What a killed libgit2 leaves: lock files, and packs it was still writing.
bool is_leftover(const fs::path& file) {
  const auto name = file.filename().string();
  return name.ends_with(".lock") || name.starts_with("pack_") ||
         name.starts_with("tmp_");
}

void remove_leftovers(const fs::path& mirror) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::recursive_directory_iterator i(mirror, ignored), end; i != end;
       i.increment(ignored))
    if (i->is_regular_file(ignored) && is_leftover(i->path()))
      found.push_back(i->path());
  for (const auto& file : found)
    fs::remove(file, ignored);
}

result<done> remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error)
    return cache_failure(folder, error.message());
  return done{};
}

/// Other processes only ever see a whole mirror.
result<done> create(const fs::path& mirror) {
  auto fresh = mirror;
  fresh += ".new";
  std::error_code error;
  if (auto ok = remove_folder(fresh); !ok)
    return ok;
  if (auto ok = remove_folder(mirror); !ok)
    return ok;
  if (auto ok = make_bare(fresh); !ok)
    return ok;
  fs::rename(fresh, mirror, error);
  if (error)
    return cache_failure(mirror, error.message());
  return done{};
}

} // namespace

mirror_lock::mirror_lock(lock_table& table, std::string name, int fd) noexcept
  : table_(&table), name_(std::move(name)), fd_(fd) {}

mirror_lock::mirror_lock(mirror_lock&& other) noexcept
  : table_(other.table_), name_(std::move(other.name_)),
    fd_(std::exchange(other.fd_, -1)) {}

mirror_lock::~mirror_lock() {
  if (fd_ >= 0)
    table_->give_back(name_, fd_);
}

mirrors::mirrors(fs::path cache)
  : cache_(std::move(cache)), table_(std::make_unique<lock_table>()),
    users_(std::make_unique<mirror_users>(cache_)) {}

mirrors::~mirrors() = default;

fs::path mirrors::folder(const std::string& url) const {
  std::string_view key = url;
  while (key.ends_with('/'))
    key.remove_suffix(1);
  return cache_ / (readable(key) + "-" + hash(key) + ".git");
}

result<done> mirrors::make_cache() const {
  std::error_code error;
  if (fs::create_directories(cache_, error))
    fs::permissions(cache_, fs::perms::owner_all, error);
  if (error)
    return cache_failure(cache_, error.message());
  return done{};
}

result<mirror_lock> mirrors::lock(const fs::path& mirror,
                                  std::stop_token stop) {
  if (auto ok = make_cache(); !ok)
    return ok.error();
  auto file = mirror;
  file += ".lock";
  auto fd = table_->take(file, std::move(stop));
  if (!fd)
    return fd.error();
  return mirror_lock(*table_, file, *fd);
}

result<open_mirror> mirrors::open(const fs::path& mirror,
                                  std::stop_token stop) {
  if (auto ok = make_cache(); !ok)
    return ok.error();
  if (auto ok = users_->join(mirror, stop); !ok)
    return ok.error();
  auto out = open_or_mend(mirror, std::move(stop));
  std::error_code ignored;
  if (out)
    fs::last_write_time(mirror / "HEAD", fs::file_time_type::clock::now(),
                        ignored);
  return out;
}

result<open_mirror> mirrors::open_or_mend(const fs::path& mirror,
                                          std::stop_token stop) {
  std::error_code ignored;
  if (!fs::exists(mirror / mark_name, ignored))
    if (auto repository = open_bare(mirror))
      return open_mirror{mirror, std::move(repository)};
  const auto held = lock(mirror, std::move(stop));
  if (!held)
    return held.error();
  if (fs::exists(mirror / mark_name, ignored)) {
    remove_leftovers(mirror);
    if (auto ok = keep_shallow_roots(mirror); !ok)
      return ok.error();
    fs::remove(mirror / mark_name, ignored);
  }
  auto repository = open_bare(mirror);
  if (!repository) {
    if (auto ok = create(mirror); !ok)
      return ok.error();
    repository = open_bare(mirror);
  }
  if (!repository)
    return local_failure("cannot open the mirror " + mirror.string());
  return open_mirror{mirror, std::move(repository)};
}

result<done> mirrors::discard(const fs::path& mirror, std::stop_token stop) {
  const auto held = lock(mirror, std::move(stop));
  if (!held)
    return held.error();
  return remove_folder(mirror);
}

writing_mark::writing_mark(const fs::path& mirror, const mirror_lock&)
  : file_(mirror / mark_name) {
  std::ofstream{file_};
}

writing_mark::~writing_mark() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

result<done> make_bare(const fs::path& folder) {
  auto how = defaults(git_repository_init_options_init,
                      GIT_REPOSITORY_INIT_OPTIONS_VERSION);
  how.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
  how.initial_head = "main";
  if (!make<repository_ptr>(git_repository_init_ext, folder.c_str(), &how))
    return local_failure("cannot make a mirror in " + folder.string());
  return done{};
}

repository_ptr open_bare(const fs::path& folder) {
  // `git_repository_open_bare` would not see that a repository is shallow.
  return make<repository_ptr>(
    git_repository_open_ext, folder.c_str(),
    unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE},
    nullptr);
}

} // namespace pj::git
