#include "apps/mock/pull_store.hpp"

#include <algorithm>
#include <ctime>
#include <iterator>

namespace pj::doubles {

std::string owner_of(const std::string& repository) {
  return repository.substr(0, repository.find('/'));
}

std::string name_of(const std::string& repository) {
  return repository.substr(repository.find('/') + 1);
}

std::pair<std::string, std::string>
pull_store::head_of(const pull_wish& wish) const {
  const auto colon = wish.head.find(':');
  if (colon == std::string::npos)
    return {wish.repository, wish.head};
  const auto owner = wish.head.substr(0, colon);
  const auto branch = wish.head.substr(colon + 1);
  if (!wish.head_repo.empty())
    return {owner + '/' + wish.head_repo, branch};
  if (owner == owner_of(wish.repository))
    return {wish.repository, branch};
  return {fork_of(wish.repository, owner).value_or(""), branch};
}

std::variant<pull, std::vector<field_error>>
pull_store::open(const pull_wish& wish) {
  const auto [head_repository, head] = head_of(wish);
  const auto base_folder = repositories_.find(wish.repository);
  const auto head_folder = repositories_.find(head_repository);
  std::optional<std::string> base_sha, head_sha;
  if (base_folder)
    base_sha = repositories::branch(*base_folder, wish.base);
  if (head_folder)
    head_sha = repositories::branch(*head_folder, head);
  std::vector<field_error> errors;
  if (!head_sha)
    errors.push_back({"invalid", "head", {}});
  if (!base_sha)
    errors.push_back({"invalid", "base", {}});
  if (!errors.empty())
    return errors;
  const bool same = *base_sha == *head_sha;
  if (same || repositories::ahead(*head_folder, *base_sha, *head_sha) == 0)
    return std::vector<field_error>{
      {"custom", {}, "No commits between " + wish.base + " and " + wish.head}};
  std::lock_guard lock{mutex_};
  std::uint64_t last = 0;
  for (const auto& p : pulls_) {
    if (p.repository != wish.repository)
      continue;
    last = std::max(last, p.number);
    if (p.open && p.head == head && p.head_repository == head_repository &&
        p.base == wish.base)
      return std::vector<field_error>{{"custom",
                                       {},
                                       "A pull request already exists for " +
                                         owner_of(head_repository) + ':' +
                                         head + '.'}};
  }
  pull p;
  p.repository = wish.repository;
  p.number = last + 1;
  p.title = wish.title;
  p.body = wish.body;
  p.head_repository = head_repository;
  p.head = head;
  p.head_sha = *head_sha;
  p.base = wish.base;
  p.base_sha = *base_sha;
  p.draft = wish.draft;
  p.maintainer_can_modify = wish.maintainer_can_modify;
  touch(p);
  pulls_.push_back(p);
  return p;
}

void pull_store::touch(pull& p) {
  p.updated = std::time(nullptr);
  if (p.created == 0)
    p.created = p.updated;
  if (p.open)
    p.closed = 0;
  else if (p.closed == 0)
    p.closed = p.updated;
}

void pull_store::follow(pull& p) const {
  const auto folder = repositories_.find(p.head_repository);
  if (p.open && folder)
    p.head_sha = repositories::branch(*folder, p.head).value_or(p.head_sha);
}

std::vector<pull> pull_store::all() const {
  std::lock_guard lock{mutex_};
  return pulls_;
}

std::vector<pull> pull_store::of(const std::string& repository) const {
  std::vector<pull> list;
  {
    std::lock_guard lock{mutex_};
    std::ranges::copy_if(pulls_, std::back_inserter(list), [&](const pull& p) {
      return p.repository == repository;
    });
  }
  for (auto& p : list)
    follow(p);
  return list;
}

std::vector<pull> pull_store::of_head(const std::string& repository,
                                      const std::string& head) const {
  auto list = all();
  std::erase_if(list, [&](const pull& p) {
    return !p.open || p.head_repository != repository || p.head != head;
  });
  for (auto& p : list)
    follow(p);
  return list;
}

std::optional<pull> pull_store::find(const std::string& repository,
                                     std::uint64_t number) const {
  std::optional<pull> found;
  {
    std::lock_guard lock{mutex_};
    for (const auto& p : pulls_)
      if (p.repository == repository && p.number == number)
        found = p;
  }
  if (found)
    follow(*found);
  return found;
}

void pull_store::add_fork(const std::string& parent, const std::string& fork) {
  std::lock_guard lock{mutex_};
  forks_[parent].push_back(fork);
}

std::optional<std::string> pull_store::fork_of(const std::string& parent,
                                               const std::string& owner) const {
  std::lock_guard lock{mutex_};
  const auto found = forks_.find(parent);
  if (found != forks_.end())
    for (const auto& fork : found->second)
      if (owner_of(fork) == owner)
        return fork;
  return std::nullopt;
}

std::string pull_store::parent_of(const std::string& fork) const {
  std::lock_guard lock{mutex_};
  for (const auto& [parent, forks] : forks_)
    if (std::ranges::find(forks, fork) != forks.end())
      return parent;
  return {};
}

} // namespace pj::doubles
