// What people send: checked, scanned, kept under its hash, given back as an attachment or not at
// all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/hash.h"
#include "tests/web/clamd_stand_in.h"
#include "tests/web/counter.h"
#include "web/held_files.h"
#include "web/uploads.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Kind = ScanVerdict::Kind;

const std::string kPdf = "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n";

struct Desktop {
  explicit Desktop(const VirusScanner* scanner = nullptr) {
    counter.services().scanner = scanner;
    field.name = "note";
    field.widget = "file";
  }

  engine::Outcome<std::string> Send(const std::string& name, const std::string& bytes) {
    const std::string path = folder / "sent";
    std::ofstream(path, std::ios::binary) << bytes;
    Upload upload{"note", name, "text/html", std::make_shared<const std::string>(path),
                  bytes.size()};
    Visit visit{counter.house(), counter.services(), {}, counter.now, "visit"};
    counter.database().Read([&](storage::Session& session) {
      visit.project = storage::FindProject(session, counter.number(1));
      visit.visitor =
          Visitor{*storage::FindPerson(session, counter.PersonId("holder")), {}, "", ""};
    });
    return StoreUpload(visit, field, upload);
  }

  std::vector<storage::File> Files() {
    return counter.database().Read([&](storage::Session& session) {
      return storage::FilesOf(session, storage::FindProject(session, counter.number(1))->id);
    });
  }

  std::vector<storage::Incident> Incidents() {
    return counter.database().Read(
        [](storage::Session& session) { return storage::OpenIncidents(session); });
  }

  Response Download(const std::string& who = "pilot") {
    return counter.Get("/fichiers/" + std::to_string(Files().at(0).id), who);
  }

  Counter counter;
  test::TempDirectory folder;
  forms::Field field;
};

std::string FileOf(const test::TempDirectory& folder, const std::string& bytes) {
  const std::string path = folder / "judged";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace

TEST(Upload, IsRefusedUnlessSizeExtensionAndContentAgree) {
  Desktop desk;
  desk.field.max_mb = 1;
  const auto why = [&](const std::string& name, const std::string& bytes) {
    const auto stored = desk.Send(name, bytes);
    return stored ? std::string() : stored.refusal().sentence;
  };
  EXPECT_THAT(why("vide.pdf", ""), HasSubstr("est vide"));
  EXPECT_THAT(why("gros.pdf", kPdf + std::string(1 << 20, ' ')), HasSubstr("dépasse 1 Mo"));
  EXPECT_THAT(why("page.html", "<script>alert(1)</script>"), HasSubstr("format accepté"));
  EXPECT_THAT(why("page.shtml", kPdf), HasSubstr("format accepté"));
  EXPECT_THAT(why("note.pdf.php", kPdf), HasSubstr("format accepté"));
  EXPECT_THAT(why("sans-extension", kPdf), HasSubstr("format accepté"));
  EXPECT_THAT(why("note.pdf", "<html><script>alert(1)</script></html>"),
              HasSubstr("ne correspond pas à son extension"));
  EXPECT_THAT(why("image.png", kPdf), HasSubstr("ne correspond pas à son extension"));
  EXPECT_THAT(desk.Files(), IsEmpty());
  EXPECT_EQ(why("note.pdf", kPdf), "");
  EXPECT_EQ(why("NOTE.PDF", kPdf), "");
}

// An extension that a form offers and no content fits would refuse every file.
TEST(Upload, FitsSomeContentForEachExtensionThatAFormOffers) {
  const std::string sample =
      std::string("PK\x05\x06", 4) + std::string(18, '\0');  // an empty archive
  Desktop desk;
  for (const char* archive : {"parcours.zip", "module.h5p", "note.docx"}) {
    desk.field.accept = ".zip,.h5p,.docx";
    EXPECT_TRUE(desk.Send(archive, sample)) << archive;
  }
  for (const auto& name : desk.counter.services().catalog.Names()) {
    for (const auto& [id, form] : desk.counter.services().catalog.Newest(name)->forms) {
      for (const auto& field : form.fields) {
        for (const auto& extension : AcceptedExtensions(field)) {
          EXPECT_TRUE(IsKnownExtension(extension)) << name << '/' << id << ": " << extension;
        }
      }
    }
  }
}

TEST(Upload, LiesUnderItsHashAndComesBackAsAnAttachmentThatRunsNothing) {
  Desktop desk;
  const std::string hostile = "../../é\"" + kCanary + ".pdf";
  const auto stored = desk.Send(hostile, kPdf);
  ASSERT_TRUE(stored) << stored.refusal().sentence;
  EXPECT_EQ(stored.value(), storage::Sha256(kPdf));
  const std::string& root = desk.counter.services().options.files_dir;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    names.push_back(entry.path().filename());
  }
  EXPECT_EQ(names, std::vector<std::string>{storage::Sha256(kPdf)});
  const auto page = desk.Download();
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.file, root + "/" + storage::Sha256(kPdf));
  EXPECT_EQ(page.type, "application/octet-stream");
  EXPECT_THAT(*page.FindHeader("Content-Security-Policy"), HasSubstr("sandbox"));
  EXPECT_EQ(*page.FindHeader("X-Content-Type-Options"), "nosniff");
  const std::string disposition = *page.FindHeader("Content-Disposition");
  EXPECT_THAT(disposition,
              ::testing::MatchesRegex(
                  R"(attachment; filename="[^"/\\]*"; filename\*=UTF-8''[A-Za-z0-9.%_~-]*)"));
  EXPECT_EQ(StoredPath(root, "../etc/passwd"), "");
}

TEST(Clamd, IsToldTheBytesAndUnderstood) {
  test::TempDirectory folder;
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += static_cast<char>(i * 7 % 251);
  const std::string path = FileOf(folder, bytes);
  ClamdStandIn peer(ClamdStandIn::kOk);
  const auto clamd = MakeClamd(peer.address(), 2000);
  EXPECT_EQ(clamd->Scan(path).kind, Kind::kClean);
  EXPECT_EQ(peer.received(), bytes);
  peer.Be(ClamdStandIn::kFound);
  const auto infected = clamd->Scan(path);
  EXPECT_EQ(infected.kind, Kind::kInfected);
  EXPECT_EQ(infected.words, "Eicar-Test-Signature");
  peer.Be(ClamdStandIn::kError);
  const auto refused = clamd->Scan(path);
  EXPECT_EQ(refused.kind, Kind::kUnknown);
  EXPECT_THAT(refused.words, HasSubstr("size limit exceeded"));
  EXPECT_EQ(clamd->Scan(folder / "nothing").kind, Kind::kUnknown);
}

TEST(Clamd, IsHeardOverItsUnixSocketToo) {
  test::TempDirectory folder;
  ClamdStandIn peer(ClamdStandIn::kFound, folder / "clamd.ctl");
  EXPECT_EQ(MakeClamd(peer.address(), 2000)->Scan(FileOf(folder, "x")).kind, Kind::kInfected);
}

TEST(Clamd, ThatIsDownSlowOrHalfHeardJudgesNothing) {
  test::TempDirectory folder;
  const std::string path = FileOf(folder, std::string(3'000'000, 'x'));
  std::string gone;
  {
    const ClamdStandIn peer(ClamdStandIn::kOk);
    gone = peer.address();
  }
  EXPECT_EQ(MakeClamd(gone, 500)->Scan(path).kind, Kind::kUnknown);
  for (const auto manner : {ClamdStandIn::kMute, ClamdStandIn::kDripping, ClamdStandIn::kHalf,
                            ClamdStandIn::kHangsUp}) {
    ClamdStandIn peer(manner);
    const auto started = std::chrono::steady_clock::now();
    const auto verdict = MakeClamd(peer.address(), 500)->Scan(path);
    EXPECT_EQ(verdict.kind, Kind::kUnknown) << manner;
    EXPECT_THAT(verdict.words, Not(IsEmpty())) << manner;
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5)) << manner;
  }
}

TEST(Clamd, AddressIsReadAtStart) {
  for (const char* good : {"127.0.0.1:3310", "localhost:3310", "[::1]:3310", "/run/clamd.ctl"}) {
    EXPECT_TRUE(IsClamdAddress(good)) << good;
  }
  for (const char* bad : {"", "/", "3310", ":3310", "hôte", "hôte:", "hôte:0", "hôte:70000", "a:b"})
    EXPECT_FALSE(IsClamdAddress(bad)) << bad;
}

TEST(Upload, ThatIsInfectedIsRefusedInWordsAndToldToThePilot) {
  ClamdStandIn peer(ClamdStandIn::kFound);
  const auto clamd = MakeClamd(peer.address(), 2000);
  Desktop desk(clamd.get());
  const auto stored = desk.Send("note.pdf", kPdf);
  ASSERT_FALSE(stored);
  EXPECT_THAT(stored.refusal().sentence, HasSubstr("logiciel malveillant (Eicar-Test-Signature)"));
  EXPECT_THAT(desk.Files(), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(desk.counter.services().options.files_dir));
  EXPECT_THAT(desk.counter.Get("/pilotage", "pilot").body,
              HasSubstr("L’antivirus a refusé le fichier « note.pdf »"));
}

TEST(Upload, WaitsForAnAntivirusThatIsDownAndIsGivenToNobodyMeanwhile) {
  ClamdStandIn peer(ClamdStandIn::kHalf);
  const auto clamd = MakeClamd(peer.address(), 2000);
  Desktop desk(clamd.get());
  ASSERT_TRUE(desk.Send("note.pdf", kPdf));
  EXPECT_EQ(desk.Files().at(0).scan, storage::kScanWaiting);
  const std::string list = "/projets/" + desk.counter.number(1) + "?onglet=fichiers";
  for (const char* who : {"pilot", "holder"}) {
    const auto page = desk.Download(who);
    EXPECT_EQ(page.status, 423) << who;
    EXPECT_THAT(page.body, HasSubstr("en attente d’analyse")) << who;
    EXPECT_FALSE(page.file) << who;
    EXPECT_THAT(desk.counter.Get(list, who).body, HasSubstr("en attente d’analyse")) << who;
  }
  auto report = ScanHeld(desk.counter.services());
  EXPECT_EQ(report.clean + report.infected, 0);
  EXPECT_THAT(report.trouble, HasSubstr("broke off"));
  peer.Be(ClamdStandIn::kOk);
  EXPECT_EQ(ScanHeld(desk.counter.services()).clean, 1);
  EXPECT_EQ(desk.Download().status, 200);
  EXPECT_THAT(desk.counter.Get(list, "pilot").body, Not(HasSubstr("en attente d’analyse")));
  EXPECT_EQ(ScanHeld(desk.counter.services()).clean, 0) << "once is enough";
}

TEST(Upload, FoundInfectedAfterwardsStaysHeldAndIsToldToThePilot) {
  ClamdStandIn peer(ClamdStandIn::kError);
  const auto clamd = MakeClamd(peer.address(), 2000);
  Desktop desk(clamd.get());
  ASSERT_TRUE(desk.Send("note.pdf", kPdf));
  peer.Be(ClamdStandIn::kFound);
  EXPECT_EQ(ScanHeld(desk.counter.services()).infected, 1);
  EXPECT_EQ(desk.Download().status, 403);
  ASSERT_EQ(desk.Incidents().size(), 1u);
  EXPECT_EQ(desk.Incidents()[0].kind, "virus");
}

TEST(Upload, OfTheSameBytesOnceCleanFreesTheFirst) {
  ClamdStandIn peer(ClamdStandIn::kHalf);
  const auto clamd = MakeClamd(peer.address(), 2000);
  Desktop desk(clamd.get());
  ASSERT_TRUE(desk.Send("note.pdf", kPdf));
  peer.Be(ClamdStandIn::kOk);
  ASSERT_TRUE(desk.Send("note.pdf", kPdf));
  ASSERT_EQ(desk.Files().size(), 1u);
  EXPECT_EQ(desk.Download().status, 200);
}

}  // namespace aiguillage::web
