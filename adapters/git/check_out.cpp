#include "adapters/git/check_out.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/folder_writer.hpp"

#include <set>

namespace pj::git {

namespace {

/// Paths whose content does not come from the tree.
std::set<std::string_view> overlaid(const change_set& change) {
  std::set<std::string_view> out;
  for (const auto& file : change.files) {
    out.insert(file.path);
    if (file.kind == change_kind::rename)
      out.insert(file.old_path);
  }
  return out;
}

result<done> write_tree(folder_writer& to, const source_tree& tree,
                        const std::set<std::string_view>& without,
                        const std::stop_token& stop) {
  for (const auto& entry : tree.entries()) {
    if (stop.stop_requested())
      return cancelled();
    if (without.contains(entry.path) || entry.mode == file_mode::submodule)
      continue;
    const auto content = tree.read(entry.path);
    if (!content)
      return content.error();
    if (auto ok = to.write(entry.path, entry.mode, *content); !ok)
      return ok;
  }
  return done{};
}

result<done> write_change(folder_writer& to, const change_set& change) {
  for (const auto& file : change.files)
    if (file.kind != change_kind::remove)
      if (auto ok = to.write(file.path, file.mode, file.content); !ok)
        return ok;
  return done{};
}

} // namespace

result<done> check_out(const snapshot& from, const change_set* change,
                       const std::filesystem::path& folder,
                       std::stop_token stop) {
  static const change_set nothing;
  const auto& changed = change ? *change : nothing;
  folder_writer to;
  if (auto ok = to.open(folder); !ok)
    return ok;
  if (auto ok = write_tree(to, *from.tree, overlaid(changed), stop); !ok)
    return ok;
  if (auto ok = write_change(to, changed); !ok)
    return ok;
  return to.finish();
}

} // namespace pj::git
