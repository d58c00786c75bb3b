#pragma once
#include "core/patch/patch.hpp"

#include <map>
#include <string>

namespace pj::test {

using file_map = std::map<std::string, std::string>;

/// A tree whose files are in memory.
class memory_tree final : public source_tree {
public:
  explicit memory_tree(file_map files) : files_(std::move(files)) {
    for (const auto& [path, content] : files_)
      entries_.push_back({path, file_mode::regular, {}, content.size()});
  }

  /// Gives a path another mode; a link's content is its target.
  memory_tree& with_mode(const std::string& path, file_mode mode) {
    for (auto& e : entries_)
      if (e.path == path)
        e.mode = mode;
    return *this;
  }

  const std::vector<tree_entry>& entries() const override { return entries_; }
  const tree_entry* find(std::string_view path) const override {
    return find_entry(entries_, path);
  }
  result<std::string> read(std::string_view path) const override {
    ++reads;
    const auto i = files_.find(std::string(path));
    if (i == files_.end())
      return failure{
        failure_class::fail, failure_code::git, "no such file", {}, {}};
    return i->second;
  }

  mutable int reads = 0;

private:
  file_map files_;
  std::vector<tree_entry> entries_;
};

/// What an answer made of some files.
struct outcome {
  bool applied = false;
  file_map files; ///< after; as before when refused
  patch::plan yes;
  patch::refusal no;

  const std::vector<patch::edit_report>& edits() const {
    return applied ? yes.edits : no.edits;
  }
  int tier() const { return edits().empty() ? -1 : edits().front().tier; }
};

inline void apply_to(file_map& files, const change_set& change) {
  for (const auto& c : change.files) {
    if (c.kind == change_kind::rename)
      files.erase(c.old_path);
    if (c.kind == change_kind::remove)
      files.erase(c.path);
    else
      files[c.path] = c.content;
  }
}

inline outcome run(const file_map& files, std::string_view answer,
                   const patch::options& how = {}) {
  const memory_tree tree(files);
  outcome out;
  out.files = files;
  auto verdict = patch::read_and_plan(answer, tree, how);
  out.applied = std::holds_alternative<patch::plan>(verdict);
  if (out.applied) {
    out.yes = std::get<patch::plan>(std::move(verdict));
    apply_to(out.files, out.yes.change);
  } else {
    out.no = std::get<patch::refusal>(std::move(verdict));
  }
  return out;
}

/// The content of one file after an answer, or why it was refused.
inline std::string after(const std::string& content, std::string_view answer,
                         const std::string& path = "a.txt") {
  auto out = run({{path, content}}, answer);
  return out.applied ? out.files[path] : "REFUSED: " + out.no.reason;
}

} // namespace pj::test
