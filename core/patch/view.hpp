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

  bool exists(const std::string& path) const;
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

private:
  struct file {
    std::unique_ptr<document> text; ///< null: untouched or removed
    file_mode mode = file_mode::regular;
    bool exists = false;
    std::string was; ///< the path it was moved from; empty: not moved
  };

  file& at(const std::string& path);
  void stage(const file_change& change);

  const source_tree& tree_;
  std::map<std::string, file> files_;
};

} // namespace pj::patch
