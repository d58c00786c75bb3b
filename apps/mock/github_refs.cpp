#include "apps/mock/github_refs.hpp"

#include "apps/mock/child.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

/// The branch a path ends in; empty: it names none. Slashes may be encoded.
std::string branch_in(const github_visit& v) {
  std::string name;
  for (std::size_t i = 5; i < v.path.size(); ++i)
    name += (name.empty() ? "" : "/") + v.path[i];
  const std::string before = "heads/";
  return name.starts_with(before) ? name.substr(before.size()) : std::string{};
}

} // namespace

bool github_refs::route(const github_visit& v) {
  if (v.path.size() < 6 || v.path[3] != "git")
    return false;
  const auto branch = branch_in(v);
  if (v.path[4] == "ref" && v.method() == "GET")
    show(v, branch);
  else if (v.path[4] == "refs" && v.method() == "DELETE")
    remove(v, branch);
  else
    return false;
  return true;
}

void github_refs::show(const github_visit& v, const std::string& branch) {
  const auto folder = *pulls_->repos().find(v.repository());
  const auto sha = repositories::branch(folder, branch);
  if (!sha)
    throw github_refusal{404, "Not Found", {}};
  const auto url = v.base_url + "/repos/" + v.repository() + "/git/";
  v.answer(200, json{{"ref", "refs/heads/" + branch},
                     {"node_id", "REF_" + branch},
                     {"url", url + "refs/heads/" + branch},
                     {"object",
                      {{"type", "commit"},
                       {"sha", *sha},
                       {"url", url + "commits/" + *sha}}}});
}

/// Open pull requests of the branch are closed with it.
void github_refs::remove(const github_visit& v, const std::string& branch) {
  const auto folder = *pulls_->repos().find(v.repository());
  if (!repositories::branch(folder, branch))
    throw github_refusal{422, "Reference does not exist", {}};
  if (branch == repositories::default_branch(folder))
    throw github_refusal{422, "Cannot delete the default branch", {}};
  const auto followed = pulls_->of_head(v.repository(), branch);
  tools_.workers->post([this, v, folder, branch, followed] {
    bool ok = true;
    output_of({"git", "-c", "safe.directory=*", "-C", folder.string(),
               "update-ref", "-d", "refs/heads/" + branch},
              ok);
    if (!ok)
      return v.answer(409, github_error(409, "Conflict"));
    for (const auto& p : followed)
      pulls_->change(p.repository, p.number, [&](pull& one) {
        one.head_sha = p.head_sha;
        one.open = false;
      });
    v.what.answer->reply(204, v.headers, {});
  });
}

} // namespace pj::doubles
