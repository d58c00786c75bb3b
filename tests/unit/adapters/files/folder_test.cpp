#include "adapters/files/folder.hpp"
#include "adapters/files/write_change.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace pj;
namespace fs = std::filesystem;

namespace {

class scratch {
public:
  scratch() {
    std::string name = (fs::temp_directory_path() / "pj-files-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root = name;
  }
  ~scratch() {
    std::error_code ignored;
    fs::permissions(root / "locked", fs::perms::owner_all, ignored);
    fs::remove_all(root, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  void put(const std::string& path, const std::string& content) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << content;
  }

  std::string get(const std::string& path) const {
    std::ifstream in(root / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// Every file below the root, with no leftovers of the writer.
  std::vector<std::string> all() const {
    std::vector<std::string> out;
    for (const auto& e : fs::recursive_directory_iterator(root))
      if (!e.is_directory() || e.is_symlink())
        out.push_back(e.path().lexically_relative(root).string());
    std::sort(out.begin(), out.end());
    return out;
  }

  fs::path root;
};

file_change modify(const std::string& path, const std::string& content) {
  file_change c;
  c.path = path;
  c.content = content;
  return c;
}

file_change with_kind(file_change c, change_kind kind) {
  c.kind = kind;
  return c;
}

bool is_executable(const fs::path& path) {
  struct stat s {};
  return ::stat(path.c_str(), &s) == 0 && (s.st_mode & 0100) != 0;
}

} // namespace

TEST_CASE("a folder is a sorted tree without .git, links unfollowed",
          "[files]") {
  const scratch dir;
  dir.put("b/x.txt", "x\n");
  dir.put("a.txt", std::string("a\0b", 3));
  dir.put(".git/config", "secret\n");
  dir.put("sub/.git", "gitdir: elsewhere\n");
  fs::create_directory_symlink("/etc", dir.root / "etc");
  fs::permissions(dir.root / "b/x.txt", fs::perms::owner_all);
  const auto tree = open_folder(dir.root);
  REQUIRE(tree);
  std::vector<std::string> paths;
  for (const auto& e : (*tree)->entries())
    paths.push_back(e.path);
  CHECK(paths == std::vector<std::string>{"a.txt", "b/x.txt", "etc"});
  CHECK((*tree)->find("etc")->mode == file_mode::symlink);
  CHECK((*tree)->find("b/x.txt")->mode == file_mode::executable);
  CHECK(*(*tree)->read("a.txt") == std::string("a\0b", 3));
  CHECK(*(*tree)->read("etc") == "/etc");
  CHECK_FALSE((*tree)->read(".git/config"));
  CHECK_FALSE((*tree)->read("etc/passwd"));
}

TEST_CASE("what is no folder, or too many files, is said", "[files]") {
  const scratch dir;
  dir.put("a", "x");
  dir.put("b", "x");
  const auto none = open_folder(dir.root / "none");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == failure_code::configuration);
  CHECK_FALSE(open_folder(dir.root / "a"));
  CHECK_FALSE(open_folder(dir.root, 1));
}

TEST_CASE("a file that was removed since is a failure, not an empty file",
          "[files]") {
  const scratch dir;
  dir.put("a", "x");
  const auto tree = open_folder(dir.root);
  REQUIRE(tree);
  fs::remove(dir.root / "a");
  CHECK_FALSE((*tree)->read("a"));
}

TEST_CASE("a change is written: add, modify, remove, rename", "[files]") {
  const scratch dir;
  dir.put("mod.sh", "old\n");
  dir.put("gone/deep/x", "x\n");
  dir.put("from", "f\n");
  fs::permissions(dir.root / "mod.sh", fs::perms::owner_all);
  auto renamed = with_kind(modify("to/here", "F\n"), change_kind::rename);
  renamed.old_path = "from";
  auto script = modify("mod.sh", "new\n");
  script.mode = file_mode::executable;
  const change_set change{
    {with_kind(modify("gone/deep/x", ""), change_kind::remove), script,
     with_kind(modify("new/y", "y\n"), change_kind::add), renamed},
    {},
    {}};
  REQUIRE(write_change(dir.root, change));
  CHECK(dir.all() == std::vector<std::string>{"mod.sh", "new/y", "to/here"});
  CHECK(dir.get("mod.sh") == "new\n");
  CHECK(dir.get("to/here") == "F\n");
  CHECK(is_executable(dir.root / "mod.sh"));
  CHECK_FALSE(is_executable(dir.root / "new/y"));
  CHECK_FALSE(fs::exists(dir.root / "gone"));
}

TEST_CASE("owner-made permissions stay", "[files]") {
  const scratch dir;
  dir.put("secret", "old\n");
  fs::permissions(dir.root / "secret",
                  fs::perms::owner_read | fs::perms::owner_write);
  REQUIRE(write_change(dir.root, {{modify("secret", "new\n")}, {}, {}}));
  struct stat s {};
  REQUIRE(::stat((dir.root / "secret").c_str(), &s) == 0);
  CHECK((s.st_mode & 0777) == 0600);
}

TEST_CASE("a failure half way leaves the folder as it was", "[files]") {
  const scratch dir;
  dir.put("a", "a\n");
  dir.put("b", "b\n");
  dir.put("z/inner", "z\n");
  const auto before = dir.all();
  // The last file stands where a folder is: the first two are ready by then.
  const auto out = write_change(
    dir.root,
    {{modify("a", "A\n"), with_kind(modify("b", ""), change_kind::remove),
      with_kind(modify("fresh/n", "n\n"), change_kind::add),
      modify("z", "Z\n")},
     {},
     {}});
  REQUIRE_FALSE(out);
  CHECK(out.error().code == failure_code::patch);
  CHECK(out.error().what.find("patch") != std::string::npos);
  CHECK(dir.all() == before);
  CHECK(dir.get("a") == "a\n");
  CHECK(dir.get("b") == "b\n");
  CHECK_FALSE(fs::exists(dir.root / "fresh"));
}

TEST_CASE("a folder that cannot be written leaves the rest as it was",
          "[files]") {
  if (::geteuid() == 0)
    SKIP("root may write everywhere");
  const scratch dir;
  dir.put("a", "a\n");
  dir.put("locked/x", "x\n");
  fs::permissions(dir.root / "locked",
                  fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_FALSE(write_change(
    dir.root, {{modify("a", "A\n"), modify("locked/x", "X\n")}, {}, {}}));
  CHECK(dir.get("a") == "a\n");
}

TEST_CASE("an error on the way to a file is undone like any other", "[files]") {
  const scratch dir;
  // No folder can have such a name, so nobody can even ask for it.
  const auto way = std::string(300, 'x') + "/y/z";
  const auto add = [](const std::string& path) {
    return with_kind(modify(path, "n\n"), change_kind::add);
  };
  const auto out = write_change(dir.root, {{add("fresh/n"), add(way)}, {}, {}});
  REQUIRE_FALSE(out);
  CHECK(out.error().code == failure_code::patch);
  CHECK(out.error().details.empty());
  CHECK(fs::is_empty(dir.root));
  CHECK_FALSE(write_change(
    dir.root, {{with_kind(modify(way, ""), change_kind::remove)}, {}, {}}));
}

TEST_CASE("nothing is written through links", "[files]") {
  const scratch dir;
  const scratch outside;
  outside.put("target", "keep\n");
  fs::create_directory_symlink(outside.root, dir.root / "way");
  fs::create_symlink(outside.root / "target", dir.root / "link");
  for (const std::string path : {"way/target", "link", "way/new"}) {
    CHECK_FALSE(write_change(dir.root, {{modify(path, "bad\n")}, {}, {}}));
    CHECK_FALSE(write_change(
      dir.root, {{with_kind(modify(path, ""), change_kind::remove)}, {}, {}}));
  }
  CHECK(outside.get("target") == "keep\n");
  CHECK(outside.all() == std::vector<std::string>{"target"});
  CHECK(dir.all() == std::vector<std::string>{"link", "way"});
}
