// The house as a test: who may include whom, where each library lives, where SQL and raw template
// output may stand, how long things may grow. Debian puts every library in /usr/include, so the
// compiler cannot hold these rules.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace aiguillage {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = AIGUILLAGE_SOURCE_DIR;

const std::map<std::string, std::set<std::string>> kArrows = {
    {"engine", {"engine"}},
    {"storage", {"storage", "engine"}},
    {"forms", {"forms", "engine"}},
    {"workflows", {"workflows", "engine", "storage", "forms"}},
    {"notifications", {"notifications", "engine", "storage", "forms", "workflows"}},
    {"connectors", {"connectors", "engine", "storage", "forms", "workflows"}},
    {"web", {"web", "engine", "storage", "forms", "workflows", "notifications", "connectors"}},
};

// A library, the words that open its headers, and the only rooms that may know it.
struct Library {
  std::string prefix;
  std::set<std::string> rooms;
};
const std::vector<Library> kLibraries = {
    {"soci/", {"storage"}},
    {"sqlite3.h", {"storage"}},
    {"sodium", {"storage"}},
    {"libpq", {"storage"}},
    {"valijson/", {"forms"}},
    {"Poco/SAX", {"workflows"}},
    {"Poco/XML", {"workflows"}},
    {"Poco/DOM", {"workflows"}},
    {"date/", {"workflows"}},
    {"kainjow/", {"notifications"}},
    {"curl/", {"notifications", "connectors"}},
    {"Poco/Net", {"web"}},
    {"Poco/Util", {"web"}},
    {"prometheus/", {"web"}},
    {"magic.h", {"web"}},
    {"xlsxwriter", {"web"}},
    {"CLI/", {"web"}},
};

struct SourceFile {
  std::string room, path;
  std::vector<std::string> lines;
};

std::vector<SourceFile> Sources() {
  std::vector<SourceFile> files;
  for (const auto& [room, arrows] : kArrows) {
    for (const auto& entry : fs::recursive_directory_iterator(kSource / room)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      SourceFile file{room, fs::relative(entry.path(), kSource).string(), {}};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  return files;
}

std::string Place(const SourceFile& file, std::size_t line) {
  return file.path + ":" + std::to_string(line + 1);
}

TEST(HouseRules, RoomsKnowOnlyTheRoomsOfTheirArrows) {
  const std::regex quoted(R"re(^\s*#\s*include\s+"([a-z_]+)/)re");
  int arrows = 0;
  for (const auto& file : Sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, quoted)) continue;
      ++arrows;
      EXPECT_TRUE(kArrows.at(file.room).contains(match[1]))
          << Place(file, i) << ": " << file.room << " may not know " << match[1];
    }
  }
  EXPECT_GT(arrows, 50) << "the test found no include to look at";
}

TEST(HouseRules, LibrariesLiveInTheirRooms) {
  const std::regex angled(R"re(^\s*#\s*include\s+<([^>]+)>)re");
  for (const auto& file : Sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, angled)) continue;
      for (const auto& library : kLibraries) {
        if (match[1].str().rfind(library.prefix, 0) != 0) continue;
        EXPECT_TRUE(library.rooms.contains(file.room))
            << Place(file, i) << ": <" << match[1] << "> does not live in " << file.room;
      }
    }
  }
}

TEST(HouseRules, SociStaysOutOfHeadersThatOtherRoomsRead) {
  const std::set<std::string> own = {"storage/connection.h"};
  for (const auto& file : Sources()) {
    if (!file.path.ends_with(".h") || own.contains(file.path)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_EQ(file.lines[i].find("soci::"), std::string::npos) << Place(file, i);
    }
  }
}

TEST(HouseRules, SqlIsWrittenInStorageOnly) {
  const std::regex sql(
      R"re("\s*(SELECT\s+\w|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE))re",
      std::regex::icase);
  for (const auto& file : Sources()) {
    if (file.room == "storage") continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], sql)) << Place(file, i);
    }
  }
}

TEST(HouseRules, FilesAndHeadersStaySmall) {
  for (const auto& file : Sources()) {
    const std::size_t limit = file.path.ends_with(".h") ? 150 : 400;
    EXPECT_LE(file.lines.size(), limit) << file.path << " asks whether it is two things";
  }
}

TEST(HouseRules, LinesEndAtOneHundredColumns) {
  for (const auto& file : Sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::size_t columns = 0;
      for (const char c : file.lines[i])
        columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      EXPECT_LE(columns, 100U) << Place(file, i);
    }
  }
}

// A function of ours opens at the left margin and closes with a brace alone at the left margin.
TEST(HouseRules, FunctionsFitOneScreen) {
  int functions = 0;
  for (const auto& file : Sources()) {
    if (!file.path.ends_with(".cpp")) continue;
    std::size_t opened = 0;
    bool inside = false;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto& line = file.lines[i];
      const bool opens = !line.empty() && line[0] != ' ' && line[0] != '}' && line[0] != '/' &&
                         line.ends_with("{") && line.find('(') != std::string::npos &&
                         line.rfind("namespace", 0) != 0;
      if (!inside && opens) {
        inside = true;
        opened = i;
      } else if (inside && line == "}") {
        inside = false;
        ++functions;
        EXPECT_LE(i - opened + 1, 70U) << Place(file, opened) << " is longer than a screen";
      }
    }
  }
  EXPECT_GT(functions, 100);
}

TEST(HouseRules, TemplatesNeverPrintRaw) {
  int templates = 0;
  for (const auto* folder : {"web/templates", "workflows/definitions"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
      if (entry.path().extension() != ".mustache") continue;
      ++templates;
      std::ifstream in(entry.path());
      std::stringstream text;
      text << in.rdbuf();
      EXPECT_EQ(text.str().find("{{{"), std::string::npos) << entry.path();
      EXPECT_EQ(text.str().find("{{&"), std::string::npos) << entry.path();
      // Mail readers know no style sheet; on our pages the CSP refuses inline styles.
      if (std::string(folder) != "web/templates") continue;
      EXPECT_EQ(text.str().find("style=\""), std::string::npos)
          << entry.path() << ": inline styles are refused by our own CSP";
    }
  }
  EXPECT_GT(templates, 20);
}

TEST(HouseRules, NothingUnfinishedIsLeftBehind) {
  const std::regex words(
      "\\b(TO"
      "DO|FIX"
      "ME|X"
      "XX|HA"
      "CK)\\b");
  for (const auto& file : Sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], words)) << Place(file, i);
    }
  }
}

}  // namespace
}  // namespace aiguillage
