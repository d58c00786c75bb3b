#include "adapters/work_tree/scratch_work_tree.hpp"

#include "adapters/files.hpp"
#include "adapters/process/scratch.hpp"
#include "core/text.hpp"

#include <system_error>

namespace pj {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_read = 4u << 20;

failure no_folder(const fs::path& where, const std::error_code& why) {
  return {failure_class::fail,
          failure_code::internal,
          "the checks need a folder below " + printable(where.string()) +
            ", which cannot be made (" + why.message() +
            "): free some space or make it writable, or set XDG_STATE_HOME to "
            "a folder that is",
          {},
          {}};
}

class scratch_work_tree final : public work_tree {
public:
  scratch_work_tree(scratch_folder scratch, std::shared_ptr<git_port> git,
                    std::shared_ptr<process_port> process)
    : scratch_(std::move(scratch)), git_(std::move(git)),
      process_(std::move(process)) {}

  result<done> fill(const snapshot& from, const change_set* change,
                    const std::string& kept, std::stop_token stop) override {
    std::error_code failed;
    const auto before = scratch_.path() / ("before-" + std::to_string(fills_));
    if (fills_++ > 0)
      fs::rename(place(), before, failed);
    if (!failed)
      fs::create_directory(place(), failed);
    if (failed)
      return no_folder(scratch_.path(), failed);
    if (auto there = git_->check_out(from, change, place(), std::move(stop));
        !there)
      return there;
    if (!kept.empty() && is_there(before / kept) && !has(kept))
      fs::rename(before / kept, place() / kept, failed);
    return failed ? result<done>(no_folder(scratch_.path(), failed)) : done{};
  }

  bool has(const std::string& path) const override {
    return is_there(place() / path);
  }

  std::string read(const std::string& path) const override {
    auto text = read_whole_file(place() / path, longest_read);
    return text ? *std::move(text) : std::string{};
  }

  bool available(const std::string& program) const override {
    return process_->available(program);
  }

  result<command_result> run(command what, std::stop_token stop) override {
    what.folder = place();
    return process_->run(what, std::move(stop));
  }

private:
  /// Always the same, so that paths in the outputs are the same.
  fs::path place() const { return scratch_.path() / "work"; }

  static bool is_there(const fs::path& path) {
    std::error_code failed;
    return fs::exists(path, failed);
  }

  scratch_folder scratch_;
  std::shared_ptr<git_port> git_;
  std::shared_ptr<process_port> process_;
  int fills_ = 0;
};

class scratch_work_trees final : public work_tree_port {
public:
  scratch_work_trees(std::shared_ptr<git_port> git,
                     std::shared_ptr<process_port> process, fs::path parent)
    : git_(std::move(git)), process_(std::move(process)),
      parent_(std::move(parent)) {}

  result<std::unique_ptr<work_tree>> make() override {
    scratch_folder scratch(parent_, "pj-check-");
    if (scratch.path().empty())
      return no_folder(parent_, scratch.why_not());
    return std::unique_ptr<work_tree>(
      std::make_unique<scratch_work_tree>(std::move(scratch), git_, process_));
  }

private:
  std::shared_ptr<git_port> git_;
  std::shared_ptr<process_port> process_;
  fs::path parent_;
};

} // namespace

std::shared_ptr<work_tree_port>
make_work_trees(std::shared_ptr<git_port> git,
                std::shared_ptr<process_port> process, fs::path parent) {
  return std::make_shared<scratch_work_trees>(
    std::move(git), std::move(process), std::move(parent));
}

} // namespace pj
