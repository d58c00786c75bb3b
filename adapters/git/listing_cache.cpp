#include "adapters/git/listing_cache.hpp"

namespace pj::git {

namespace {

constexpr std::size_t most_references = 20'000;

} // namespace

listing_cache::listing listing_cache::find(const std::string& url,
                                           const std::string& branch) {
  const std::lock_guard lock(mutex_);
  const auto i = kept_.find(url);
  if (i == kept_.end())
    return nullptr;
  if (i->second.until <= std::chrono::steady_clock::now()) {
    kept_.erase(i);
    return nullptr;
  }
  return i->second.forgotten.contains(branch) ? nullptr : i->second.said;
}

listing_cache::listing listing_cache::keep(const std::string& url,
                                           advertisement said) {
  auto out = std::make_shared<const advertisement>(std::move(said));
  const std::lock_guard lock(mutex_);
  if (out->refs.size() > most_references)
    kept_.erase(url);
  else
    kept_[url] = {out, std::chrono::steady_clock::now() + age_, {}};
  return out;
}

void listing_cache::forget(const std::string& url, const std::string& branch) {
  const std::lock_guard lock(mutex_);
  if (const auto i = kept_.find(url); i != kept_.end())
    i->second.forgotten.insert(branch);
}

} // namespace pj::git
