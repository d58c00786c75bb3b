#pragma once
#include "apps/mock/mock.hpp"
#include "tests/support/git_server.hpp"
#include "tests/support/program.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pj::test {

/// What the mock checks signatures against.
inline constexpr const char* usual_webhook_secret =
  "whsec_c2lnbmVkLWJ5LXRoZS1waXBlbGluZS10ZXN0cw==";

/// The messages of the events of a task that opens a pull request, in order.
std::vector<std::string> usual_messages();

/// Everything a whole `pj run` needs: doubles of the outside world with the
/// repository acme/hello, a home of its own, and an environment for task `t1`.
/// All of it goes with this.
class world {
public:
  explicit world(mock_options options = {});

  /// Starts `pj run` with `flags`; `environment` is all it gets.
  std::unique_ptr<program> start(std::vector<std::string> flags = {},
                                 std::string_view input = {}) const;
  ending run(std::vector<std::string> flags = {},
             std::string_view input = {}) const;

  /// Runs; checks that one line says all of `words`, with exit 1, and that
  /// nothing was asked of the model.
  ending check_refused(const std::vector<std::string>& words) const;

  /// Runs with `--json`; checks that one object is all of standard output.
  nlohmann::json result(std::vector<std::string> flags = {}) const;

  /// git in the server's bare repository.
  std::string git(std::vector<std::string> arguments) const;

  /// The branches on the server besides `main`.
  std::vector<std::string> branches() const;

  /// What `branch` changes against `main`, as `git diff --name-status` says.
  std::string changed_files(const std::string& branch) const;

  /// The bodies of the events, each once, in the order they first arrived.
  /// Checks that every delivery of an id is the same and is signed.
  std::vector<nlohmann::json> events() const;
  std::vector<std::string> event_messages() const;

  /// Requests to a face (all of them: empty) whose target holds `path`.
  std::size_t requests(const std::string& face,
                       const std::string& path = {}) const;

  /// Waits until a request suffered `fault` on `face`.
  void await_fault(const std::string& face, const std::string& fault) const;

  std::filesystem::path home() const { return scratch_.path() / "home"; }
  std::filesystem::path state() const;
  const std::filesystem::path& folder() const { return scratch_.path(); }

private:
  scratch_folder scratch_;

public:
  mock doubles;
  std::map<std::string, std::string> environment;
};

/// Waits until `so`; throws after half a minute.
void await(const std::string& what, const std::function<bool()>& so);

/// A port of 127.0.0.1 where nobody listens while this process lives.
int closed_port();

/// A port of 127.0.0.1 for a server that is about to be started.
int free_port();

/// The lines that begin with "[pj] error: ", without indented details.
std::vector<std::string> error_lines(const std::string& err);

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace pj::test
