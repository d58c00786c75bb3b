#pragma once
#include "core/change.hpp"
#include "core/patch/document.hpp"

#include <map>
#include <memory>
#include <string>

namespace pj::patch {

/// The tree as the edits of one answer see it: what earlier edits did is there.
class view {
public:
  /// `staged` may be null.
  view(const source_tree& tree, const change_set* staged);

  view(const view&) = delete;
  view& operator=(const view&) = delete;

  bool exists(const std::string& path) const;

  /// A file made by the answer stands where `path` needs a folder, or the other
  /// way round.
  bool collides(const std::string& path) const;

  /// A file that is there under the same path but for case or Unicode form;
  /// empty when there is none.
  std::string twin_of(const std::string& path) const;

  /// Files with this base name, at most `max`.
  std::vector<std::string> named(std::string_view base, std::size_t max) const;

  const source_tree& tree() const noexcept { return tree_; }

  /// The text of a file, to read and to edit. Null with a reason when it is
  /// missing, binary or too large. Valid until the path is written otherwise.
  document* open(const std::string& path, std::string& why);

  void write(const std::string& path, std::string content);
  void remove(const std::string& path);
  void move(const std::string& from, const std::string& to);
  void set_mode(const std::string& path, file_mode mode);

  /// Everything that is different from the tree now.
  change_set changes() const;

  struct file {
    std::shared_ptr<document> text; ///< null: untouched or removed
    file_mode mode = file_mode::regular;
    bool exists = false;
    std::string was; ///< the path it was moved from; empty: not moved
    std::shared_ptr<const std::string> before; ///< the tree's bytes, once read
  };
  using state = std::map<std::string, file>;

  /// Lines of all files that are open.
  std::uint64_t open_lines() const noexcept;
  state save() const;
  void restore(state s) { files_ = std::move(s); }

private:
  file& at(const std::string& path);
  void stage(const file_change& change);

  /// The file's bytes in the tree; null with a reason when unreadable.
  const std::string* before(const std::string& path, file& f,
                            std::string& why) const;

  const source_tree& tree_;
  mutable state files_;
};

} // namespace pj::patch
