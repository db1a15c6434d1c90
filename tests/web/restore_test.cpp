// `aiguillage backup` and `restore`, as the operator runs them: every damage is told in words, and
// a refused copy changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "storage/documents.h"
#include "storage/hash.h"
#include "storage/session.h"
#include "tests/support/desk_world.h"

namespace aiguillage::web {

namespace {

namespace fs = std::filesystem;
using test::DeskWorld;
using ::testing::HasSubstr;

struct Spoken {
  int code = -1;
  std::string words;  // stdout and stderr
};

std::string WholeFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void Overwrite(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A record with three acts and an attached file, a copy of it, and an empty place to restore to.
class Restoring : public testing::Test {
 protected:
  void SetUp() override {
    ONLY_ON_SQLITE("its file is copied; PostgreSQL has a test of its own");
    number_ = world_.Intake("Accueil");
    world_.Do(number_, "olga", "check.accept");
    world_.Do(number_, "lea", "framing.validate");
    fs::create_directories(folder_ / "data/files");
    hash_ = storage::Sha256("octets");
    Overwrite(FilePath(), "octets");
    world_.database().Write([&](storage::Session& session) {
      storage::File file;
      file.project = 1;
      file.hash = hash_;
      file.name = "note.pdf";
      file.type = "application/pdf";
      file.size = 6;
      file.source = "upload";
      storage::InsertFile(session, file);
    });
    Configure("sqlite:" + Place());
    TakeCopy();
  }

  void Configure(const std::string& url) {
    Overwrite(folder_ / "a.conf", "data.dir = " + (folder_ / "data") + "\ndatabase.url = " + url +
                                      "\nworkflows.dir = " AIGUILLAGE_SOURCE_DIR
                                      "/tests/workflows/rails\n");
  }
  void TakeCopy() { world_.database().Backup(Copy()); }

  Spoken Say(const std::string& words) const {
    const std::string command = std::string(AIGUILLAGE_BINARY) + " --config " +
                                (folder_ / "a.conf") + " " + words + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    Spoken spoken;
    std::array<char, 4096> some;
    for (std::size_t size; (size = fread(some.data(), 1, some.size(), pipe)) > 0;) {
      spoken.words.append(some.data(), size);
    }
    spoken.code = WEXITSTATUS(pclose(pipe));
    return spoken;
  }

  // Refused in these words, and nothing stands where the record would.
  void ExpectRefused(const std::string& words, int code = 1) {
    const Spoken spoken = Say("restore " + Copy());
    EXPECT_EQ(spoken.code, code) << spoken.words;
    EXPECT_THAT(spoken.words, HasSubstr(words));
    for (const auto& entry : fs::directory_iterator(folder_ / "data")) {
      EXPECT_EQ(entry.path().filename(), "files");
    }
  }

  std::string Place() const { return folder_ / "data/aiguillage.db"; }
  std::string Copy() const { return folder_ / "copy.db"; }
  std::string FilePath() const { return (folder_ / "data/files/") + hash_; }

  test::TempDirectory folder_;
  DeskWorld world_;
  std::string number_, hash_;
};

TEST_F(Restoring, GivesBackWhatWasCopied) {
  const Spoken spoken = Say("restore " + Copy());
  EXPECT_EQ(spoken.code, 0) << spoken.words;
  EXPECT_THAT(spoken.words, HasSubstr("vérifiée"));
  EXPECT_EQ(fs::status(Place()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(Place() + "-wal"));
  EXPECT_THAT(Say("verify").words, HasSubstr("1 projets, 3 actes, 0 effacés : rien à signaler."));
  EXPECT_THAT(Say("project show " + number_).words, HasSubstr("Accueil"));
}

TEST_F(Restoring, NeverReplacesARecordUnlessTold) {
  EXPECT_EQ(Say("restore " + Copy()).code, 0);
  world_.Do(number_, "olga", "review.assign", {{"reviewers", {DeskWorld::Email("rita")}}});
  TakeCopy();
  const std::string before = WholeFile(Place());
  const Spoken refused = Say("restore " + Copy());
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.words, HasSubstr("Il y a déjà une base"));
  EXPECT_THAT(refused.words, HasSubstr("--replace"));
  EXPECT_EQ(WholeFile(Place()), before);

  const Spoken replaced = Say("restore --replace " + Copy());
  EXPECT_EQ(replaced.code, 0) << replaced.words;
  EXPECT_THAT(Say("verify").words, HasSubstr("1 projets, 4 actes"));
  std::string kept;
  for (const auto& entry : fs::directory_iterator(folder_ / "data")) {
    if (entry.path().string().starts_with(Place() + ".avant-")) kept = entry.path();
  }
  ASSERT_NE(kept, "");
  EXPECT_THAT(replaced.words, HasSubstr(kept));
  Configure("sqlite:" + kept);
  EXPECT_THAT(Say("verify").words, HasSubstr("1 projets, 3 actes, 0 effacés : rien à signaler."));
}

TEST_F(Restoring, RefusesWhileAProcessServesTheRecord) {
  EXPECT_EQ(Say("restore " + Copy()).code, 0);
  const auto served = storage::Database::Open("sqlite:" + Place());
  const Spoken refused = Say("restore --replace " + Copy());
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.words, HasSubstr("arrêter le service"));
  served->Write([](storage::Session&) {});
}

TEST_F(Restoring, ADamagedRecordCanBeReplacedAndIsKept) {
  EXPECT_EQ(Say("restore " + Copy()).code, 0);
  Overwrite(Place(), "plus rien");
  Overwrite(Place() + "-wal", "d’un autre");
  const Spoken replaced = Say("restore --replace " + Copy());
  EXPECT_EQ(replaced.code, 0) << replaced.words;
  EXPECT_THAT(Say("verify").words, HasSubstr("rien à signaler."));
}

TEST_F(Restoring, RefusesATruncatedCopy) {
  fs::resize_file(Copy(), fs::file_size(Copy()) / 2 + 100);
  ExpectRefused("elle est tronquée (");
}

TEST_F(Restoring, RefusesACopyOfFlippedBytes) {
  std::string bytes = WholeFile(Copy());
  const std::size_t page = 4096;
  for (std::size_t at = 5 * page; at + page <= bytes.size(); at += 7 * page) bytes[at] ^= 0x55;
  Overwrite(Copy(), bytes);
  ExpectRefused("est abîmée et n’a pas été reprise : ");
}

TEST_F(Restoring, RefusesATouchedJournal) {
  std::string bytes = WholeFile(Copy());
  const std::string written = "framing.validate";
  std::size_t changed = 0;
  for (std::size_t at = bytes.find(written); at != std::string::npos;
       at = bytes.find(written, at + 1), ++changed) {
    bytes[at] = 'F';  // each place: in the row, its body, its index
  }
  ASSERT_GT(changed, 0U);
  Overwrite(Copy(), bytes);
  ExpectRefused(number_ + " : ");
}

TEST_F(Restoring, RefusesWhenAnAttachedFileIsMissing) {
  fs::remove(FilePath());
  ExpectRefused("fichier 1 : " + FilePath() + " manque");
}

TEST_F(Restoring, RefusesWhenAnAttachedFileHasOtherBytes) {
  Overwrite(FilePath(), "autres");
  ExpectRefused("fichier 1 : son contenu n’est pas celui de son empreinte");
}

TEST_F(Restoring, RefusesWhatIsNoRecord) {
  Overwrite(Copy(), "Bonjour.");
  ExpectRefused("ce n’est pas une base SQLite");
  fs::remove(Copy());
  ExpectRefused("Aucun fichier");
}

TEST_F(Restoring, RefusesARecordOfANewerProgram) {
  storage::Database::Open("sqlite:" + Copy())->Write([](storage::Session& session) {
    session.Execute("insert into schema_version (version, name, applied_at) values (99, 'x', 1)");
  });
  ExpectRefused("vient d’une version plus récente du programme");
}

TEST_F(Restoring, OnPostgresqlNamesTheToolOfTheDatabase) {
  Configure("postgresql://aiguillage@/aiguillage");
  ExpectRefused("pg_restore --exit-on-error --no-owner --dbname=ADRESSE " + Copy());
}

}  // namespace
}  // namespace aiguillage::web
