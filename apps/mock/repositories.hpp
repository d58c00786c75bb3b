#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::doubles {

/// The bare repositories below a folder, each as `owner/name.git`.
class repositories {
public:
  explicit repositories(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }

  /// The folder of `owner/name` (with or without `.git`), if it is there.
  std::optional<std::filesystem::path> find(std::string_view name) const;

  /// `owner/name`, sorted.
  std::vector<std::string> all() const;

  /// The commit a branch points at, 40 hex digits; nothing when missing.
  /// Reads one or two small files.
  static std::optional<std::string>
  branch(const std::filesystem::path& repository, const std::string& name);

  /// How many commits `head` has that `base` lacks: 250 at most, 1 when that
  /// cannot be told (`base` is not in this repository). Blocks.
  static std::size_t ahead(const std::filesystem::path& repository,
                           const std::string& base, const std::string& head);

  /// The branch HEAD names.
  static std::string default_branch(const std::filesystem::path& repository);

private:
  std::filesystem::path root_;
};

/// `owner/name` of letters, digits, `-`, `_` and `.`, no dots in front.
bool is_repository_name(std::string_view name);

/// Makes acme/hello (Python), acme/shop (JavaScript) and acme/widgets (50
/// files). Throws `std::runtime_error` without git.
void make_samples(const std::filesystem::path& root);

/// One bare repository with one commit on `main`; no files: empty.
using sample_files = std::vector<std::pair<std::string, std::string>>;
void make_repository(const std::filesystem::path& root, const std::string& name,
                     const sample_files& files);

} // namespace pj::doubles
