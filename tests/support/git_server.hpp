#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace pj::test {

/// A new folder that is removed with everything in it.
class scratch_folder {
public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// Runs a program with `input`, without the configuration of this machine, and
/// gives its standard output; throws with what it said when it fails.
std::string run(const std::vector<std::string>& argv,
                std::string_view input = {});

/// `git -C folder arguments…`
std::string git_in(const std::filesystem::path& folder,
                   std::vector<std::string> arguments);

/// One path of a commit; see `git_server::commit`.
struct repo_file {
  std::string path;
  std::string content;         ///< for mode 160000: a commit id
  std::string mode = "100644"; ///< as git writes it; empty: the path is removed
};

/// A real git server on loopback: lighttpd and `git http-backend`.
class git_server {
public:
  struct options {
    std::string token; ///< password of `x-access-token`; empty: anybody may
    bool tls = false;  ///< `https://localhost` with an authority of its own
  };

  git_server() : git_server(options{}) {}
  explicit git_server(const options& how);
  ~git_server();
  git_server(const git_server&) = delete;
  git_server& operator=(const git_server&) = delete;

  /// The URL of a repository, e.g. of "owner/name".
  std::string url(std::string_view repository) const;
  std::string file_url(std::string_view repository) const;

  /// The bare repository on disk.
  std::filesystem::path folder(std::string_view repository) const;

  /// The authority's certificate, for TLS.
  std::filesystem::path ca_file() const;

  /// Makes an empty repository with default branch `main`.
  void create(std::string_view repository);

  /// Puts a commit on a branch (made when missing); gives its id.
  std::string commit(std::string_view repository, std::string_view branch,
                     const std::vector<repo_file>& files,
                     std::string_view message = "change");

  /// Installs `update` as a shell script.
  void set_update_hook(std::string_view repository, std::string_view script);

  /// The commit a reference is at; empty: it does not exist.
  std::string tip(std::string_view repository, std::string_view branch) const;

  /// Ends the server and gives the requests it had, e.g.
  /// "GET /git/o/r.git/info/refs?service=git-upload-pack 200".
  std::vector<std::string> end();

private:
  void write_configuration(const options& how, int port) const;
  void make_certificates() const;
  void start(int listener);
  void stop();

  scratch_folder home_;
  std::string origin_;
  pid_t server_ = -1;
};

} // namespace pj::test
