// Whole tasks against OpenSSH's server, with its own tools for keys and agent.
// Skipped where there is no sshd: scripts/bootstrap does not install one, which
// would listen on the machine from then on.
#include "tests/pipeline/world.hpp"
#include "tests/support/git_server.hpp"
#include "tests/support/program.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

using namespace pj;
using namespace pj::test;
namespace fs = std::filesystem;

namespace {

const fs::path sshd = "/usr/sbin/sshd";

/// Where sshd, run by root, wants to be confined; Debian makes it when the
/// service starts. Gone afterwards when it was not there before; tests that
/// run side by side wait for each other.
class confinement {
public:
  confinement() {
    if (::geteuid() != 0)
      return;
    lock_ = ::open("/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::flock(lock_, LOCK_EX);
    made_ = fs::create_directory("/run/sshd");
  }
  ~confinement() {
    std::error_code ignored;
    if (made_)
      fs::remove("/run/sshd", ignored);
    if (lock_ >= 0)
      ::close(lock_);
  }
  confinement(const confinement&) = delete;
  confinement& operator=(const confinement&) = delete;

private:
  int lock_ = -1;
  bool made_ = false;
};

void make_key(const fs::path& file) {
  run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.string()});
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// OpenSSH's server on loopback that lets the user of this test in with one
/// key, and a task that works on a repository behind it.
class ssh_world {
public:
  ssh_world() : port_(std::to_string(free_port())) {
    make_key(at("host_key"));
    make_key(key());
    start_server();
    const auto repository = at("hello.git");
    run({"git", "init", "-q", "--bare", "-b", "main", repository.string()});
    const auto tree =
      run({"git", "-C", repository.string(), "mktree"},
          "100644 blob " + blob_in(repository) + "\tREADME.md\n");
    const auto commit =
      git_in(repository, {"commit-tree", "-m", "begin", tree.substr(0, 40)});
    git_in(repository, {"update-ref", "refs/heads/main", commit});
    task.environment["TARGET_REPO"] =
      "ssh://" + user() + "@127.0.0.1:" + port_ + repository.string();
    task.environment["SKIP_PR_CREATION"] = "true";
    fs::create_directories(home_of_keys());
  }

  fs::path key() const { return at("key"); }

  /// As `ssh-keygen -R` and a first connection by hand would leave it.
  void know_host() const {
    std::ofstream(home_of_keys() / "known_hosts")
      << "[127.0.0.1]:" << port_ << ' ' << content_of(at("host_key.pub"));
  }

  void hold_key() const { fs::copy(key(), home_of_keys() / "id_ed25519"); }

  fs::path home_of_keys() const { return task.home() / ".ssh"; }
  fs::path at(const char* name) const { return home_.path() / name; }

  void check_pushed() const {
    const auto x = task.run();
    INFO(x.err);
    CHECK(x.code == 0);
    CHECK(git_in(at("hello.git"), {"diff", "--name-status", "main..pj/t1"}) ==
          "M\tREADME.md");
  }

private:
  static std::string user() {
    const auto* who = ::getpwuid(::geteuid());
    return who ? who->pw_name : "root";
  }

  static std::string blob_in(const fs::path& repository) {
    return run(
             {"git", "-C", repository.string(), "hash-object", "-w", "--stdin"},
             "# Hello\n")
      .substr(0, 40);
  }

  void start_server() {
    fs::copy(at("key.pub"), at("authorized"));
    std::ofstream(at("conf"))
      << "ListenAddress 127.0.0.1\nPort " << port_ << "\nHostKey "
      << at("host_key").string() << "\nAuthorizedKeysFile "
      << at("authorized").string()
      << "\nStrictModes no\nUsePAM no\nPidFile none\n"
         "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
         "PermitRootLogin prohibit-password\n";
    server_ = std::make_unique<program>(
      std::vector<std::string>{sshd.string(), "-D", "-e", "-f",
                               at("conf").string()},
      std::map<std::string, std::string>{{"PATH", "/usr/bin:/bin"}});
    await("sshd", [this] { return has(server_->err(), "listening on"); });
  }

  confinement confined_;
  scratch_folder home_;
  std::string port_;
  std::unique_ptr<program> server_;

public:
  world task;
};

bool has_server() {
  return fs::exists(sshd);
}

} // namespace

TEST_CASE("ssh: a key in ~/.ssh, and a known host") {
  if (!has_server())
    SKIP("there is no sshd");
  ssh_world w;
  w.know_host();
  w.hold_key();
  w.check_pushed();
}

TEST_CASE("ssh: a key that only the agent has") {
  if (!has_server())
    SKIP("there is no sshd");
  ssh_world w;
  w.know_host();
  const auto socket = w.at("agent").string();
  const program agent({"/usr/bin/ssh-agent", "-D", "-a", socket},
                      {{"PATH", "/usr/bin:/bin"}});
  await("ssh-agent", [&] { return fs::exists(socket); });
  run({"env", "SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", w.key().string()});
  w.task.environment["SSH_AUTH_SOCK"] = socket;
  w.check_pushed();
}

TEST_CASE("ssh: a host that nobody has met, and one with another key") {
  if (!has_server())
    SKIP("there is no sshd");
  ssh_world w;
  w.hold_key();
  w.task.check_refused({"host key", "known_hosts"});
  make_key(w.at("other"));
  fs::copy(w.at("other.pub"), w.at("host_key.pub"),
           fs::copy_options::overwrite_existing);
  w.know_host();
  w.task.check_refused({"host key", "known_hosts"});
}

TEST_CASE("ssh: no key, and one that the server does not take") {
  if (!has_server())
    SKIP("there is no sshd");
  ssh_world w;
  w.know_host();
  w.task.check_refused({"key", "ssh-agent"});
  make_key(w.home_of_keys() / "id_ed25519");
  w.task.check_refused({"refused", "key", "ssh-agent"});
}
