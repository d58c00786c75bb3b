#include "adapters/process/runner.hpp"

#include "adapters/process/sandbox.hpp"
#include "adapters/process/scratch.hpp"
#include "adapters/process/supervised.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace pj {

namespace {

namespace fs = std::filesystem;

failure cannot(std::string what) {
  return {
    failure_class::fail, failure_code::configuration, std::move(what), {}, {}};
}

/// Built from nothing: what the engine has in its own never gets there.
std::vector<std::string> environment_for(const command& what,
                                         const std::string& path,
                                         const std::string& scratch) {
  std::vector<std::pair<std::string, std::string>> all{
    {"PATH", path},
    {"HOME", scratch + "/home"},
    {"LANG", "C.UTF-8"},
    {"TMPDIR", scratch}};
  for (const auto& added : what.environment) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) {
      return one.first == added.first;
    });
    if (at == all.end())
      all.push_back(added);
    else
      at->second = added.second;
  }
  std::vector<std::string> out;
  for (const auto& [name, value] : all)
    out.push_back(name + '=' + value);
  return out;
}

bool has_nul(const command& what) {
  const auto bad = [](const std::string& s) { return s.find('\0') != s.npos; };
  return std::any_of(what.argv.begin(), what.argv.end(), bad) ||
         std::any_of(
           what.environment.begin(), what.environment.end(),
           [&](const auto& one) { return bad(one.first) || bad(one.second); });
}

class runner : public process_runner {
public:
  explicit runner(process_options options)
    : options_(std::move(options)), path_(search_path()),
      sandbox_(options_.allow_sandbox
                 ? std::make_unique<sandbox>(path_, options_.hidden)
                 : nullptr) {
    if (options_.scratch.empty())
      options_.scratch = fs::temp_directory_path();
    why_not_ = sandbox_ ? sandbox_->why_not() : "switched off";
  }

  isolation in_force() const noexcept override {
    return why_not_.empty() ? isolation::bubblewrap : isolation::process_group;
  }

  const std::string& why_not() const noexcept override { return why_not_; }

  bool available(const std::string& program) const override {
    return !find_program(program, path_).empty();
  }

  result<command_result> run(const command& what,
                             std::stop_token stop) override {
    if (what.argv.empty() || has_nul(what))
      return cannot("cannot run a command that is empty or has a NUL in it");
    std::error_code failed;
    const auto folder = fs::canonical(what.folder, failed);
    if (failed || !fs::is_directory(folder, failed))
      return cannot("cannot run " + printable(what.argv[0]) + ": no folder " +
                    printable(what.folder.string()));
    const bool local = what.argv[0].find('/') != std::string::npos;
    const auto program = find_program(
      local ? (folder / what.argv[0]).string() : what.argv[0], path_);
    if (program.empty())
      return cannot(printable(what.argv[0]) +
                    (local ? " is not there, or not a program"
                           : " is not installed: it is not in PATH"));
    const scratch_folder scratch(options_.scratch, "pj-run-");
    if (scratch.path().empty())
      return cannot("cannot make a temporary folder in " +
                    printable(options_.scratch.string()));
    fs::create_directory(scratch.path() / "home", failed);
    return run_supervised(plan(what, program, folder, scratch.path()),
                          std::move(stop));
  }

private:
  supervised_plan plan(const command& what, const std::string& program,
                       const fs::path& folder, const fs::path& scratch) const {
    supervised_plan out;
    out.argv = what.argv;
    out.argv[0] = program;
    out.in_sandbox = what.sandboxed && in_force() == isolation::bubblewrap;
    if (out.in_sandbox)
      out.argv = sandbox_->wrap(out.argv, folder, scratch, what.network);
    out.environment =
      environment_for(what, path_, out.in_sandbox ? "/tmp" : scratch.string());
    out.folder = folder;
    out.input = what.input;
    out.timeout = what.timeout;
    out.grace = options_.grace;
    out.max_output = what.max_output;
    return out;
  }

  process_options options_;
  std::string path_;
  std::unique_ptr<sandbox> sandbox_;
  std::string why_not_;
};

} // namespace

std::string_view to_string(isolation how) noexcept {
  return how == isolation::bubblewrap ? "bubblewrap" : "process group";
}

std::unique_ptr<process_runner> make_process_runner(process_options options) {
  return std::make_unique<runner>(std::move(options));
}

} // namespace pj
